/** From points [N, K, 2] = (x = column, y = row), in pixels of the heat-map, to heat-maps [N, K, H, W]. */
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, zeros } from "./ref.ts";

/** Sigma and peak of each map: sigma is an attribute, or the second input, one for each landmark or one for all. */
export function gaussians([points, sigma]: readonly Ref[], attrs: Attrs) {
  const maps = points.shape[0] * points.shape[1];
  const widths = Float64Array.from({ length: maps }, (_, map) =>
    sigma ? sigma.data[map % sigma.data.length] : numberOf(attrs, "sigma"),
  );
  const { gamma } = attrs;
  const peaks = widths.map((s) => (typeof gamma === "number" ? gamma / (2 * Math.PI * s * s) : 1));
  return { widths, peaks, normal: typeof gamma === "number" };
}

/** points [N, K, 2] -> [N, K, h, w] of peak * exp(-r^2 / (2 sigma^2)). attrs { size: [h, w], sigma?, gamma? }. */
const gaussianHeatmaps: Reference = {
  op: "gaussian_heatmaps",
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

export const landmarkReferences: readonly Reference[] = [gaussianHeatmaps];
