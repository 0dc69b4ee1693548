import { ConfigError, ShapeError } from "../../../errors.ts";
import { type Shape, show } from "../../shape.ts";
import { windowsAlong } from "../common/axes.ts";

/** Windows over the last axes: one of a line, two of an image, three of a volume. Padding holds before and after for each axis in turn. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation?: readonly number[];
  readonly ceil_mode?: boolean;
}

export interface WindowAttrs extends Windows {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
}

/** Throws ShapeError unless the shape is [N, C, W]. @internal */
export const checkLine = (op: string, x: Shape): void => {
  if (x.length !== 3)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have 3 dimensions [N, C, W] (reshape a single line to [1, C, W])`,
    );
};

/** Throws ShapeError unless the shape is [N, C, H, W]. @internal */
export const checkImage = (op: string, x: Shape): void => {
  if (x.length !== 4)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have 4 dimensions [N, C, H, W] (reshape a single image to [1, C, H, W])`,
    );
};

/** Throws ShapeError unless the shape is [N, C, D, H, W]. @internal */
export const checkVolume = (op: string, x: Shape): void => {
  if (x.length !== 5)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have 5 dimensions [N, C, D, H, W] (reshape a single volume to [1, C, D, H, W])`,
    );
};

/** An integer of at least `least`; throws ConfigError for another. @internal */
export const whole = (op: string, name: string, v: number, least: number): number => {
  if (!Number.isInteger(v) || v < least)
    throw new ConfigError(name, `${op}: ${name} is ${JSON.stringify(v)}; give an integer of at least ${least}`);
  return v;
};

/** Shape of a pooling over the last one to three axes. Throws ShapeError naming what does not fit. @internal */
export function windowShape(
  op: string,
  x: Shape,
  { kernel, stride, padding, dilation = kernel.map(() => 1), ceil_mode = false }: Windows,
): number[] {
  [checkLine, checkImage, checkVolume][kernel.length - 1](op, x);
  const out = kernel.map((k, axis) => {
    const name = ["D", "H", "W"][axis + 3 - kernel.length];
    const size = x[2 + axis];
    const [before, after] = padding.slice(2 * axis, 2 * axis + 2);
    const extent = 1 + (k - 1) * dilation[axis];
    if (before >= extent || after >= extent)
      throw new ShapeError(
        `${op}: padding ${before} and ${after} along ${name} would make windows of padding only (a window spans ${extent}); use at most ${extent - 1}`,
      );
    if (size + before + after < extent || size === 0)
      throw new ShapeError(
        `${op}: a window spans ${extent} along ${name} but x ${show(x, "image")} has ${name}=${size} and ${before + after} of padding; use a smaller kernel or more padding`,
      );
    const whole = windowsAlong(size, k, stride[axis], before, after, dilation[axis]);
    // One more may reach past the end: it has to start before the end of the image, not in the padding behind it.
    const further = (size + before + after - extent) % stride[axis] !== 0 && whole * stride[axis] < size + before;
    return ceil_mode && further ? whole + 1 : whole;
  });
  return [x[0], x[1], ...out];
}
