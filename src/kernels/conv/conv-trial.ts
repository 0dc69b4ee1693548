import type { Binding, Trial } from "../../device/index.ts";

export type ConvPass = "forward" | "inputGrad" | "weightGrad";

/** Elements of a convolution's input, weights and output, and products in a sum of each pass. */
export interface ConvSizes {
  readonly x: number;
  readonly w: number;
  readonly y: number;
  readonly terms: Readonly<Record<ConvPass, number>>;
}

/** How the variants of a convolution's pass are held against each other: from the two that it reads to the third. */
export const convTrial = (
  pass: ConvPass,
  { x, w, y, terms }: ConvSizes,
  run: (variant: string, a: Binding, b: Binding, out: Binding) => void,
): Trial => ({
  inputs: { forward: [x, w], inputGrad: [y, w], weightGrad: [x, y] }[pass],
  output: { forward: y, inputGrad: x, weightGrad: w }[pass],
  terms: terms[pass],
  reference: "direct",
  run: (variant, [a, b], out) => run(variant, a, b, out),
});
