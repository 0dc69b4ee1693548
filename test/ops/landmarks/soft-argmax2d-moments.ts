import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Reference, zeros } from "../common/ref.ts";
import { places } from "../common/reference/soft-argmax.ts";
import { mapShapes, softArgmaxTable } from "../common/samples/maps.ts";
import { mayBeFlushed } from "../common/tolerance/soft.ts";
import { inCells, meanError } from "../common/tolerance/soft-argmax.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** Besides mean and largest p the second moments: which two axes each is of. */
const secondMoments = [
  [0, 0],
  [1, 1],
  [0, 1],
] as const;

const reference: Reference = {
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

const tolerance: ToleranceRule = {
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

export const op: OpTest = {
  name: "soft_argmax2d_moments",
  call: ([x], a) => L.softArgmax2dMoments(x, { beta: a.beta, convention: a.convention }),
  reference,
  samples: softArgmaxTable("soft_argmax2d_moments", mapShapes, 2, [2, 4, 4]),
  tolerance,
};
