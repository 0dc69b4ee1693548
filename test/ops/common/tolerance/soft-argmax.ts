/** T1 for soft-argmax of profiles, maps and volumes, and for its moments. */
import { numberOf } from "../ref.ts";
import { places } from "../reference/soft-argmax.ts";
import type { Situation, ToleranceRule } from "../tolerance.ts";
import { mayBeFlushed } from "./soft.ts";
import { peak } from "./sums.ts";

/** Relative error of soft-argmax's p: softmax's, and the rounding of beta * h (a product and a difference, 2^-24 each) in the exponent. */
const sharpError = ({ inputs: [h], attrs, t }: Situation): number =>
  3 * t + 2 ** -23 * Math.abs(numberOf(attrs, "beta")) * peak(h);

/**
 * What the kernels sum: cells j, of which a convention makes scale * j + shift in the end. `cells` are the j, `mean` their
 * expectations, `error` that of each mean as the sum of non-negative terms p * j.
 */
export function inCells(s: Situation) {
  const [h] = s.inputs;
  const plain = places(h, { ...s.attrs, convention: "pixel" });
  const part = sharpError(s);
  const scale = h.shape
    .slice(2)
    .reverse()
    .map((n) => ({ kneel: 1 / n, dsnt: 2 / n, linspace: n > 1 ? 2 / (n - 1) : 0 })[`${s.attrs.convention}`] ?? 1);
  return { ...plain, part, scale, error: plain.mean.map((m) => m.map((v) => part * v)) };
}

type Cells = ReturnType<typeof inCells>;

const isShifted = (s: Situation): boolean => s.attrs.convention === "dsnt" || s.attrs.convention === "linspace";

/** A mean's own error times the scale; where the convention shifts it, scale * j + shift are two terms of up to 1 and 2. */
export const meanError = (s: Situation, { scale, error }: Cells, axis: number, map: number): number => {
  return scale[axis] * error[axis][map] + (isShifted(s) ? s.u * Math.SQRT2 : 0);
};

export const softArgmaxRule: ToleranceRule = {
  forward(s) {
    const cells = inCells(s);
    const axes = cells.mean.length;
    return s.want.data.map((_, i) => meanError(s, cells, i % axes, Math.floor(i / axes)));
  },
  // beta p (the sum over the axes of g (j - mean)): two terms an axis. Where the convention shifts places, float64 itself rounds
  // their difference, of numbers up to 1, at 2^-52: less than that is not known.
  grad(s) {
    const { beta, p, group, axes, mean, part, scale } = inCells(s);
    const known = isShifted(s) ? 2 ** -52 / part : 0;
    return p.map((v, i) => {
      const terms = axes.map((at, axis) => {
        const g = Math.abs(s.gradOut.data[axes.length * group[i] + axis]);
        return g * Math.max(scale[axis] * Math.max(at[i], mean[axis][group[i]]), known);
      });
      return (mayBeFlushed(v) ? 4 : part * Math.sqrt(2 * axes.length)) * Math.abs(beta) * v * Math.max(...terms);
    });
  },
};
