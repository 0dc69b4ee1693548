/** Losses that are no sums of terms, and what they are built of. Targets and weights are constants. */
import { softmaxParts } from "./norm.ts";
import { type Attrs, numberOf, type Ref, type Reference, ref, sizeOf, zeros } from "./ref.ts";

/** The factor of each place's term [N, ...] for the reduction, and how places follow from entries of [N, C, ...]. */
function places(z: Ref, attrs: Attrs) {
  const [n, classes] = z.shape;
  const inner = sizeOf(z.shape.slice(2));
  const count = n * inner;
  const factor = attrs.reduction === "mean" ? 1 / count : attrs.reduction === "batchmean" ? 1 / n : 1;
  const place = (i: number): number => Math.floor(i / (classes * inner)) * inner + (i % inner);
  return { shape: [n, ...z.shape.slice(2)], count, factor, place };
}

/** logits and targets [N, C, ...]: -sum over C of target * log_softmax(logits). attrs { reduction }. */
const crossEntropy: Reference = {
  op: "cross_entropy",
  forward([z, y], attrs) {
    const { shape, count, factor, place } = places(z, attrs);
    const { log } = softmaxParts(z, [1]);
    const terms = new Float64Array(count);
    for (let i = 0; i < log.length; i++) terms[place(i)] -= y.data[i] * log[i];
    if (attrs.reduction === "none") return ref(shape, terms);
    return ref([], [factor * terms.reduce((a, b) => a + b, 0)]);
  },
  backward([z, y], attrs, gradOut) {
    const { count, factor, place } = places(z, attrs);
    const { p } = softmaxParts(z, [1]);
    const mass = new Float64Array(count);
    for (let i = 0; i < p.length; i++) mass[place(i)] += y.data[i];
    const g = (i: number): number => (attrs.reduction === "none" ? gradOut.data[place(i)] : factor * gradOut.data[0]);
    return [
      ref(
        z.shape,
        p.map((v, i) => g(i) * (v * mass[place(i)] - y.data[i])),
      ),
      null,
    ];
  },
};

/** Sums over each map, and the Dice share of each. */
export function diceParts([p, t]: readonly Ref[], attrs: Attrs) {
  const [n, classes] = p.shape;
  const size = sizeOf(p.shape.slice(2));
  const eps = numberOf(attrs, "eps");
  const above = new Float64Array(n * classes).fill(eps);
  const below = new Float64Array(n * classes).fill(eps);
  for (let i = 0; i < p.data.length; i++) {
    const map = Math.floor(i / size);
    above[map] += 2 * p.data[i] * t.data[i];
    below[map] += p.data[i] ** 2 + t.data[i] ** 2;
  }
  const mean = new Float64Array(classes);
  for (let map = 0; map < n * classes; map++) mean[map % classes] += above[map] / below[map] / n;
  return { n, classes, size, above, below, mean };
}

/** p and t [N, C, ...], weight [C]: sum over C of -weight ln(mean over N of (2 sum p t + eps) / (sum p^2 + sum t^2 + eps)). */
const logDice: Reference = {
  op: "log_dice",
  forward(inputs, attrs) {
    const { mean } = diceParts(inputs, attrs);
    return ref([], [mean.reduce((sum, m, c) => sum - inputs[2].data[c] * Math.log(m), 0)]);
  },
  backward(inputs, attrs, gradOut) {
    const [p, t, w] = inputs;
    const { n, classes, size, above, below, mean } = diceParts(inputs, attrs);
    const gp = p.data.map((v, i) => {
      const map = Math.floor(i / size);
      const c = map % classes;
      const slope = (2 * t.data[i] * below[map] - 2 * v * above[map]) / below[map] ** 2;
      return ((-w.data[c] * slope) / (mean[c] * n)) * gradOut.data[0];
    });
    return [ref(p.shape, gp), null, null];
  },
};

/** For each row of losses [N, K], which are among the `top` largest; of equal ones the first. */
export function hardest(x: Ref, top: number): Uint8Array {
  const [n, k] = x.shape;
  const chosen = new Uint8Array(n * k);
  for (let row = 0; row < n; row++) {
    const order = Array.from({ length: k }, (_, j) => row * k + j).sort((i, j) => x.data[j] - x.data[i] || i - j);
    for (const i of order.slice(0, top)) chosen[i] = 1;
  }
  return chosen;
}

const shareOf = (x: Ref, attrs: Attrs): number => 1 / (x.shape[0] * Math.min(numberOf(attrs, "top"), x.shape[1]));

/** Losses [N, K]: the mean of the `top` largest of each row, then over the rows. */
const ohkm: Reference = {
  op: "ohkm",
  forward([x], attrs) {
    const chosen = hardest(x, numberOf(attrs, "top"));
    return ref([], [shareOf(x, attrs) * x.data.reduce((sum, v, i) => sum + (chosen[i] ? v : 0), 0)]);
  },
  backward([x], attrs, gradOut) {
    const chosen = hardest(x, numberOf(attrs, "top"));
    return [
      ref(
        x.shape,
        x.data.map((_, i) => (chosen[i] ? shareOf(x, attrs) * gradOut.data[0] : 0)),
      ),
    ];
  },
};

/** Sum, mean (column, row) and variances of each map. */
export function spreads(p: Ref) {
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
const heatmapVariance: Reference = {
  op: "heatmap_variance",
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

export const landmarkLossReferences: readonly Reference[] = [crossEntropy, logDice, ohkm, heatmapVariance];
