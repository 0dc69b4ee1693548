import ndarray, { type NdArray } from "ndarray";
import type { Device } from "../device/index.ts";
import { DTypeError } from "../errors.ts";
import { sizeOf } from "./shape.ts";
import { type Tensor, tensor } from "./tensor.ts";

/** A float tensor from an ndarray of any strides (views, transposed ones): numbers are copied in row-major order. */
export function fromNdarray(device: Device, array: NdArray): Tensor {
  const kind: string = array.dtype;
  if (kind === "generic" || kind === "array" || kind.startsWith("big"))
    throw new DTypeError(`fromNdarray: the array is ${kind}; give one on a typed array of numbers`);
  const data = new Float32Array(sizeOf(array.shape));
  const index = array.shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = Number(array.get(...index));
    for (let d = index.length - 1; d >= 0 && ++index[d] === array.shape[d]; d--) index[d] = 0;
  }
  return tensor(device, data, array.shape);
}

/** The numbers of a float tensor as an ndarray of its shape; waits for them. */
export const toNdarray = async (t: Tensor): Promise<NdArray<Float32Array>> => ndarray(await t.data(), [...t.shape]);
