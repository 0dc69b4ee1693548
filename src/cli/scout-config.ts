import { z } from "zod";
import { defaultNet, defaultTraining, type ScoutNetConfig, type ScoutTrainingConfig } from "../mri/config.ts";
import { readCheckedJson } from "./checked.ts";

const positive = z.number().positive();
const schema = z.strictObject({
  net: z
    .strictObject({
      widths: z.array(z.number().int().positive()).min(2),
      stride: z.union([z.literal(1), z.literal(2)]),
    })
    .partial()
    .optional(),
  training: z
    .strictObject({
      batch: z.number().int().positive(),
      lr: positive,
      weightDecay: z.number().min(0),
      clip: positive,
      ema: z.number().min(0).max(0.99999),
      sigmaMm: positive,
      heatmapWeight: z.number().min(0),
    })
    .partial()
    .optional(),
});

/** The defaults with what a configuration file changes. */
export const readScoutConfig = async (
  file: string | undefined,
): Promise<{ net: ScoutNetConfig; training: ScoutTrainingConfig }> => {
  const changes = file === undefined ? {} : await readCheckedJson(file, schema);
  return { net: { ...defaultNet, ...changes.net }, training: { ...defaultTraining, ...changes.training } };
};
