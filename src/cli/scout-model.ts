import type { Device } from "../device/index.ts";
import type { ScoutModel } from "../mri/index.ts";

/** The network of --run, or without it the packaged one. */
export const openScoutModel = async (run: string | undefined, device: Device): Promise<ScoutModel> => {
  if (run !== undefined) return (await import("../mri/run.node.ts")).openScoutRun(run, device);
  return (await import("../mri/packaged.node.ts")).openPackagedModel(device);
};
