import type { Device } from "../device/index.ts";
import { gaussianHeatmaps, softArgmax2d, spatialSoftmaxCrossEntropy } from "../landmarks/index.ts";
import type { PlanesUNet } from "../models/index.ts";
import { add, mul, smoothL1Loss, type Tensor, tensor } from "../tensor/index.ts";
import type { ScoutBatch } from "./batches.ts";
import { heatmapMm, heatmapSize, type ScoutNetConfig, type ScoutTrainingConfig } from "./config.ts";

/** A training batch on the device, plane by plane in the order of `planeOrder`. */
export type ScoutTensors = readonly {
  /** [N, 1, grid, grid]. */
  readonly images: Tensor;
  /** [N, landmarks, 2], column and row in heat-map pixels. */
  readonly points: Tensor;
  /** [N, landmarks, 1], 1 where the landmark is on the scout. */
  readonly visible: Tensor;
}[];

/** Brings a batch's numbers to the device. */
export const uploadScouts = ({ planes, size }: ScoutBatch, device: Device, net: ScoutNetConfig): ScoutTensors =>
  planes.map(({ images, points, visible }) => {
    const k = visible.length / size;
    return {
      images: tensor(device, images, [size, 1, net.grid.size, net.grid.size]),
      points: tensor(device, points, [size, k, 2]),
      visible: tensor(device, visible, [size, k, 1]),
    };
  });

/**
 * Loss of one batch: for each plane the smooth L1 distance (mm) between soft-argmax and target, and a little of the
 * cross-entropy between the heat-map's softmax and a Gaussian at the target, which keeps heat-maps single and narrow.
 * Landmarks outside a scout count in neither.
 */
export function scoutLoss(
  model: PlanesUNet,
  batch: ScoutTensors,
  net: ScoutNetConfig,
  { sigmaMm, heatmapWeight }: ScoutTrainingConfig,
): Tensor {
  const mm = heatmapMm(net);
  const cells = heatmapSize(net);
  const maps = model.call(batch.map((p) => p.images));
  let total: Tensor | undefined;
  batch.forEach(({ points, visible }, i) => {
    const weight = mul(visible, mm);
    const distance = smoothL1Loss(mul(softArgmax2d(maps[i]), weight), mul(points, weight));
    const sharpness = spatialSoftmaxCrossEntropy(
      maps[i],
      gaussianHeatmaps(points, { size: [cells, cells], sigma: sigmaMm / mm }),
    );
    const loss = add(distance, mul(sharpness, heatmapWeight));
    total = total ? add(total, loss) : loss;
  });
  return mul(total!, 1 / batch.length);
}
