import { z } from "zod";
import { checkTemplate } from "../calibration/index.ts";
import type { Device } from "../device/index.ts";
import { ParseError } from "../errors.ts";
import { loadRun, type RunContent, type RunFiles, readRun, readRunJson } from "../training/index.ts";
import type { ScoutNetConfig, ScoutTrainingConfig } from "./config.ts";
import { buildNet, type Equipment, type ScoutModel } from "./scout-model.ts";

/** `config.json` of a run for scouts: all that decided the result. */
export interface ScoutRunConfig {
  readonly format: "fiducial/scout-run@1";
  readonly net: ScoutNetConfig;
  readonly training: ScoutTrainingConfig;
  readonly seed: number;
  readonly minutes: number;
}

/** A run for scouts as its files tell of it. */
export interface ScoutRun extends RunContent {
  readonly net: ScoutNetConfig;
  readonly equipment: Equipment;
}

const names = z.array(z.string());
const configFile = z.object({
  net: z.object({
    widths: z.array(z.number().int().positive()).min(2),
    grid: z.object({
      size: z.number().int().positive(),
      pixelMm: z.number().positive(),
      thicknessMm: z.number().positive(),
    }),
    stride: z.union([z.literal(1), z.literal(2)]),
    landmarks: z.object({ sagittal: names, coronal: names, axial: names }),
  }),
});

const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const equipmentFile = z.object({
  format: z.literal("fiducial/equipment@1"),
  template: z.unknown(),
  usual_spread_mm: z.object({
    sagittal: z.array(z.number()),
    coronal: z.array(z.number()),
    axial: z.array(z.number()),
  }),
  mean_head: z.object({ axes: z.tuple([vec3, vec3, vec3]), size_mm: vec3 }),
});

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
  const name = "calibration.json";
  const found = await readRunJson(files, name, "this run was not finished: train it to its end (--resume)");
  const equipment = checked(`${files.where}/${name}`, equipmentFile, found, "train again or restore the file");
  return {
    ...run,
    net: net as ScoutNetConfig,
    equipment: { ...equipment, template: checkTemplate(equipment.template) },
  };
}

/** A run's network on `device`, with its estimator. */
export const loadScoutRun = (run: ScoutRun, device: Device): ScoutModel => ({
  device,
  net: run.net,
  model: loadRun(run, { model: buildNet(run.net), device }),
  equipment: run.equipment,
});
