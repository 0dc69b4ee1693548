import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { type MapDims, shareMaps } from "../common/maps.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { gaussianHeatmaps } from "../wgsl/gaussian-heatmaps.ts";
import { gaussianHeatmapsInputGrad } from "../wgsl/gaussian-heatmaps-input-grad.ts";
import { gaussianHeatmapsSigmaGrad } from "../wgsl/gaussian-heatmaps-sigma-grad.ts";

/** How wide and how high the Gaussians are. */
export interface GaussianForm {
  /** In pixels: a number, or `count` of them on the device, of which map m takes number m % count. */
  readonly sigma: number | { readonly binding: Binding; readonly count: number };
  /** The peak is gamma / (2 pi sigma^2); left out: 1. */
  readonly gamma?: number;
}

/** What the shaders know of a form; `unused` stands where no sigma is read. */
const formOf = ({ sigma, gamma }: GaussianForm, unused: Binding) => {
  const amplitude = (gamma ?? 0) / (2 * Math.PI);
  const NORMAL = gamma === undefined ? 0 : 1;
  if (typeof sigma !== "number")
    return {
      sigma: sigma.binding,
      overrides: { LEARNED: 1, NORMAL },
      params: { steepness: 0, peak: 0, sigmas: sigma.count, amplitude },
    };
  const peak = gamma === undefined ? 1 : amplitude / sigma ** 2;
  return {
    sigma: unused,
    overrides: { LEARNED: 0, NORMAL },
    params: { steepness: 0.5 / sigma ** 2, peak, sigmas: 1, amplitude },
  };
};

/** y [maps, h, w] = peak * exp(-r^2 / (2 sigma^2)) around points [maps, 2] = (column, row). */
export function gaussianForward(
  device: Device,
  { points, y }: { points: Binding; y: Binding },
  { maps, h, w }: MapDims,
  form: GaussianForm,
): void {
  const rows = maps * h;
  const { overrides, each, groups } = rowGrid(w, rows);
  const { sigma, ...shape } = formOf(form, points);
  device.dispatch(
    { shader: gaussianHeatmaps, overrides: { ...overrides, ...shape.overrides } },
    { points, sigma, y },
    { rows, each, h, w, ...shape.params },
    groups,
  );
}

/** The gradient of the points [maps, 2] from g [maps, h, w]. */
export function gaussianPointsGrad(
  device: Device,
  { points, g, dpoints }: { points: Binding; g: Binding; dpoints: Binding },
  dims: MapDims,
  form: GaussianForm,
): void {
  const share = shareMaps(dims);
  const { maps, chunks } = share;
  const { sigma, overrides, params } = formOf(form, points);
  withFloats(device, maps * chunks * 2, "gaussian_heatmaps' partial sums", (parts) => {
    device.dispatch(
      { shader: gaussianHeatmapsInputGrad, overrides },
      { points, g, sigma, parts },
      { ...share, ...params },
      linearGrid(maps * chunks),
    );
    reduceAxis(device, "sum", { x: parts, y: dpoints }, { outer: maps, length: chunks, inner: 2 });
  });
}

/** The gradient of the `count` sigmas of a form that has them on the device; count divides the number of maps. */
export function gaussianSigmaGrad(
  device: Device,
  { points, g, sigmaGrad }: { points: Binding; g: Binding; sigmaGrad: Binding },
  dims: MapDims,
  { sigma, gamma }: { sigma: { binding: Binding; count: number }; gamma?: number },
): void {
  const share = shareMaps(dims);
  const { maps, chunks } = share;
  const { overrides, params } = formOf({ sigma, gamma }, points);
  withFloats(device, maps * chunks, "gaussian_heatmaps' partial sums", (parts) =>
    withFloats(device, maps, "gaussian_heatmaps' sums", (sums) => {
      device.dispatch(
        { shader: gaussianHeatmapsSigmaGrad, overrides: { NORMAL: overrides.NORMAL } },
        { points, g, sigma: sigma.binding, parts },
        { ...share, sigmas: sigma.count, amplitude: params.amplitude },
        linearGrid(maps * chunks),
      );
      reduceAxis(device, "sum", { x: parts, y: sums }, { outer: maps, length: chunks, inner: 1 });
      reduceAxis(
        device,
        "sum",
        { x: sums, y: sigmaGrad },
        { outer: 1, length: maps / sigma.count, inner: sigma.count },
      );
    }),
  );
}
