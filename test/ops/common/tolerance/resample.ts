/** T1 for resamplings of any number of axes, each with taps of its own. */
import { numbersOf } from "../ref.ts";
import { type Mode, tapsAlong } from "../reference/resample.ts";
import type { ToleranceRule } from "../tolerance.ts";
import { peak } from "./sums.ts";

/** How many targets along one axis an entry has a share in, at most. */
function shares(mode: Mode, from: number, to: number, corners: boolean): number {
  const counts = new Array<number>(from).fill(0);
  for (const taps of tapsAlong(mode, from, to, corners))
    for (const at of new Set(taps.filter((t) => t.weight !== 0).map((t) => t.from))) counts[at]++;
  return Math.max(0, ...counts);
}

export const resampleRule = (mode: Mode, taps: number): ToleranceRule => ({
  // Nearest copies; else a sum of `taps` products an axis, with weights up to 1.
  forward: ({ inputs: [x], attrs, u }) =>
    taps === 1 ? 0 : u * Math.sqrt(taps ** numbersOf(attrs, "size").length) * peak(x),
  // A sum over the targets that took the entry, with weights up to 1 (at an end those of several taps together).
  grad({ inputs: [x], attrs, gradOut, u }) {
    const size = numbersOf(attrs, "size");
    const corners = attrs.align_corners === true;
    const terms = size.reduce((n, to, i) => n * shares(mode, x.shape[2 + i], to, corners), 1);
    return taps === 1 && terms <= 1 ? 0 : u * Math.sqrt(terms) * peak(gradOut);
  },
});
