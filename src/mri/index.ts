/** The main job: scouts of a head in, an oriented acquisition volume out. */
export { drawBatch, type ScoutBatch } from "./batches.ts";
export { posesFor, type ScoutCase, scoutCase, trueObservations } from "./cases.ts";
export * from "./config.ts";
export { type EquipReport, equip, findAll, landmarkMisses } from "./equip.ts";
export { type EvaluatedCase, type EvaluateOptions, type Evaluation, evaluate, type JudgedHead } from "./evaluate.ts";
export { type ScoutTensors, scoutLoss, uploadScouts } from "./loss.ts";
export {
  assignPlanes,
  type Found,
  type FoundScouts,
  findLandmarks,
  observations,
  type UsualSpread,
} from "./predict.ts";
export {
  boxFromFound,
  buildNet,
  calibrateScouts,
  type Equipment,
  type MeanHead,
  type ScoutModel,
} from "./scout-model.ts";
export { scoutTask } from "./scout-task.ts";
export { type ScoutTrainOptions, type ScoutTrainResult, trainScouts } from "./train.ts";
export { tuneScouts } from "./tune.ts";
