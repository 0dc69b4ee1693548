import type { Device } from "../device/index.ts";
import { DataError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Rng } from "../tensor/index.ts";
import { type EpochReport, type Plain, type RunStore, type TrainerEvent, trainRun } from "../training/index.ts";
import { drawBatch } from "./batches.ts";
import { scoutCase } from "./cases.ts";
import { defaultNet, defaultTraining, type ScoutNetConfig, type ScoutTrainingConfig } from "./config.ts";
import { bareTemplate, type EquipReport, equip } from "./equip.ts";
import { equipmentJson } from "./equipment-json.ts";
import { equipmentFile, type ScoutModel } from "./scout-model.ts";
import { scoutTask } from "./scout-task.ts";
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
  /** The run's folder. */
  readonly store: RunStore;
  /** What config.json holds. Default: network and training. */
  readonly config?: Plain;
  /** What data.json and environment.json hold; left out, they are not written. */
  readonly data?: Plain;
  readonly environment?: Plain;
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly openDevice?: () => Promise<Device>;
  readonly allowAdapterChange?: boolean;
  readonly onEvent?: (event: TrainerEvent) => void;
  readonly onEpoch?: (epoch: EpochReport) => void;
}
const scoutTrainKeys: KeysOf<ScoutTrainOptions> = {
  device: 1,
  train: 1,
  validation: 1,
  rng: 1,
  minutes: 1,
  steps: 1,
  net: 1,
  training: 1,
  augmentation: 1,
  epochSteps: 1,
  store: 1,
  config: 1,
  data: 1,
  environment: 1,
  resume: 1,
  signal: 1,
  openDevice: 1,
  allowAdapterChange: 1,
  onEvent: 1,
  onEpoch: 1,
};

export interface ScoutTrainResult {
  /** Null where the run was stopped before its end. */
  readonly model: ScoutModel | null;
  readonly report: EquipReport | null;
  readonly losses: readonly number[];
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
}

/** Share of a time budget that is left for the estimator after training. */
const forEquipment = 0.06;

/**
 * Trains the network for scouts in a run folder, or goes on with the run that is there, and makes its estimator. Batches,
 * validation poses and order follow from `rng` alone. Throws DataError, before anything starts, for heads that the
 * training or the estimator at its end cannot use.
 */
export async function trainScouts(o: ScoutTrainOptions): Promise<ScoutTrainResult> {
  checkOptions("trainScouts", o, scoutTrainKeys);
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
  bareTemplate(o.train, o.validation, net); // else an hour's training would end in this error
  const watch = o.rng.fork("validation");
  const cases = o.validation.flatMap((head) =>
    [0, 1].map((i) =>
      scoutCase(head, drawPose(watch.fork(`${head.subject} ${i}`)), watch.fork(`scouts ${head.subject} ${i}`)),
    ),
  );
  const config = { net, training };
  const run = await trainRun(scoutTask, {
    device: o.device,
    config,
    rng: o.rng,
    source: {
      length: o.epochSteps ?? 50,
      batch: (_, random) => drawBatch(o.train, training.batch, random, net, o.augmentation),
    },
    validation: cases,
    monitor: "landmark_mm",
    ...(o.steps === undefined ? { minutes: (o.minutes ?? 60) * (1 - forEquipment) } : { steps: o.steps }),
    store: o.store,
    about: { config: o.config ?? config, data: o.data, environment: o.environment },
    ownFiles: [equipmentFile],
    resume: o.resume,
    signal: o.signal,
    openDevice: o.openDevice,
    allowAdapterChange: o.allowAdapterChange,
    onEvent: o.onEvent,
    onEpoch: o.onEpoch,
  });
  const { model, device, losses, epochs, steps } = run;
  if (run.outcome === "aborted") {
    model.dispose();
    return { model: null, report: null, losses, epochs, steps };
  }
  const { equipment, report } = await equip(model, device, {
    train: o.train,
    heldOut: o.validation,
    net,
    random: o.rng.fork("equip"),
  });
  await o.store.write(equipmentFile, `${JSON.stringify(equipmentJson(equipment))}\n`);
  return { model: { device, net, model, equipment, origin: null }, report, losses, epochs, steps };
}
