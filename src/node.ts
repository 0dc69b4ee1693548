/** What needs Node: files and folders. */

export * from "./io/node/index.ts";
export { exampleScoutsFolder, openPackagedModel, packagedModelFile } from "./mri/packaged.node.ts";
export { judgedHeads, openScoutRun } from "./mri/run.node.ts";
export { type MriFolder, openMriFolder, type SplitName } from "./mri/scouts/folder.node.ts";
export { type ReadScouts, readScouts, type ScoutWarning } from "./mri/scouts/read-scouts.node.ts";
export { environment, filesIn, RunFolder } from "./training/node/index.ts";
