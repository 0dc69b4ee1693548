import type { Constants } from "../../../kernels/elementwise/map.ts";
import { mapBroadcast } from "../../../kernels/layout/broadcast.ts";
import { deferred } from "../../deferred.ts";
import { type Shape, sizeOf, stridesOf } from "../../shape.ts";
import type { DType } from "../../storage.ts";
import { empty, type Tensor } from "../../tensor.ts";

/** What ops and their gradients compute elementwise with: new tensors from a WGSL expression, outside the tape. */

const none: Constants = [0, 0];

/** expression(a) or expression(a, b) as a new tensor of the same shape, which waits until it is asked for. @internal */
export const mapNew = (
  expression: string,
  a: Tensor,
  b?: Tensor,
  constants: Constants = none,
  dtype: DType = a.dtype,
): Tensor => deferred(expression, b ? [a, b] : [a], a.shape, constants, dtype);

/** Strides of a shape seen as the broadcast `out`: 0 along repeated dimensions. */
const broadcastStrides = (shape: Shape, out: Shape): number[] => {
  const own = stridesOf(shape);
  const lead = out.length - shape.length;
  return out.map((_, d) => (d < lead || shape[d - lead] === 1 ? 0 : own[d - lead]));
};

/** y = expression of up to three operands, broadcast to y's shape. */
function broadcastInto(
  y: Tensor,
  expression: string,
  operands: readonly Tensor[],
  constants: Constants,
  integers: boolean,
): Tensor {
  const list = [0, 1, 2].map((i) => operands[Math.min(i, operands.length - 1)]);
  const [a, b, c] = list.map((t) => ({ binding: t.binding(), strides: broadcastStrides(t.shape, y.shape) }));
  mapBroadcast(y.device, expression, [a, b, c], y.binding(), y.shape, constants, integers);
  return y;
}

/** The same of integers and conditions as bits (wgsl/elementwise/map_integers.wgsl). @internal */
export const mapIntegersNew = (
  expression: string,
  operands: readonly Tensor[],
  out: Shape,
  dtype: DType,
  constants: Constants = none,
): Tensor => {
  const y = empty(operands[0].device, out, dtype, "elementwise result");
  return broadcastInto(y, expression, operands, constants, true);
};

/** A new tensor of shape `out`: expression over up to three operands called a, b and c. @internal */
export const mapBroadcastNew = (
  expression: string,
  operands: readonly Tensor[],
  out: Shape,
  constants: Constants = none,
  dtype: DType = operands[0].dtype,
): Tensor => {
  const size = sizeOf(out);
  if (operands.every((t) => t.size === size || t.size === 1))
    return deferred(expression, operands, out, constants, dtype);
  const y = empty(operands[0].device, out, dtype, "elementwise result");
  return broadcastInto(y, expression, operands, constants, false);
};
