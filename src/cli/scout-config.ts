import type { ScoutConfig } from "../mri/config.ts";
import { registry } from "../registry.ts";
import { readCheckedJson } from "./checked.ts";

/** The defaults with what a configuration file changes. */
export const readScoutConfig = (file: string | undefined): Promise<ScoutConfig> | ScoutConfig => {
  const { config } = registry.tasks.scouts;
  return file === undefined ? config.parse({}) : readCheckedJson(file, config);
};
