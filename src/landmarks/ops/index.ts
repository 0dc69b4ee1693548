/** Ops of heat-maps and landmarks. */
export {
  type ConnectedComponentsOptions,
  type Connectivity,
  connectedComponents,
  type DecodeCentroidsOptions,
  decodeCentroids,
} from "./components.ts";
export { argmax2d, decodeHeatmaps } from "./decode-heatmaps.ts";
export { type GaussianHeatmapOptions, gaussianHeatmaps } from "./gaussian-heatmaps.ts";
export { heatmapVariance } from "./heatmap-variance.ts";
export { type LogDiceLossOptions, logDiceLoss } from "./log-dice.ts";
export { ohkm } from "./ohkm.ts";
export type { GridConvention, SoftArgmaxOptions } from "./soft-argmax-grid.ts";
export { softArgmax1d } from "./soft-argmax1d.ts";
export { softArgmax2d, softArgmax2dMoments } from "./soft-argmax2d.ts";
export { softArgmax3d } from "./soft-argmax3d.ts";
export { spatialSoftmaxCrossEntropy } from "./spatial-softmax-ce.ts";
