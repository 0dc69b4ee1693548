export {
  checkpointFiles,
  configDigest,
  decodeCheckpoint,
  encodeCheckpoint,
  type Plain,
  readWeights,
} from "./checkpoint.ts";
export { Ema, type EmaOptions, ema } from "./ema.ts";
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
  type RmspropOptions,
  rmsprop,
  type Select,
  type SgdOptions,
  sgd,
} from "./optimizer-spec.ts";
export { loadRun, type RunContent, readRun, readRunJson } from "./read-run.ts";
export {
  constantRate,
  cosineRate,
  makeSchedule,
  oneCycle,
  plateau,
  type Schedule,
  type ScheduleSpec,
  stepRate,
} from "./schedule.ts";
export { type BatchPlace, type BatchSource, type ItemOptions, itemBatches } from "./source.ts";
export { MemoryStore, type RunFiles, type RunStore } from "./store.ts";
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
