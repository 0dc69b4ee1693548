import { ShapeError } from "../../errors.ts";
import { type Shape, show } from "../shape.ts";

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];
/** One number for all sides, [vertical, horizontal], or [top, bottom, left, right]. */
export type Padding = Pair | readonly [number, number, number, number];

export const pair = (v: Pair): readonly [number, number] => (typeof v === "number" ? [v, v] : v);

export const fourSides = (v: Padding): readonly [number, number, number, number] =>
  typeof v === "number" ? [v, v, v, v] : v.length === 2 ? [v[0], v[0], v[1], v[1]] : v;

export interface WindowAttrs {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
}

/** Throws ShapeError unless the shape is [N, C, H, W]. */
export const checkImage = (op: string, x: Shape): void => {
  if (x.length !== 4) throw new ShapeError(`${op}: x is ${show(x)}, wanted [N, C, H, W]; add missing dimensions with reshape()`);
};

const wrong = (op: string, name: string, value: readonly number[], least: number): ShapeError =>
  new ShapeError(`${op}: ${name} [${value.join(", ")}] must hold integers of at least ${least}`);
const whole = (list: readonly number[], least: number): boolean => list.every((v) => Number.isInteger(v) && v >= least);

/** [N, C, H', W'] of a pooling over [N, C, H, W]. Throws ShapeError naming what does not fit. */
export function windowShape(op: string, x: Shape, attrs: WindowAttrs): number[] {
  const { kernel, stride, padding, dilation = [1, 1] } = attrs;
  checkImage(op, x);
  if (kernel.length !== 2 || !whole(kernel, 1)) throw wrong(op, "kernel", kernel, 1);
  if (stride.length !== 2 || !whole(stride, 1)) throw wrong(op, "stride", stride, 1);
  if (dilation.length !== 2 || !whole(dilation, 1)) throw wrong(op, "dilation", dilation, 1);
  if (padding.length !== 4 || !whole(padding, 0)) throw wrong(op, "padding", padding, 0);
  const out = [0, 1].map((axis) => {
    const name = axis === 0 ? "H" : "W";
    const size = x[2 + axis];
    const [before, after] = padding.slice(2 * axis, 2 * axis + 2);
    const extent = 1 + (kernel[axis] - 1) * dilation[axis];
    if (before >= extent || after >= extent)
      throw new ShapeError(`${op}: padding ${before} and ${after} along ${name} leaves windows of padding only (a window spans ${extent}); use at most ${extent - 1}`);
    if (size === 0 || size + before + after < extent)
      throw new ShapeError(`${op}: a window spans ${extent} along ${name}, x has ${size} + ${before + after} of padding in ${show(x, "image")}; use a smaller kernel or more padding`);
    return Math.floor((size + before + after - extent) / stride[axis]) + 1;
  });
  return [x[0], x[1], ...out];
}
