export { environment, filesIn, RunFolder } from "./run-folder.ts";
