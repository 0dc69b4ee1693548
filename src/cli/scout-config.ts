import { type ScoutConfig, type ScoutRunConfig, scoutRunConfig } from "../mri/config.ts";
import { registry } from "../registry.ts";
import { checked, readPlainJson } from "./checked.ts";

/** Of a run's own configuration also what the command line says otherwise: seed and length. */
export type AskedScoutConfig = ScoutConfig & Partial<Pick<ScoutRunConfig, "seed" | "minutes" | "steps">>;

const isRun = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "format" in value && "seed" in value;

/** The defaults with what a configuration file changes; a run's own config.json is one, too. */
export const readScoutConfig = async (file: string | undefined): Promise<AskedScoutConfig> => {
  const { config } = registry.tasks.scouts;
  if (file === undefined) return config.parse({});
  const value = await readPlainJson(file);
  return isRun(value) ? checked(file, scoutRunConfig, value) : checked(file, config, value);
};
