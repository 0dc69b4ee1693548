import { batchesOf, type MatmulDims } from "./matmul-dims.ts";
import { fitsFours } from "./matmul-fours.ts";

/**
 * "tile": a few outputs a thread, in registers. "subgroup": more rows, whose values are loaded one a lane and broadcast; for
 * subgroups of 4 or more. "split": the faster of these two with each sum cut in parts, for long sums of few outputs.
 * "vec4": "subgroup" with loads and stores of four numbers, where what lies side by side is a multiple of 4; long sums in parts.
 * "workgroup": tiles in memory that a workgroup shares, and long sums in parts.
 */
export const matmulVariantNames = ["tile", "subgroup", "split", "vec4", "workgroup"] as const;
export type MatmulVariant = (typeof matmulVariantNames)[number];

/** What the choice may know of a device. */
export interface MatmulFacts {
  /** Smallest subgroup the adapter may use; 0 where there are none. */
  readonly subgroupMin: number;
  /** False for a GPU: memory that a workgroup shares is fast there. */
  readonly software?: boolean;
}

/** The variants that give the right answer for these sizes on such a device. */
export function matmulVariants(dims: MatmulDims, facts: MatmulFacts): MatmulVariant[] {
  const able: MatmulVariant[] = ["tile"];
  if (facts.subgroupMin >= 4) able.push("subgroup");
  if (dims.k > 1) able.push("split");
  if (facts.subgroupMin >= 4 && fitsFours(dims)) able.push("vec4");
  able.push("workgroup");
  return able;
}

/** Outputs that keep any adapter busy without cutting sums. */
const enough = 16384;

/** Whether the sums are so long, and the outputs so few, that cutting them pays. */
export const longSums = (dims: MatmulDims): boolean =>
  dims.k >= 1024 && dims.m * dims.n * batchesOf(dims) < enough * Math.min(8, dims.k / 1024);

/** The variant to run when nobody insists on one; on software adapters from what was measured on lavapipe and SwiftShader. */
export function chooseMatmulVariant(dims: MatmulDims, facts: MatmulFacts): MatmulVariant {
  if (facts.software === false) return "workgroup";
  // Its workgroups take four columns a lane.
  if (facts.subgroupMin >= 4 && dims.n >= 4 * facts.subgroupMin && fitsFours(dims)) return "vec4";
  if (longSums(dims)) return "split";
  return facts.subgroupMin >= 4 ? "subgroup" : "tile";
}
