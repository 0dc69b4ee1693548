export * from "./box.ts";
export { overlapVolume } from "./box-overlap.ts";
export * from "./box-summary.ts";
