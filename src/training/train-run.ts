import type { Device } from "../device/index.ts";
import type { Module } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Rng } from "../tensor/index.ts";
import { checkSameData } from "./differences.ts";
import { clearRun, describeRun, loadRunTuner, type RunDescription } from "./run-layout.ts";
import type { BatchSource } from "./source.ts";
import type { RunStore } from "./store.ts";
import type { Task } from "./task.ts";
import { Trainer } from "./trainer.ts";
import type { EpochReport, FitOptions, Outcome, TrainerOptions } from "./trainer-options.ts";

type Fit = Pick<FitOptions, "epochs" | "steps" | "minutes" | "monitor" | "mode" | "patience" | "saveEvery" | "signal">;
type Ways = Pick<TrainerOptions<never, never>, "openDevice" | "allowAdapterChange" | "guard" | "onEvent" | "record">;

export interface TrainRunOptions<C, B, S> extends Fit, Ways {
  readonly device: Device;
  readonly config: C;
  readonly rng: Rng;
  readonly source: BatchSource<B>;
  /** Samples that the network is judged by after each epoch; none: the training's loss judges. */
  readonly validation?: readonly S[];
  /** The run's folder. */
  readonly store: RunStore;
  readonly about: RunDescription;
  /** Files of this task in the folder, which a new run removes as it removes checkpoints. */
  readonly ownFiles?: readonly string[];
  /** Go on with the run that is in the folder, where there is one. */
  readonly resume?: boolean;
  readonly onEpoch?: (epoch: EpochReport) => void;
}
const trainRunKeys: KeysOf<TrainRunOptions<never, never, never>> = {
  device: 1,
  config: 1,
  rng: 1,
  source: 1,
  validation: 1,
  store: 1,
  about: 1,
  ownFiles: 1,
  resume: 1,
  onEpoch: 1,
  mode: 1,
  epochs: 1,
  steps: 1,
  minutes: 1,
  monitor: 1,
  patience: 1,
  saveEvery: 1,
  signal: 1,
  openDevice: 1,
  allowAdapterChange: 1,
  guard: 1,
  onEvent: 1,
  record: 1,
};

export interface TrainedRun<M> {
  /** In evaluation, with the best weights; with the last ones where the run was aborted. */
  readonly model: M;
  readonly device: Device;
  readonly outcome: Outcome;
  readonly steps: number;
  /** Loss of each step. */
  readonly losses: readonly number[];
  /** Epochs of this process. */
  readonly epochs: readonly EpochReport[];
}

const line = ({ epoch, step, train, validation, improved }: EpochReport): string => {
  const numbers = Object.entries({ loss: train.loss, ...validation }).map(([n, v]) => `${n} ${v.toFixed(4)}`);
  return `epoch ${epoch}: step ${step}, ${numbers.join(", ")}${improved ? ", best" : ""}`;
};

/**
 * Trains a task in a run folder: lays it out (config.json, environment.json, tuner.json, data.json), or takes up the run that
 * is there with the kernels it began with; keeps checkpoints, metrics.csv and a line an epoch in log.txt; and ends with the best
 * weights. A run that cannot be resumed is left as it is. Throws DataError where data.json tells of other data, and what
 * `Trainer.fit` throws.
 */
export async function trainRun<C, M extends Module, B, T, S, F>(
  task: Task<C, M, B, T, S, F>,
  o: TrainRunOptions<C, B, S>,
): Promise<TrainedRun<M>> {
  checkOptions("trainRun", o, trainRunKeys);
  const { store, config } = o;
  let written: Promise<void> = Promise.resolve();
  const describe = (): Promise<void> => describeRun(store, o.device, o.about);
  if (o.resume) {
    await checkSameData(store, o.about.data);
    await loadRunTuner(store, o.device);
  }
  // Built before anything is removed: a configuration that builds nothing leaves the run that is there as it is.
  const model = task.build(config).init(o.device, o.rng.fork("model"));
  if (!o.resume) {
    await clearRun(store, o.ownFiles);
    await describe();
  }
  const trainer = new Trainer<B, T>({
    device: o.device,
    model,
    ...task.recipe(config),
    upload: (batch, device) => task.upload(batch, device, config),
    step: ({ tensors }) => task.loss(model, tensors, config),
    rng: o.rng.fork("train"),
    store,
    config: o.about.config,
    openDevice: o.openDevice,
    allowAdapterChange: o.allowAdapterChange,
    guard: o.guard,
    record: o.record,
    onEvent(event) {
      // The run that is there is taken up by now, or there was none: until then its files are not touched.
      if (o.resume && (event.type === "resumed" || event.type === "plan")) {
        written = written.then(describe);
        written.catch(() => {}); // told where it is awaited
      }
      o.onEvent?.(event);
    },
  });
  const { validation } = o;
  const fit = trainer.fit(o.source, {
    ...{ epochs: o.epochs, steps: o.steps, minutes: o.minutes, monitor: o.monitor, mode: o.mode },
    ...{ patience: o.patience, saveEvery: o.saveEvery, signal: o.signal, resume: o.resume },
    validate: validation
      ? async ({ device }) => task.metrics(await task.predict(model, validation, device, config), validation, config)
      : undefined,
  });
  const epochs: EpochReport[] = [];
  for await (const epoch of fit) {
    await written;
    epochs.push(epoch);
    await store.log?.(line(epoch));
    o.onEpoch?.(epoch);
  }
  await written;
  const { device, outcome } = trainer;
  if (outcome !== "aborted" && trainer.best) await trainer.restoreBest();
  model.eval();
  const losses = trainer.history.series.get("loss") ?? [];
  return { model, device, outcome: outcome!, steps: trainer.step, losses: [...losses], epochs };
}
