/** From maps [N, K, ...sizes] to expected places (column, row, slice), on the grid of a convention. attrs { beta, convention? }. */
import { type Attrs, numberOf, type Ref, type Reference, zeros } from "../ref.ts";
import { softmaxParts } from "./norm.ts";

/** The coordinate of cell j of n. */
const cell = (convention: unknown, j: number, n: number): number => {
  if (convention === "kneel") return j / n;
  if (convention === "dsnt") return (2 * j + 1) / n - 1;
  if (convention === "linspace") return n === 1 ? -1 : (2 * j) / (n - 1) - 1;
  return j;
};

/** p = softmax(beta * h) of each map, and the coordinates of every cell: axis 0 is the last of the shape, the column. */
export function places(h: Ref, attrs: Attrs) {
  const beta = numberOf(attrs, "beta");
  const sizes = h.shape.slice(2);
  const { p, group } = softmaxParts(
    { shape: h.shape, data: h.data.map((v) => v * beta) },
    sizes.map((_, axis) => 2 + axis),
  );
  const axes = sizes.map((_, axis) => {
    const back = sizes.length - 1 - axis;
    const step = sizes.slice(back + 1).reduce((a, b) => a * b, 1);
    return p.map((_, i) => cell(attrs.convention, Math.floor(i / step) % sizes[back], sizes[back]));
  });
  const mean = axes.map((at, axis) => {
    const out = new Float64Array(h.shape[0] * h.shape[1]);
    // Of one cell, without the rounding of a sum that is 1.
    if (sizes[sizes.length - 1 - axis] === 1) return out.fill(cell(attrs.convention, 0, 1));
    for (let i = 0; i < p.length; i++) out[group[i]] += p[i] * at[i];
    return out;
  });
  return { beta, p, group, axes, mean };
}

export const softArgmax: Reference = {
  forward([h], attrs) {
    const { mean } = places(h, attrs);
    const out = zeros([h.shape[0], h.shape[1], mean.length]);
    mean.forEach((m, axis) => {
      m.forEach((v, map) => {
        out.data[mean.length * map + axis] = v;
      });
    });
    return out;
  },
  backward([h], attrs, gradOut) {
    const { beta, p, group, axes, mean } = places(h, attrs);
    const data = p.map((v, i) => {
      const along = axes.map(
        (at, axis) => gradOut.data[axes.length * group[i] + axis] * (at[i] - mean[axis][group[i]]),
      );
      return beta * v * along.reduce((a, b) => a + b, 0);
    });
    return [{ shape: h.shape, data }];
  },
};
