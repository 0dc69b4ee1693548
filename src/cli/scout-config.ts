import { type ScoutConfig, scoutConfig } from "../mri/config.ts";
import { readCheckedJson } from "./checked.ts";

/** The defaults with what a configuration file changes. */
export const readScoutConfig = (file: string | undefined): Promise<ScoutConfig> | ScoutConfig =>
  file === undefined ? scoutConfig.parse({}) : readCheckedJson(file, scoutConfig);
