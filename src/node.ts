/** What needs Node: files and folders. */

export * from "./io/node/index.ts";
export { judgedHeads, openScoutRun, type ScoutRunConfig } from "./mri/run.node.ts";
export { type MriFolder, openMriFolder, type SplitName } from "./mri/scouts/folder.node.ts";
export { environment, RunFolder } from "./training/node/index.ts";
