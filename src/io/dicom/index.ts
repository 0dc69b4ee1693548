export { foreignDicom } from "./foreign.ts";
export { isDicom, type ReadDicomOptions, readDicom } from "./read.ts";
export { type DicomSeries, middleSlice, seriesFromSlices, volumeFromSeries } from "./series.ts";
export type { DicomSlice } from "./slice.ts";
export { dicomUid } from "./uid.ts";
export { type DicomOutput, writeDicom } from "./write.ts";
