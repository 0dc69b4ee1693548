import { ShapeError } from "../../errors.ts";
import { type Shape, show } from "../shape.ts";
import { windowsAlong } from "./conv2d.ts";

export interface WindowAttrs {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
}

/** Throws ShapeError unless the shape is [N, C, H, W]. @internal */
export const checkImage = (op: string, x: Shape): void => {
  if (x.length !== 4)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have 4 dimensions [N, C, H, W] (reshape a single image to [1, C, H, W])`,
    );
};

/** [N, C, H', W'] of a pooling over [N, C, H, W]. Throws ShapeError naming what does not fit. @internal */
export function windowShape(
  op: string,
  x: Shape,
  { kernel, stride, padding, dilation = [1, 1] }: WindowAttrs,
): number[] {
  checkImage(op, x);
  const out = [0, 1].map((axis) => {
    const name = axis === 0 ? "H" : "W";
    const size = x[2 + axis];
    const [before, after] = padding.slice(2 * axis, 2 * axis + 2);
    const extent = 1 + (kernel[axis] - 1) * dilation[axis];
    if (before >= extent || after >= extent)
      throw new ShapeError(
        `${op}: padding ${before} and ${after} along ${name} would make windows of padding only (a window spans ${extent}); use at most ${extent - 1}`,
      );
    if (size + before + after < extent || size === 0)
      throw new ShapeError(
        `${op}: a window spans ${extent} along ${name} but x ${show(x, "image")} has ${name}=${size} and ${before + after} of padding; use a smaller kernel or more padding`,
      );
    return windowsAlong(size, kernel[axis], stride[axis], before, after, dilation[axis]);
  });
  return [x[0], x[1], ...out];
}
