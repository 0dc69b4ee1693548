export { floatFromHalf } from "../../half.ts";
export {
  type SafetensorsArray,
  type SafetensorsDType,
  type SafetensorsTensor,
  toFloat32,
} from "./dtype.ts";
export { readSafetensors, type Safetensors } from "./read.ts";
export { writeSafetensors } from "./write.ts";
