/** From landmarks on scouts to an oriented box: pure functions, no GPU, no files. */

export { boxAngles, normalFromAngles, type ObliqueAngles, obliqueAngles, obliqueText } from "./angles.ts";
export { boxJson } from "./box-json.ts";
export { type CalibrationInput, calibrate } from "./calibrate.ts";
export { type Estimate, estimateBox } from "./estimate.ts";
export { type CorrectorOptions, type CorrectorReport, type CorrectorSample, fitCorrector } from "./fit-corrector.ts";
export { defaultPresets } from "./judge.ts";
export { type CalibrationOptions, resolveOptions } from "./options.ts";
export { type ReconstructedPoint, reconstructPoint, type Sighting } from "./points.ts";
export { bestTriple, planeAngle, scoutFrame } from "./scouts.ts";
export { type PackOptions, packDirections, roundBox, slicePack } from "./slices.ts";
export { fitTemplate, type TemplateOptions, type TrainingHead } from "./template.ts";
export { type LandmarkMiss, withErrors } from "./template-errors.ts";
export { templateFromJson, templateJson } from "./template-json.ts";
export type * from "./types.ts";
