import type { ConvPass } from "./conv-trial.ts";
import { depthwiseFits } from "./conv2d-depthwise.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { inputGradPieces } from "./conv2d-gather.ts";
import { pointwiseFits, pointwiseWeightGradFits } from "./conv2d-pointwise.ts";
import { winogradFits, winogradPays } from "./conv2d-winograd.ts";

/**
 * "direct": an output a thread. "tile": four outputs by some channels a thread, in registers. "subgroup": more channels, the
 * weights loaded one a lane and broadcast; for subgroups of 4 or more, as the next two. "winograd": 3x3 kernels of stride 1 by
 * their spectra, in tiles of 4 x 4 outputs, all of which a NaN or an infinity among their inputs makes NaN. "pointwise": 1x1
 * kernels of stride 1 without padding, as products of matrices. "depthwise": groups of one input channel, small kernels.
 * "workgroup": a product of matrices through workgroup memory, as GPUs want it.
 */
export const convVariantNames = [
  "direct",
  "tile",
  "subgroup",
  "depthwise",
  "winograd",
  "pointwise",
  "workgroup",
] as const;
export type ConvVariant = (typeof convVariantNames)[number];

/** What the choice may know of a device. */
export interface ConvFacts {
  /** Smallest subgroup the adapter may use; 0 where there are none. */
  readonly subgroupMin: number;
  /** Its compiler cannot take the larger kernels. */
  readonly smallKernels?: boolean;
  /** False for a GPU: memory that a workgroup shares is fast there. */
  readonly software?: boolean;
}

/** The variants that give the right answer for these sizes on such a device. */
export function convVariants(pass: ConvPass, dims: Conv2dDims, facts: ConvFacts): ConvVariant[] {
  // Each residue of the stride is a dispatch of its own.
  if (pass === "inputGrad" && inputGradPieces(dims) > 64) return ["direct"];
  const able: ConvVariant[] = ["direct", "tile", "workgroup"];
  if (facts.subgroupMin >= 4) able.push("subgroup");
  if (facts.subgroupMin >= 4 && winogradFits(pass, dims)) able.push("winograd");
  const pointwise = pass === "weightGrad" ? pointwiseWeightGradFits(dims) : pointwiseFits(dims);
  if (facts.subgroupMin >= 4 && pointwise) able.push("pointwise");
  if (!facts.smallKernels && depthwiseFits(dims) && (pass !== "inputGrad" || dims.strideH === 1))
    able.push("depthwise");
  return able;
}

/** What a multiply-add of "subgroup" costs, in the units of `winogradPays`. */
const onLavapipe: Readonly<Record<ConvPass, number>> = { forward: 0.041, inputGrad: 0.041, weightGrad: 0.055 };
const onSwiftShader: Readonly<Record<ConvPass, number>> = { forward: 0.072, inputGrad: 0.072, weightGrad: 0.14 };

/** The variant to run when nobody insists on one: on GPUs what suits them, else from what was measured on lavapipe and SwiftShader. */
export function chooseConvVariant(pass: ConvPass, dims: Conv2dDims, facts: ConvFacts): ConvVariant {
  const able = convVariants(pass, dims, facts);
  const outputs = dims.o / dims.groups;
  // With more outputs an input, the other variants load less.
  if (able.includes("depthwise") && outputs <= 2) return "depthwise";
  const inputs = dims.c / dims.groups;
  const [inner, outer] = pass === "inputGrad" ? [outputs, inputs] : [inputs, outputs];
  if (facts.software === false) {
    // Few channels leave most of a workgroup's tile empty.
    if (able.includes("workgroup") && outer >= 8 && inner * dims.kh * dims.kw >= 8) return "workgroup";
    return able.includes("tile") ? "tile" : "direct";
  }
  const rival = facts.smallKernels ? onSwiftShader : onLavapipe;
  if (able.includes("winograd") && winogradPays(dims, inner, outer, rival[pass])) return "winograd";
  if (able.includes("pointwise") && outer >= 3) return "pointwise";
  if (pass === "weightGrad") {
    // The lanes of the fast variants own channels and taps: one output channel, or few lanes' worth, leaves them idle.
    if (outputs === 1) return "direct";
    if (able.includes("subgroup")) return "subgroup";
    return inputs * dims.kh >= 16 ? "tile" : "direct";
  }
  if (able.includes("subgroup") && outer >= 3) return "subgroup";
  return able.includes("tile") ? "tile" : "direct";
}
