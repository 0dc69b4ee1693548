import type { Device } from "../device/index.ts";
import { gaussianHeatmaps, softArgmax2d, spatialSoftmaxCrossEntropy } from "../landmarks/index.ts";
import type { PlanesUNet } from "../models/index.ts";
import { add, mul, smoothL1, type Tensor, tensor } from "../tensor/index.ts";
import type { ScoutBatch } from "./batches.ts";
import { heatmapMm, heatmapSize, type ScoutNetConfig, type ScoutTrainingConfig } from "./config.ts";

/**
 * Loss of one batch: for each plane the smooth L1 distance (mm) between soft-argmax and target, and a little of the
 * cross-entropy between the heat-map's softmax and a Gaussian at the target, which keeps heat-maps single and narrow.
 * Landmarks outside a scout count in neither.
 */
export function scoutLoss(
  model: PlanesUNet,
  device: Device,
  batch: ScoutBatch,
  net: ScoutNetConfig,
  { sigmaMm, heatmapWeight }: ScoutTrainingConfig,
): Tensor {
  const side = net.grid.size;
  const mm = heatmapMm(net);
  const cells = heatmapSize(net);
  const images = batch.planes.map((p) => tensor(device, p.images, [batch.size, 1, side, side]));
  const maps = model.call(images);
  let total: Tensor | undefined;
  batch.planes.forEach((p, i) => {
    const k = p.visible.length / batch.size;
    const visible = tensor(device, p.visible, [batch.size, k, 1]);
    const points = tensor(device, p.points, [batch.size, k, 2]);
    const weight = mul(visible, mm);
    const distance = smoothL1(mul(softArgmax2d(maps[i]), weight), mul(points, weight));
    const sharpness = spatialSoftmaxCrossEntropy(
      maps[i],
      gaussianHeatmaps(points, { size: [cells, cells], sigma: sigmaMm / mm }),
    );
    const loss = add(distance, mul(sharpness, heatmapWeight));
    total = total ? add(total, loss) : loss;
  });
  return mul(total!, 1 / batch.planes.length);
}
