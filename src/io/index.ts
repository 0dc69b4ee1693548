/** Bytes <-> Image, Volume and plain objects. Nothing here needs Node: the same code runs in a browser. */
export * from "./dicom/index.ts";
export { gunzip, isGzip } from "./gunzip.ts";
export type { Image, Volume } from "./image.ts";
export { defaultLimits, type ReadLimits } from "./limits.ts";
export { isNifti, readNifti } from "./nifti/read.ts";
export { writeNifti } from "./nifti/write.ts";
export { isPng } from "./png.ts";
export { writePng } from "./png-write.ts";
export * from "./safetensors/index.ts";
export { hex, sha256 } from "./sha256.ts";
export { middleSliceOfVolume, sliceOfVolume } from "./slices.ts";
export { type CsvTable, readCsv, writeCsv } from "./text/csv.ts";
export { decimal } from "./text/decimal.ts";
export { type Json, readJson } from "./text/json.ts";
export type { ReadWarning, Warn } from "./warning.ts";
