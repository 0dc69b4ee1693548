/** What needs Node: files and folders. */
export { type MriFolder, openMriFolder, type SplitName } from "./data/mri/folder.node.ts";
export * from "./io/node/index.ts";
export { judgedHeads, openScoutRun } from "./mri/run.node.ts";
export { environment, RunFolder } from "./training/node/index.ts";
