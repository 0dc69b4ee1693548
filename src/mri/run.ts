import { z } from "zod";
import type { Device } from "../device/index.ts";
import { ParseError } from "../errors.ts";
import { loadRun, type RunContent, type RunFiles, readRun, readRunJson } from "../training/index.ts";
import { type ScoutNetConfig, scoutNetConfig } from "./config.ts";
import { equipmentFromJson, equipmentSchema } from "./equipment-json.ts";
import { buildNet, type Equipment, equipmentFile, type ScoutModel } from "./scout-model.ts";

/** A run for scouts as its files tell of it. */
export interface ScoutRun extends RunContent {
  readonly net: ScoutNetConfig;
  readonly equipment: Equipment;
}

/** Of config.json only the network is read back: what else a later version writes there does not matter. */
const configFile = z.object({ net: scoutNetConfig });

const checked = <T>(file: string, schema: z.ZodType<T>, value: unknown, cure: string): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new ParseError("json", `${file}: ${path.join(".")}: ${message}; ${cure}`, { file });
};

/** Reads a run for scouts from any source of bytes. Throws errors that name the file and the cure. */
export async function readScoutRun(files: RunFiles): Promise<ScoutRun> {
  const run = await readRun(files);
  const { net } = checked(`${files.where}/config.json`, configFile, run.config, "restore the file");
  const found = await readRunJson(files, equipmentFile, "this run was not finished: train it to its end (--resume)");
  const equipment = checked(
    `${files.where}/${equipmentFile}`,
    equipmentSchema,
    found,
    "train again or restore the file",
  );
  return {
    ...run,
    net,
    equipment: equipmentFromJson(equipment),
  };
}

/** A run's network on `device`, with its estimator. */
export const loadScoutRun = (run: ScoutRun, device: Device): ScoutModel => ({
  device,
  net: run.net,
  model: loadRun(run, { model: buildNet(run.net), device }),
  equipment: run.equipment,
  origin: { name: run.where.split(/[\\/]/).filter(Boolean).pop() ?? run.where, sha256: run.weightsSha256 },
});
