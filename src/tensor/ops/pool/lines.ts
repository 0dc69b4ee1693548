import { ConfigError, ShapeError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { type Shape, show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { reshape } from "../layout/layout.ts";
import { type ResampleOptions, resampleKeys, targetSize } from "../resample/target-size.ts";
import { upsampleNearest2d } from "../resample/upsample-nearest2d.ts";
import { adaptiveAvgPool2d } from "./adaptive-avg-pool.ts";
import { avgPool2d } from "./avg-pool2d.ts";
import { maxPool2d } from "./max-pool2d.ts";
import { checkLine, whole, windowShape } from "./window.ts";

/** Ops on lines [N, C, W]: those on images of one row, which share the memory. */
const asImage = (x: Tensor, f: (x: Tensor) => Tensor): Tensor => {
  const [n, c, w] = x.shape;
  const image = reshape(x, [n, c, 1, w]);
  const made = f(image);
  const y = reshape(made, [n, c, made.shape[3]]);
  image.dispose();
  made.dispose();
  return y;
};

const ends = (op: string, v: number | readonly [number, number]): readonly [number, number] => {
  const out = typeof v === "number" ? ([v, v] as const) : v;
  if (out.length !== 2 || !out.every((n) => Number.isInteger(n) && n >= 0))
    throw new ConfigError(
      "padding",
      `${op}: padding is ${JSON.stringify(v)}; give a non-negative integer, or [before, after]`,
    );
  return out;
};

const checkNotEmpty = (op: string, x: Shape): void => {
  checkLine(op, x);
  if (x[2] === 0) throw new ShapeError(`${op}: x ${show(x, "image")} has nothing to take from; W must be at least 1`);
};

export interface Pool1dOptions {
  readonly kernelSize: number;
  /** By default the kernel. */
  readonly stride?: number;
  readonly padding?: number | readonly [before: number, after: number];
  /** The last window may reach past the end, if it starts inside the line or the padding before it. */
  readonly ceilMode?: boolean;
}

function checked(
  op: string,
  x: Shape,
  { kernelSize, stride = kernelSize, padding = 0, ceilMode = false }: Pool1dOptions,
  d = 1,
) {
  const attrs = {
    kernel: [whole(op, "kernelSize", kernelSize, 1)],
    stride: [whole(op, "stride", stride, 1)],
    padding: ends(op, padding),
    dilation: [whole(op, "dilation", d, 1)],
    ceil_mode: ceilMode,
  };
  windowShape(op, x, attrs); // a message that names this op
  return {
    kernelSize: [1, kernelSize],
    stride: [1, stride],
    padding: [0, 0, ...attrs.padding] as [number, number, number, number],
    dilation: [1, d],
    ceilMode,
  } as const;
}

const maxPool1dKeys: KeysOf<Pool1dOptions & { readonly dilation?: number }> = {
  kernelSize: 1,
  stride: 1,
  padding: 1,
  ceilMode: 1,
  dilation: 1,
};

/** The largest of each window: [N, C, W] -> [N, C, W'], as `maxPool2d`. */
export function maxPool1d(x: Tensor, options: Pool1dOptions & { readonly dilation?: number }): Tensor {
  checkOptions("maxPool1d", options, maxPool1dKeys);
  const windows = checked("maxPool1d", x.shape, options, options.dilation);
  return asImage(x, (image) => maxPool2d(image, windows));
}

const avgPool1dKeys: KeysOf<Pool1dOptions & { readonly countIncludePad?: boolean }> = {
  kernelSize: 1,
  stride: 1,
  padding: 1,
  ceilMode: 1,
  countIncludePad: 1,
};

/** The mean of each window: [N, C, W] -> [N, C, W'], as `avgPool2d`. */
export function avgPool1d(x: Tensor, options: Pool1dOptions & { readonly countIncludePad?: boolean }): Tensor {
  checkOptions("avgPool1d", options, avgPool1dKeys);
  const { dilation: _, ...windows } = checked("avgPool1d", x.shape, options);
  return asImage(x, (image) => avgPool2d(image, { ...windows, countIncludePad: options.countIncludePad ?? true }));
}

/** [N, C, W] -> [N, C, outputSize], as `adaptiveAvgPool2d`. */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number): Tensor {
  checkNotEmpty("adaptiveAvgPool1d", x.shape);
  const to = whole("adaptiveAvgPool1d", "outputSize", outputSize, 1);
  return asImage(x, (image) => adaptiveAvgPool2d(image, [1, to]));
}

/** [N, C, W] -> [N, C, w], each entry the one at floor(target * in / out), as `upsampleNearest2d`. */
export function upsampleNearest1d(x: Tensor, options: ResampleOptions<number>): Tensor {
  checkOptions("upsampleNearest1d", options, resampleKeys);
  checkNotEmpty("upsampleNearest1d", x.shape);
  const [to] = targetSize("upsampleNearest1d", x.shape, 1, options);
  return asImage(x, (image) => upsampleNearest2d(image, { size: [1, to] }));
}
