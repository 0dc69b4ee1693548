import type { Device } from "../../../device/index.ts";
import type { Shape } from "../../shape.ts";
import type { DType } from "../../storage.ts";
import { full, Tensor, zeros } from "../../tensor.ts";

/** All ones. */
export const ones = (device: Device, shape: Shape, dtype: DType = "f32"): Tensor => full(device, shape, 1, dtype);

const like =
  (make: typeof zeros) =>
  (x: Tensor, dtype: DType = x.dtype): Tensor =>
    x.isMeta ? Tensor.meta(x.shape, dtype) : make(x.device, x.shape, dtype);

/** Zeros on x's device, of its shape and, unless another is named, its dtype; without history. */
export const zerosLike = like(zeros);
/** Ones on x's device, of its shape and, unless another is named, its dtype; without history. */
export const onesLike = like(ones);
