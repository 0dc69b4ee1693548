import { ConfigError } from "../errors.ts";
import {
  bceWithLogits,
  gaussianHeatmaps,
  mseLoss,
  noGrad,
  spatialSoftmaxCrossEntropy,
  type Tensor,
} from "../tensor/index.ts";

/** Heat-maps [N, K, h, w] and true points [N, K, 2] = (column, row) in pixels of the maps -> one number. */
export type HeatmapLoss = (heatmaps: Tensor, points: Tensor) => Tensor;

export interface HeatmapLossOptions {
  /** Deviation of the Gaussian around each point, in pixels of the map. */
  readonly sigma: number;
}

const against =
  (name: string, loss: (maps: Tensor, target: Tensor) => Tensor) =>
  ({ sigma }: HeatmapLossOptions): HeatmapLoss => {
    if (!(sigma > 0 && Number.isFinite(sigma)))
      throw new ConfigError("sigma", `${name}: sigma is ${sigma}; give a number of pixels above 0`);
    return (heatmaps, points) => {
      const [, , h, w] = heatmaps.shape;
      return loss(
        heatmaps,
        noGrad(() => gaussianHeatmaps(points, { size: [h, w], sigma })),
      );
    };
  };

/** Mean square difference to a Gaussian of height 1 around each point. */
export const heatmapMse = against("heatmapMse", (maps, target) => mseLoss(maps, target));
/** Cross-entropy of each pixel's sigmoid with the Gaussian. */
export const heatmapBce = against("heatmapBce", (maps, target) => bceWithLogits(maps, target));
/** Cross-entropy of the softmax over each map with the Gaussian as a distribution; points far outside the map do not count. */
export const heatmapCrossEntropy = against("heatmapCrossEntropy", spatialSoftmaxCrossEntropy);

export { bceWithLogits, mseLoss, smoothL1, spatialSoftmaxCrossEntropy } from "../tensor/index.ts";
