/** From points [N, K, 2] = (x = column, y = row), in pixels of the heat-map, to heat-maps [N, K, H, W]. */
import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, zeros } from "../common/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "../common/sample.ts";
import { mapShapes } from "../common/samples/maps.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

type Shape = readonly number[];

/** Sigma and peak of each map: sigma is an attribute, or the second input, one for each landmark or one for all. */
function gaussians([points, sigma]: readonly Ref[], attrs: Attrs) {
  const maps = points.shape[0] * points.shape[1];
  const widths = Float64Array.from({ length: maps }, (_, map) =>
    sigma ? sigma.data[map % sigma.data.length] : numberOf(attrs, "sigma"),
  );
  const { gamma } = attrs;
  const peaks = widths.map((s) => (typeof gamma === "number" ? gamma / (2 * Math.PI * s * s) : 1));
  return { widths, peaks, normal: typeof gamma === "number" };
}

/** points [N, K, 2] -> [N, K, h, w] of peak * exp(-r^2 / (2 sigma^2)). attrs { size: [h, w], sigma?, gamma? }. */
const reference: Reference = {
  forward(inputs, attrs) {
    const [points] = inputs;
    const [h, w] = numbersOf(attrs, "size");
    const { widths, peaks } = gaussians(inputs, attrs);
    const out = zeros([points.shape[0], points.shape[1], h, w]);
    for (let i = 0; i < out.data.length; i++) {
      const map = Math.floor(i / (h * w));
      const dx = (i % w) - points.data[2 * map];
      const dy = Math.floor((i % (h * w)) / w) - points.data[2 * map + 1];
      out.data[i] = peaks[map] * Math.exp(-(dx * dx + dy * dy) / (2 * widths[map] ** 2));
    }
    return out;
  },
  backward(inputs, attrs, gradOut) {
    const [points, sigma] = inputs;
    const [h, w] = numbersOf(attrs, "size");
    const { widths, normal } = gaussians(inputs, attrs);
    const { data: values } = this.forward(inputs, attrs);
    const gp = zeros(points.shape);
    const gs = sigma && zeros(sigma.shape);
    for (let i = 0; i < values.length; i++) {
      const map = Math.floor(i / (h * w));
      const width = widths[map];
      const dx = (i % w) - points.data[2 * map];
      const dy = Math.floor((i % (h * w)) / w) - points.data[2 * map + 1];
      const g = gradOut.data[i] * values[i];
      gp.data[2 * map] += (g * dx) / width ** 2;
      gp.data[2 * map + 1] += (g * dy) / width ** 2;
      if (gs) gs.data[map % gs.data.length] += g * ((dx * dx + dy * dy) / width ** 3 - (normal ? 2 / width : 0));
    }
    return gs ? [gp, gs] : [gp];
  },
};

const tolerance: ToleranceRule = {
  // exp's own t, and ten roundings of 2^-24 in the exponent; a peak other than 1 is a quotient and a product more.
  forward({ want, t, u, inputs, attrs }) {
    const [h, w] = numbersOf(attrs, "size");
    const { peaks, normal } = gaussians(inputs, attrs);
    return want.data.map((v, i) => {
      const exponent = Math.abs(Math.log(v / peaks[Math.floor(i / (h * w))]));
      return v === 0 ? 0 : Math.abs(v) * (t + 10 * 2 ** -24 * exponent + (normal ? 2 * u : 0));
    });
  },
  // Sums over the map of g * (value * distance / sigma^2), and over all maps of a sigma of g * value * (r^2 / sigma^3 + 2 / sigma).
  grad({ inputs, attrs, gradOut, value, t, want, input }) {
    const [points] = inputs;
    const [h, w] = numbersOf(attrs, "size");
    const { widths, normal } = gaussians(inputs, attrs);
    const g = peak(gradOut);
    const out = new Float64Array(want.data.length);
    const terms = input === 0 ? h * w : value.data.length / out.length;
    const meet = (at: number, term: number): void => {
      out[at] = Math.max(out[at], t * Math.sqrt(terms) * g * Math.abs(term));
    };
    for (let i = 0; i < value.data.length; i++) {
      const map = Math.floor(i / (h * w));
      const [dx, dy] = [i % w, Math.floor((i % (h * w)) / w)].map((p, axis) => p - points.data[2 * map + axis]);
      const [v, s] = [value.data[i], widths[map]];
      if (input === 0) {
        meet(2 * map, (v * dx) / s ** 2);
        meet(2 * map + 1, (v * dy) / s ** 2);
      } else meet(map % out.length, v * ((dx * dx + dy * dy) / s ** 3 + (normal ? 2 / s : 0)));
    }
    return out;
  },
};

/** Points (x, y) from a little outside to inside of a map of `size`. */
const points = (d: Draws, n: number, k: number, [h, w]: Shape): Ref =>
  d.fill([n, k, 2], (r, i) => (i % 2 === 0 ? r.uniform(-1, w) : r.uniform(-1, h)));

const samples: SampleTable = {
  rows: [
    ...mapShapes.map(([n, k, h, w], i) => {
      const sigma = [1, 1.5, 3, 5][i % 4];
      return row("gaussian_heatmaps", `${show([n, k])} on ${show([h, w])} sigma ${sigma}`, (d) => ({
        inputs: [points(d, n, k, [h, w])],
        attrs: { size: [h, w], sigma },
      }));
    }),
    // A sigma that is learned: one for each landmark, one in a list, one alone; by turns with a peak of 1 and normalized.
    ...mapShapes.map(([n, k, h, w], i) => {
      const shape = [[k], [1], []][i % 3];
      const gamma = i % 2 === 0 ? {} : { gamma: [1, 100][(i >> 1) % 2] };
      const name = `${show([n, k])} on ${show([h, w])} learned sigma ${show(shape)} ${JSON.stringify(gamma)}`;
      return row("gaussian_heatmaps", name, (d) => ({
        inputs: [points(d, n, k, [h, w]), d.uniform(shape, 0.8, 5)],
        attrs: { size: [h, w], ...gamma },
      }));
    }),
    row("gaussian_heatmaps", "sigma 2.5, gamma 100", (d) => ({
      inputs: [points(d, 2, 3, [17, 13])],
      attrs: { size: [17, 13], sigma: 2.5, gamma: 100 },
    })),
  ],
  errors: [
    refused("three coordinates", [[2, 4, 3]], { size: [8, 8], sigma: 1 }, "gaussian_heatmaps", "3"),
    refused("no batch axis", [[4, 2]], { size: [8, 8], sigma: 1 }, "gaussian_heatmaps", "4"),
    refused("sigmas of another number", [[2, 4, 2], [3]], { size: [8, 8] }, "sigma is [3]", "K=4", "make it [4]"),
  ],
};

export const op: OpTest = {
  name: "gaussian_heatmaps",
  call: ([x, sigma], a) => L.gaussianHeatmaps(x, { size: a.size, sigma: sigma ?? a.sigma, gamma: a.gamma }),
  reference,
  samples,
  tolerance,
};
