import { ConfigError } from "../../errors.ts";
import { type CentroidOptions, centroidsKernel, componentsKernel } from "../../kernels/landmarks/components.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkMaps, mapDims } from "./soft-argmax2d.ts";

const componentsOp: Op<{ threshold: number; diagonal: boolean }> = {
  name: "connectedComponents",
  dtype: "i32",
  shape([x]) {
    checkMaps("connectedComponents", x);
    return x;
  },
  forward(ctx, [x], attrs) {
    const labels = ctx.empty();
    componentsKernel(ctx.device, { x: x.binding("maps"), labels: labels.binding() }, mapDims(x.shape), attrs);
    return labels;
  },
};

const centroidsOp: Op<CentroidOptions> = {
  name: "decodeCentroids",
  shape([x]) {
    checkMaps("decodeCentroids", x);
    return [x[0], x[1], 4];
  },
  forward(ctx, [x], attrs) {
    const points = ctx.empty();
    centroidsKernel(ctx.device, { x: x.binding("heat-maps"), points: points.binding() }, mapDims(x.shape), attrs);
    return points;
  },
};

/** 4: pixels touch at their edges; 8: at their corners too. */
export type Connectivity = 4 | 8;

const diagonalOf = (op: string, connectivity: Connectivity): boolean => {
  if (connectivity !== 4 && connectivity !== 8)
    throw new ConfigError("connectivity", `${op}: connectivity is ${connectivity}; use 4 or 8`);
  return connectivity === 8;
};

export interface ConnectedComponentsOptions {
  /** Pixels above it are foreground; NaN is not. Default 0. */
  readonly threshold?: number;
  /** Default 8. */
  readonly connectivity?: Connectivity;
}
const connectedComponentsKeys: KeysOf<ConnectedComponentsOptions> = { threshold: 1, connectivity: 1 };

/**
 * Maps [N, K, H, W] -> labels [N, K, H, W], integers (i32): 0 for the background, else the number of the pixel's component in
 * its map: 1, 2, ... in the order of their first pixels, row by row, as scipy.ndimage.label counts. No gradient.
 */
export function connectedComponents(maps: Tensor, options: ConnectedComponentsOptions = {}): Tensor {
  const { threshold = 0, connectivity = 8 } = checkOptions("connectedComponents", options, connectedComponentsKeys);
  const diagonal = diagonalOf("connectedComponents", connectivity);
  if (Number.isNaN(threshold))
    throw new ConfigError("threshold", `connectedComponents: threshold is ${threshold}; give a number`);
  return apply(componentsOp, [maps], { threshold, diagonal });
}

export interface DecodeCentroidsOptions {
  /**
   * Pixels above this share of the map's peak count. Default 0.5. "adaptive" starts at half the peak's own value and rises by
   * 0.01, up to 0.988, until one component is left (Xue et al., 2021).
   */
  readonly threshold?: number | "adaptive";
  /** Default 8, as OpenCV's contours. */
  readonly connectivity?: Connectivity;
  /** "uniform": the mean of the pixels' places; "values": their center of mass. Default "uniform". */
  readonly weights?: "uniform" | "values";
}
const decodeCentroidsKeys: KeysOf<DecodeCentroidsOptions> = { threshold: 1, connectivity: 1, weights: 1 };

/**
 * Heat-maps [N, K, H, W] -> [N, K, 4] = column and row of the middle of the largest connected component above a share of the
 * map's peak, in pixels of the map, then the peak and the component's number of pixels. Of components of equal size the first,
 * row by row. A map whose peak is not above 0, or that holds a NaN, has no component: its place is NaN and its number 0. The
 * middle is that of pixels; OpenCV's polygon moments run through the border pixels' centers and differ a little for ragged
 * shapes. No gradient.
 */
export function decodeCentroids(heatmaps: Tensor, options: DecodeCentroidsOptions = {}): Tensor {
  const {
    threshold = 0.5,
    connectivity = 8,
    weights = "uniform",
  } = checkOptions("decodeCentroids", options, decodeCentroidsKeys);
  const diagonal = diagonalOf("decodeCentroids", connectivity);
  if (threshold !== "adaptive" && !(threshold >= 0 && threshold < 1))
    throw new ConfigError(
      "threshold",
      `decodeCentroids: threshold is ${threshold}; give a share of the peak from 0 to below 1, or "adaptive"`,
    );
  if (weights !== "uniform" && weights !== "values")
    throw new ConfigError("weights", `decodeCentroids: weights is ${weights}; use "uniform" or "values"`);
  return apply(centroidsOp, [heatmaps], { share: threshold, diagonal, weighted: weights === "values" });
}
