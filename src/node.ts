/** What needs Node: files and folders. */

export * from "./io/node/index.ts";
export { judgedHeads, openScoutRun } from "./mri/run.node.ts";
export { type MriFolder, openMriFolder, type SplitName } from "./mri/scouts/folder.node.ts";
export { readScouts } from "./mri/scouts/read-scouts.node.ts";
export { environment, filesIn, RunFolder } from "./training/node/index.ts";
