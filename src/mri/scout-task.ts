import type { PlanesUNet } from "../models/index.ts";
import { adamw, ema, oneCycle, type Task } from "../training/index.ts";
import type { ScoutBatch } from "./batches.ts";
import type { ScoutCase } from "./cases.ts";
import { type ScoutConfig, scoutConfig } from "./config.ts";
import { findAll, landmarkMisses } from "./equip.ts";
import { type ScoutTensors, scoutLoss, uploadScouts } from "./loss.ts";
import type { FoundScouts } from "./predict.ts";
import { buildNet } from "./scout-model.ts";

/** Landmarks of a head on its three scouts. */
export const scoutTask: Task<ScoutConfig, PlanesUNet, ScoutBatch, ScoutTensors, ScoutCase, FoundScouts> = {
  name: "scouts",
  config: scoutConfig,
  build: ({ net }) => buildNet(net),
  recipe: ({ training }) => ({
    optimizer: adamw({ lr: training.lr, weightDecay: training.weightDecay, clip: training.clip }),
    schedule: oneCycle({ warmup: 0.15 }),
    ema: ema({ decay: training.ema }),
    accumulate: training.accumulate,
  }),
  upload: (batch, device, { net }) => uploadScouts(batch, device, net),
  loss: (model, tensors, { net, training }) => scoutLoss(model, tensors, net, training),
  predict: (model, cases, device, { net }) => findAll(model, device, cases, net),
  metrics(found, cases, { net }) {
    const distances = landmarkMisses(cases, found, net).map((m) => Math.hypot(...m.errorMm));
    return { landmark_mm: distances.reduce((a, b) => a + b, 0) / distances.length };
  },
};
