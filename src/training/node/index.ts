export { environment, RunFolder } from "./run-folder.ts";
