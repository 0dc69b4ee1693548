import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, type Ref, type Reference, ref, sizeOf } from "../common/ref.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { classShapes, configured } from "../common/samples/landmark-losses.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** Sums over each map, and the Dice share of each. */
function diceParts([p, t]: readonly Ref[], attrs: Attrs) {
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
const reference: Reference = {
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

const tolerance: ToleranceRule = {
  // Sums of numbers that are not negative, and their quotient: 3 u of the mean, which is 3 u in its logarithm, and that one's t.
  forward({ inputs, attrs, u, t }) {
    const { mean, classes } = diceParts(inputs, attrs);
    const errors = mean.map((m, c) => Math.abs(inputs[2].data[c]) * (3 * u + t * Math.abs(Math.log(m))));
    return Math.sqrt(classes) * errors.reduce((a, b) => Math.max(a, b), 0);
  },
  // weight / (mean N) * (2 t / below - 2 p above / below^2): two terms, each with the errors of three sums.
  grad({ inputs, attrs, gradOut, u }) {
    const { n, classes, size, above, below, mean } = diceParts(inputs, attrs);
    const [p, t, w] = inputs;
    return p.data.map((v, i) => {
      const map = Math.floor(i / size);
      const c = map % classes;
      const terms = Math.max((2 * t.data[i]) / below[map], (2 * v * above[map]) / below[map] ** 2);
      return (3 * Math.SQRT2 * u * Math.abs(gradOut.data[0] * w.data[c]) * terms) / (mean[c] * n);
    });
  },
};

const samples: SampleTable = {
  rows: classShapes.map((shape, i) => {
    const eps = [0.5, 0, 2 ** -20][i % 3];
    return row("log_dice", `${show(shape)} eps ${eps}`, (d) => ({
      inputs: [d.uniform(shape, 0.05, 1), d.uniform(shape, 0, 1), d.uniform([shape[1]], 0.25, 2)],
      attrs: { eps },
    }));
  }),
  errors: [
    refused("shapes differ", [[2, 3], [2, 4], [3]], { eps: 0 }, "log_dice", "[2, 3]", "[2, 4]"),
    refused("no classes", [[3], [3], [3]], { eps: 0 }, "logDiceLoss: the maps are [3]", "[N, C, ...]"),
    refused(
      "weights of others",
      [[2, 3, 4], [2, 3, 4], [2]],
      { eps: 0 },
      "logDiceLoss: the weight is [2]",
      "3 classes",
    ),
    configured("negative eps", [[2, 3], [2, 3], [3]], { eps: -1 }, "logDiceLoss: eps is -1", "at least 0"),
  ],
};

export const op: OpTest = {
  name: "log_dice",
  exported: "logDiceLoss",
  call: ([p, t, weight], a) => L.logDiceLoss(p, t, { weight, ...a }),
  reference,
  samples,
  tolerance,
};
