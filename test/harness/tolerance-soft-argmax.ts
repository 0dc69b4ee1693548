/** T1 for soft-argmax of profiles, maps and volumes, and for its moments. */

import { numberOf } from "../reference/ref.ts";
import { places, secondMoments } from "../reference/soft-argmax.ts";
import type { Situation, ToleranceRule } from "./tolerance.ts";
import { mayBeFlushed } from "./tolerance-soft.ts";
import { peak } from "./tolerance-sums.ts";

/** Relative error of soft-argmax's p: softmax's, and the rounding of beta * h (a product and a difference, 2^-24 each) in the exponent. */
const sharpError = ({ inputs: [h], attrs, t }: Situation): number =>
  3 * t + 2 ** -23 * Math.abs(numberOf(attrs, "beta")) * peak(h);

/**
 * What the kernels sum: cells j, of which a convention makes scale * j + shift in the end. `cells` are the j, `mean` their
 * expectations, `error` that of each mean as the sum of non-negative terms p * j.
 */
function inCells(s: Situation) {
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
const meanError = (s: Situation, { scale, error }: Cells, axis: number, map: number): number => {
  return scale[axis] * error[axis][map] + (isShifted(s) ? s.u * Math.SQRT2 : 0);
};

const softArgmaxRule: ToleranceRule = {
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

const momentsRule: ToleranceRule = {
  // Means as above; the largest p; and sums of p d d', d from a mean that is rounded itself.
  forward(s) {
    const cells = inCells(s);
    const { p, group, axes, mean, part, scale, error } = cells;
    const out = new Float64Array(s.want.data.length);
    for (let i = 0; i < p.length; i++) {
      const map = group[i];
      const d = axes.map((at, axis) => Math.abs(at[i] - mean[axis][map]));
      secondMoments.forEach(([a, b], k) => {
        const slack = d[a] * error[b][map] + d[b] * error[a][map] + error[a][map] * error[b][map];
        out[6 * map + 3 + k] += p[i] * (2 * part * d[a] * d[b] + slack) * scale[a] * scale[b];
      });
    }
    for (let at = 0; at < out.length; at += 6) {
      for (const axis of [0, 1]) out[at + axis] = meanError(s, cells, axis, at / 6);
      out[at + 2] = part * s.want.data[at + 2];
    }
    return out;
  },
  // beta p (g d + g'' (share - largest p) + g' (d d' - moment)): ten terms, with the means' errors in every d.
  grad(s) {
    const { beta, p, group, axes, mean, part, scale, error } = inCells(s);
    return p.map((v, i) => {
      const map = group[i];
      const d = axes.map((at, axis) => Math.abs(at[i] - mean[axis][map]));
      let sum = 2 * Math.abs(s.gradOut.data[6 * map + 2]) * (1 + s.value.data[6 * map + 2]);
      let slack = 0;
      for (const axis of [0, 1]) {
        const g = Math.abs(s.gradOut.data[6 * map + axis]) * scale[axis];
        sum += g * d[axis];
        slack += g * error[axis][map];
      }
      secondMoments.forEach(([a, b], k) => {
        const g = Math.abs(s.gradOut.data[6 * map + 3 + k]) * scale[a] * scale[b];
        // The moment itself, in cells, bounds what is taken from the product; its error is of the same kind.
        const moment = Math.abs(s.value.data[6 * map + 3 + k]) / (scale[a] * scale[b] || 1);
        sum += g * (d[a] * d[b] + 2 * moment);
        slack += g * (d[a] * error[b][map] + d[b] * error[a][map]);
      });
      return Math.abs(beta) * v * (mayBeFlushed(v) ? 4 * sum : 2 * part * sum + 2 * slack);
    });
  },
};

export const softArgmaxRules: Readonly<Record<string, ToleranceRule>> = {
  soft_argmax1d: softArgmaxRule,
  soft_argmax2d: softArgmaxRule,
  soft_argmax3d: softArgmaxRule,
  soft_argmax2d_moments: momentsRule,
};
