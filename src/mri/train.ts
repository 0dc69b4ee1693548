import type { Device } from "../device/index.ts";
import { DataError } from "../errors.ts";
import type { StateSource } from "../nn/index.ts";
import type { Rng } from "../tensor/index.ts";
import {
  adamw,
  type BatchSource,
  checkpointFiles,
  type EpochReport,
  ema,
  oneCycle,
  type Plain,
  type RunStore,
  readWeights,
  Trainer,
  type TrainerEvent,
} from "../training/index.ts";
import { drawBatch, type ScoutBatch } from "./batches.ts";
import { scoutCase } from "./cases.ts";
import { defaultNet, defaultTraining, type ScoutNetConfig, type ScoutTrainingConfig } from "./config.ts";
import { type EquipReport, equip, findAll, landmarkMisses } from "./equip.ts";
import { scoutLoss } from "./loss.ts";
import { buildNet, type Equipment, type ScoutModel } from "./scout-model.ts";
import { type Augmentation, drawPose, type Head } from "./scouts/index.ts";

export interface ScoutTrainOptions {
  readonly device: Device;
  /** Heads to learn from, and heads to watch and to calibrate the estimator on; all with truth. */
  readonly train: readonly Head[];
  readonly validation: readonly Head[];
  readonly rng: Rng;
  /** Give one: a time budget for everything, or a number of steps. */
  readonly minutes?: number;
  readonly steps?: number;
  readonly net?: ScoutNetConfig;
  readonly training?: Partial<ScoutTrainingConfig>;
  readonly augmentation?: Partial<Augmentation>;
  /** Steps between validations. Default 50. */
  readonly epochSteps?: number;
  readonly store: RunStore;
  readonly config?: Plain;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly openDevice?: () => Promise<Device>;
  readonly allowAdapterChange?: boolean;
  readonly onEvent?: (event: TrainerEvent) => void;
  readonly onEpoch?: (epoch: EpochReport) => void;
}

export interface ScoutTrainResult {
  /** Null where the run was stopped before its end. */
  readonly model: ScoutModel | null;
  readonly report: EquipReport | null;
  readonly losses: readonly number[];
  readonly steps: number;
}

/** Share of a time budget that is left for the estimator after training. */
const forEquipment = 0.06;

const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

/** Trains the network for scouts and makes its estimator. Batches, validation poses and order follow from `rng` alone. */
export async function trainScouts(o: ScoutTrainOptions): Promise<ScoutTrainResult> {
  const net = o.net ?? defaultNet;
  const training = { ...defaultTraining, ...o.training };
  for (const [name, list] of [
    ["training", o.train],
    ["validation", o.validation],
  ] as const) {
    if (list.length === 0) throw new DataError(`mri train: the ${name} split is empty; name subjects in split.json`);
    for (const h of list)
      if (!h.truth)
        throw new DataError(
          `mri train: ${h.subject} has neither labels nor truth; add labels/${h.subject}.nii.gz or leave it out of split.json`,
        );
  }
  const model = buildNet(net).init(o.device, o.rng.fork("model"));
  const source: BatchSource<ScoutBatch> = {
    length: o.epochSteps ?? 50,
    batch: (_, random) => drawBatch(o.train, training.batch, random, net, o.augmentation),
  };
  const watch = o.rng.fork("validation");
  const cases = o.validation.flatMap((head) =>
    [0, 1].map((i) =>
      scoutCase(head, drawPose(watch.fork(`${head.subject} ${i}`)), watch.fork(`scouts ${head.subject} ${i}`)),
    ),
  );
  const trainer = new Trainer<ScoutBatch>({
    device: o.device,
    model,
    step: ({ batch, device }) => scoutLoss(model, device, batch, net, training),
    optimizer: adamw({ lr: training.lr, weightDecay: training.weightDecay, clip: training.clip }),
    schedule: oneCycle({ warmup: 0.15 }),
    ema: ema({ decay: training.ema }),
    rng: o.rng.fork("train"),
    store: o.store,
    config: o.config,
    openDevice: o.openDevice,
    allowAdapterChange: o.allowAdapterChange,
    onEvent: o.onEvent,
  });
  const fit = trainer.fit(source, {
    ...(o.steps === undefined ? { minutes: (o.minutes ?? 60) * (1 - forEquipment) } : { steps: o.steps }),
    validate: async ({ device }) => {
      const found = await findAll(model, device, cases, net);
      return { landmark_mm: mean(landmarkMisses(cases, found, net).map((m) => Math.hypot(...m.errorMm))) };
    },
    monitor: "landmark_mm",
    resume: o.resume,
    signal: o.signal,
  });
  for await (const epoch of fit) o.onEpoch?.(epoch);
  const losses = trainer.history.series.get("loss") ?? [];
  const { device } = trainer;
  if (trainer.outcome === "aborted") return { model: null, report: null, losses: [...losses], steps: trainer.step };
  const best = await o.store.read(checkpointFiles.best);
  if (best) model.load(device, readWeights(best, checkpointFiles.best) as StateSource);
  model.eval();
  const { equipment, report } = await equip(model, device, {
    train: o.train,
    heldOut: o.validation,
    net,
    random: o.rng.fork("equip"),
  });
  await o.store.write("calibration.json", `${JSON.stringify(equipment satisfies Equipment)}\n`);
  return { model: { device, net, model, equipment }, report, losses: [...losses], steps: trainer.step };
}
