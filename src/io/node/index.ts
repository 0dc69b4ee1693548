/** What of io needs Node: files, folders, and the reading of PNG (zlib). */
export { makeFolder, readBytes, removeStaleTemps, writeFileAtomic } from "./files.ts";
export { type DicomFolder, readDicomFolder, readImage, readVolume } from "./open.ts";
export { readPng } from "./png.ts";
