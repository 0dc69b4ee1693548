/** The main job: scouts of a head in, an oriented acquisition volume out. */
export { drawBatch, type ScoutBatch } from "./batches.ts";
export { posesFor, type ScoutCase, scoutCase, trueObservations } from "./cases.ts";
export * from "./config.ts";
export { type EquipReport, equip, findAll, landmarkMisses } from "./equip.ts";
export { equipmentFromJson, equipmentJson } from "./equipment-json.ts";
export { type EvaluatedCase, type EvaluateOptions, type Evaluation, evaluate, type JudgedHead } from "./evaluate.ts";
export { evaluationJson } from "./evaluation-json.ts";
export {
  type Followed,
  type FollowedPose,
  type FollowOptions,
  type FollowSpread,
  followHead,
  followJson,
} from "./follow.ts";
export { type ScoutTensors, scoutLoss, uploadScouts } from "./loss.ts";
export {
  loadScoutModel,
  readScoutModel,
  type ScoutModelFile,
  writeScoutModel,
} from "./model-file.ts";
export { exampleHeads, type HeadOptions, type MadeHead, makeHead } from "./phantom/index.ts";
export {
  assignPlanes,
  type Found,
  type FoundScouts,
  findLandmarks,
  observations,
  type UsualSpread,
} from "./predict.ts";
export { calibrationReport, scoutPictures } from "./reports/calibration-report.ts";
export { type DemoReport, demoReport } from "./reports/demo-report.ts";
export { type FollowReport, followReport, posePicture } from "./reports/follow-report.ts";
export { trainReport } from "./reports/train-report.ts";
export { loadScoutRun, readScoutRun, type ScoutRun } from "./run.ts";
export {
  boxFromFound,
  buildNet,
  calibrateScouts,
  type Equipment,
  type MeanHead,
  type ModelOrigin,
  type ScoutModel,
} from "./scout-model.ts";
export { scoutTask } from "./scout-task.ts";
export * from "./scouts/index.ts";
export { type ScoutTrainOptions, type ScoutTrainResult, trainScouts } from "./train.ts";
export { tuneScouts } from "./tune.ts";
