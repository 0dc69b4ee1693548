import { DTypeError } from "../../../errors.ts";
import { castKernel } from "../../../kernels/elementwise/cast.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import type { DType } from "../../storage.ts";
import type { Tensor } from "../../tensor.ts";

/** One op for each dtype of the result: the dtype of a shape-only result comes from the op. */
const castOp = (to: DType): Op<undefined> => ({
  name: "cast",
  takes: "own",
  dtype: to,
  shape: ([x]) => x,
  forward(ctx, [x]) {
    const y = ctx.empty();
    castKernel(ctx.device, { from: x.dtype, to }, { x: x.binding("x"), y: y.binding() }, x.size);
    return y;
  },
});
const ops = { f32: castOp("f32"), f16: castOp("f16"), i32: castOp("i32"), u32: castOp("u32") };

/**
 * The numbers of x in another dtype; x itself where it has that dtype. f32 becomes an integer towards zero; NaN and what does
 * not fit become -2147483648 (i32) or 4294967295 (u32), so that no such number passes for an index. A number becomes the
 * nearest f16, of two equally near the even one, beyond 65504 infinity (65520 is the first that does); f16 becomes f32
 * exactly. No gradient. Throws GradError where a tensor that wants one is to become f16, outside noGrad().
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (!Object.hasOwn(ops, dtype))
    throw new DTypeError(`cast: dtype is ${JSON.stringify(dtype)}; use "f32", "f16", "i32" or "u32"`);
  return x.dtype === dtype ? x : apply(ops[dtype], [x], undefined);
}

/** Runs an op that is made of several in float32, and rounds its result once to the inputs' float16. @internal */
export const inFloat32 = (inputs: readonly Tensor[], f: (wide: Tensor[]) => Tensor): Tensor =>
  tidy(() => cast(f(inputs.map((t) => cast(t, "f32"))), "f16"));
