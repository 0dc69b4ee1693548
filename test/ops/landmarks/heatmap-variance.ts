import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Ref, type Reference, ref, zeros } from "../common/ref.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import type { Situation, ToleranceRule } from "../common/tolerance.ts";

type Shape = readonly number[];

/** Sum, mean (column, row) and variances of each map. */
function spreads(p: Ref) {
  const [n, k, h, w] = p.shape;
  const size = h * w;
  const at = (i: number): [number, number] => [i % w, Math.floor((i % size) / w)];
  const total = new Float64Array(n * k);
  const mean = new Float64Array(2 * n * k);
  const variance = new Float64Array(2 * n * k);
  for (let i = 0; i < p.data.length; i++) total[Math.floor(i / size)] += p.data[i];
  const add = (out: Float64Array, value: (place: number, map: number, axis: number) => number): void => {
    for (let i = 0; i < p.data.length; i++) {
      const map = Math.floor(i / size);
      at(i).forEach((place, axis) => {
        out[2 * map + axis] += (p.data[i] * value(place, map, axis)) / total[map];
      });
    }
  };
  add(mean, (place) => place);
  add(variance, (place, map, axis) => (place - mean[2 * map + axis]) ** 2);
  return { size, at, total, mean, variance };
}

/** Heat-maps [N, K, H, W] -> [N, K, 2]: sum of p (place - mean)^2 / sum of p, along columns and rows. */
const reference: Reference = {
  forward: ([p]) => ref([p.shape[0], p.shape[1], 2], spreads(p).variance),
  backward([p], _attrs, gradOut) {
    const { size, at, total, mean, variance } = spreads(p);
    const gp = zeros(p.shape);
    for (let i = 0; i < p.data.length; i++) {
      const map = Math.floor(i / size);
      at(i).forEach((place, axis) => {
        const to = 2 * map + axis;
        gp.data[i] += (gradOut.data[to] * ((place - mean[to]) ** 2 - variance[to])) / total[map];
      });
    }
    return [gp];
  },
};

/** Of each map and axis: the error of the mean place, and of the variance at that place; sums of K products each. */
function spreadErrors({ inputs: [p], u }: Situation) {
  const parts = spreads(p);
  const { size, at, total, mean } = parts;
  const center = new Float64Array(mean.length);
  const variance = new Float64Array(mean.length);
  for (let i = 0; i < p.data.length; i++) {
    const map = Math.floor(i / size);
    at(i).forEach((place, axis) => {
      const to = 2 * map + axis;
      const share = (u * Math.sqrt(size) * p.data[i]) / total[map];
      center[to] = Math.max(center[to], share * place);
      variance[to] = Math.max(variance[to], share * (place - mean[to]) ** 2);
    });
  }
  return { ...parts, center, errors: variance.map((v, i) => v + center[i] ** 2) };
}

const tolerance: ToleranceRule = {
  // A wrong mean adds its square: the first order cancels.
  forward: (s) => spreadErrors(s).errors,
  // Along each axis g (d^2 - variance) / sum: d^2 with twice the error of d, and the variance's.
  grad(s) {
    const { size, at, total, mean, center, errors } = spreadErrors(s);
    return s.inputs[0].data.map((_, i) => {
      const map = Math.floor(i / size);
      const parts = at(i).map((place, axis) => {
        const to = 2 * map + axis;
        const d = Math.abs(place - mean[to]);
        return Math.abs(s.gradOut.data[to]) * (s.u * d * d + 2 * d * center[to] + errors[to]);
      });
      return (Math.SQRT2 * Math.max(...parts)) / total[map];
    });
  },
};

const mapShapes: readonly Shape[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 7],
  [1, 1, 7, 1],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [3, 1, 5, 4],
  [1, 5, 7, 11],
  [1, 2, 13, 17],
  [2, 2, 16, 16],
  [1, 1, 17, 15],
  [3, 4, 9, 3],
  [1, 7, 8, 8],
  [1, 6, 31, 37],
  [2, 1, 64, 5],
  [1, 1, 67, 71],
  [2, 3, 33, 16],
  [1, 19, 6, 5],
  [5, 2, 3, 3],
  [1, 3, 101, 97],
  [70, 2, 5, 3],
  [0, 2, 4, 4],
];

const samples: SampleTable = {
  rows: [
    ...mapShapes.map((shape) =>
      row("heatmap_variance", show(shape), (d) => ({ inputs: [d.uniform(shape, 0.02, 1)], attrs: {} })),
    ),
    row("heatmap_variance", "a sharp peak far out", (d) => ({
      inputs: [d.fill([1, 2, 41, 53], (r, i) => (i % 2173 === 2100 ? 8 : r.uniform(0, 2 ** -16)))],
      attrs: {},
    })),
  ],
  errors: [
    refused("no batch axis", [[2, 4, 4]], {}, "heatmap_variance", "[2, 4, 4]", "[N, K, H, W]"),
    refused("no pixels", [[1, 2, 0, 4]], {}, "heatmap_variance", "no pixels"),
  ],
};

export const op: OpTest = {
  name: "heatmap_variance",
  call: ([x]) => L.heatmapVariance(x),
  reference,
  samples,
  tolerance,
};
