import type { Device } from "../../../device/index.ts";
import type { Rng } from "../../rng.ts";
import { checkShape, type Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** Independent numbers of `rng`, uniform in [0, 1), as f32. There is no global stream: the same stream gives the same numbers. */
export const rand = (device: Device, shape: Shape, rng: Rng): Tensor => {
  checkShape(shape, "rand");
  return rng.uniform(device, shape);
};

/** Independent normal numbers of `rng`, of mean 0 and deviation 1, as f32. */
export const randn = (device: Device, shape: Shape, rng: Rng): Tensor => {
  checkShape(shape, "randn");
  return rng.normal(device, shape);
};
