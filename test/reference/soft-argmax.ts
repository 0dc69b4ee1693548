/** From maps [N, K, ...sizes] to expected places (column, row, slice), on the grid of a convention. attrs { beta, convention? }. */
import { softmaxParts } from "./norm.ts";
import { type Attrs, numberOf, type Ref, type Reference, zeros } from "./ref.ts";

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

const softArgmax = (op: string): Reference => ({
  op,
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
});

/** Besides mean and largest p the second moments: which two axes each is of. */
export const secondMoments = [
  [0, 0],
  [1, 1],
  [0, 1],
] as const;

const moments: Reference = {
  op: "soft_argmax2d_moments",
  forward([h], attrs) {
    const { p, group, axes, mean } = places(h, attrs);
    const out = zeros([h.shape[0], h.shape[1], 6]);
    for (let i = 0; i < p.length; i++) {
      const map = group[i];
      const d = axes.map((at, axis) => at[i] - mean[axis][map]);
      out.data[6 * map] = mean[0][map];
      out.data[6 * map + 1] = mean[1][map];
      out.data[6 * map + 2] = Math.max(out.data[6 * map + 2], p[i]);
      secondMoments.forEach(([a, b], k) => {
        out.data[6 * map + 3 + k] += p[i] * d[a] * d[b];
      });
    }
    return out;
  },
  // Pixels that share the largest probability share its gradient, as torch.amax does.
  backward([h], attrs, gradOut) {
    const { beta, p, group, axes, mean } = places(h, attrs);
    const { data: value } = this.forward([h], attrs);
    const ties = new Float64Array(value.length);
    for (let i = 0; i < p.length; i++) if (p[i] === value[6 * group[i] + 2]) ties[group[i]]++;
    const data = p.map((v, i) => {
      const at = 6 * group[i];
      const d = axes.map((c, axis) => c[i] - mean[axis][group[i]]);
      const share = v === value[at + 2] ? 1 / ties[group[i]] : 0;
      let along =
        gradOut.data[at] * d[0] + gradOut.data[at + 1] * d[1] + gradOut.data[at + 2] * (share - value[at + 2]);
      secondMoments.forEach(([a, b], k) => {
        along += gradOut.data[at + 3 + k] * (d[a] * d[b] - value[at + 3 + k]);
      });
      return beta * v * along;
    });
    return [{ shape: h.shape, data }];
  },
};

export const softArgmaxReferences: readonly Reference[] = [
  softArgmax("soft_argmax1d"),
  softArgmax("soft_argmax2d"),
  softArgmax("soft_argmax3d"),
  moments,
];
