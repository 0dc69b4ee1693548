/** T1 for resamplings of any number of axes, each with taps of its own. */
import { numbersOf } from "../reference/ref.ts";
import { tapsAlong } from "../reference/resample.ts";
import type { ToleranceRule } from "./tolerance.ts";
import { peak } from "./tolerance-sums.ts";

/** How many targets along one axis an entry has a share in, at most. */
function shares(op: string, from: number, to: number, corners: boolean): number {
  const counts = new Array<number>(from).fill(0);
  for (const taps of tapsAlong(op, from, to, corners))
    for (const at of new Set(taps.filter((t) => t.weight !== 0).map((t) => t.from))) counts[at]++;
  return Math.max(0, ...counts);
}

const resampleRule = (op: string, taps: number): ToleranceRule => ({
  // Nearest copies; else a sum of `taps` products an axis, with weights up to 1.
  forward: ({ inputs: [x], attrs, u }) =>
    taps === 1 ? 0 : u * Math.sqrt(taps ** numbersOf(attrs, "size").length) * peak(x),
  // A sum over the targets that took the entry, with weights up to 1 (at an end those of several taps together).
  grad({ inputs: [x], attrs, gradOut, u }) {
    const size = numbersOf(attrs, "size");
    const corners = attrs.align_corners === true;
    const terms = size.reduce((n, to, i) => n * shares(op, x.shape[2 + i], to, corners), 1);
    return taps === 1 && terms <= 1 ? 0 : u * Math.sqrt(terms) * peak(gradOut);
  },
});

export const resampleRules: Readonly<Record<string, ToleranceRule>> = {
  upsample_nearest1d: resampleRule("upsample_nearest1d", 1),
  upsample_nearest3d: resampleRule("upsample_nearest3d", 1),
  upsample_linear1d: resampleRule("upsample_linear1d", 2),
  upsample_bicubic2d: resampleRule("upsample_bicubic2d", 4),
  upsample_trilinear3d: resampleRule("upsample_trilinear3d", 2),
};
