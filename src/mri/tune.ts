import type { Device, TunerTable } from "../device/index.ts";
import { type TuneOptions, tune } from "../kernels/common/tune.ts";
import { noGrad, Rng, tensor, tidy } from "../tensor/index.ts";
import { blankBatch } from "./batches.ts";
import type { ScoutNetConfig, ScoutTrainingConfig } from "./config.ts";
import { scoutLoss, uploadScouts } from "./loss.ts";
import { buildNet } from "./scout-model.ts";

/** Tunes the kernels of a training step and of a prediction from one triplet, for this network on this adapter. */
export async function tuneScouts(
  device: Device,
  net: ScoutNetConfig,
  training: ScoutTrainingConfig,
  options: TuneOptions = {},
): Promise<TunerTable> {
  const model = buildNet(net).init(device, new Rng(0));
  const batch = blankBatch(training.batch, net);
  const { size } = net.grid;
  const work = (): void => {
    tidy(() => {
      scoutLoss(model, uploadScouts(batch, device, net), net, training).backward();
    });
    model.eval();
    tidy(() => {
      noGrad(() => model.call(batch.planes.map(() => tensor(device, new Float32Array(size ** 2), [1, 1, size, size]))));
    });
  };
  try {
    return await tune(device, work, options);
  } finally {
    model.dispose();
  }
}
