export type { Select } from "../nn/index.ts";
export {
  checkpointFiles,
  configDigest,
  decodeCheckpoint,
  encodeCheckpoint,
  type Plain,
  readWeights,
} from "./checkpoint.ts";
export { Ema, type EmaOptions, ema } from "./ema.ts";
export type { FitRun } from "./fit-run.ts";
export { type EpochRecord, History } from "./history.ts";
export { type GradientReport, Optimizer } from "./optimizer.ts";
export {
  type AdagradOptions,
  type AdamOptions,
  adagrad,
  adam,
  adamw,
  gradientDescent,
  type OptimizerSpec,
  optimizerSpec,
  type RmspropOptions,
  rmsprop,
  type SgdOptions,
  sgd,
} from "./optimizer-spec.ts";
export { parseConfig } from "./parse-config.ts";
export { loadRun, type RunContent, readRun, readRunJson } from "./read-run.ts";
export type { RunDescription } from "./run-layout.ts";
export {
  constantRate,
  cosineRate,
  makeSchedule,
  oneCycle,
  plateau,
  type Schedule,
  type ScheduleSpec,
  scheduleSpec,
  stepRate,
} from "./schedule.ts";
export { type BatchPlace, type BatchSource, type ItemOptions, itemBatches } from "./source.ts";
export { MemoryStore, type RunFiles, type RunStore } from "./store.ts";
export type { Recipe, Task } from "./task.ts";
export {
  type DatasetOptions,
  type HostArray,
  type HostNumbers,
  type ItemArray,
  type ItemBatch,
  type NestedNumbers,
  type TensorDataset,
  tensorDataset,
} from "./tensor-dataset.ts";
export { type TrainedRun, type TrainRunOptions, trainRun } from "./train-run.ts";
export { Trainer } from "./trainer.ts";
export type {
  EpochReport,
  FitOptions,
  Outcome,
  StepContext,
  StepResult,
  TrainerEvent,
  TrainerOptions,
  ValidationContext,
} from "./trainer-options.ts";
export { meanOver } from "./validation.ts";
