import { z } from "zod";
import { parseConfig } from "../training/index.ts";
import { landmarkSets, networkGrid } from "./scouts/index.ts";

const count = z.number().int().positive();
const positive = z.number().positive();
const notNegative = z.number().min(0);
const names = z.array(z.string()).min(1, "name at least one landmark for each plane").readonly();

const netFields = z.strictObject({
  /** Channels of each level of the U-Net's body. */
  widths: z.array(count).min(2).readonly().default([24, 48, 64, 96, 128]),
  /** The pixels the network sees. */
  grid: z
    .strictObject({ size: count, pixelMm: positive, thicknessMm: positive })
    .readonly()
    .default({ ...networkGrid }),
  /** Pixels of the network's image to one of the heat-map, along each side. */
  stride: z.union([z.literal(1), z.literal(2)]).default(2),
  /** Landmarks of each plane, in the order of the heat-maps. */
  landmarks: z
    .strictObject({ sagittal: names, coronal: names, axial: names })
    .readonly()
    .default({ ...landmarkSets }),
});

/** All that decides the network for scouts; stored with its weights. */
export const scoutNetConfig = netFields.readonly().superRefine(({ widths, grid, stride }, context) => {
  const multiple = 2 ** (widths.length - 1) * stride;
  if (grid.size % multiple !== 0)
    context.addIssue({
      code: "custom",
      path: ["grid", "size"],
      message: `${widths.length} levels and stride ${stride} want a multiple of ${multiple}`,
    });
});
export type ScoutNetConfig = z.infer<typeof scoutNetConfig>;

/** How the network is trained; stored with the run. */
export const scoutTrainingConfig = z
  .strictObject({
    /** Triplets of scouts a step. */
    batch: count.default(16),
    /** Peak learning rate of the one-cycle schedule. */
    lr: positive.default(3e-3),
    weightDecay: notNegative.default(1e-2),
    /** Largest norm of all gradients together. */
    clip: positive.default(5),
    /** Decay of the moving average of the weights. */
    ema: z.number().min(0).max(0.99999).default(0.99),
    /** Deviation of the Gaussian target, mm. */
    sigmaMm: positive.default(6),
    /** Weight of the cross-entropy to that target beside the distance. */
    heatmapWeight: notNegative.default(0.15),
    /** Batches a step, their gradients averaged. Left out: one; it has no default, so that older runs keep their digest. */
    accumulate: count.optional(),
  })
  .readonly();
export type ScoutTrainingConfig = z.infer<typeof scoutTrainingConfig>;

/** What a configuration file for scouts may say; what it leaves out has its default. */
export const scoutConfig = z
  .strictObject({ net: scoutNetConfig.prefault({}), training: scoutTrainingConfig.prefault({}) })
  .readonly();
export type ScoutConfig = z.infer<typeof scoutConfig>;

/** `config.json` of a run for scouts: all that decided the result. */
export const scoutRunConfig = z
  .object({
    format: z.literal("fiducial/scout-run@1").default("fiducial/scout-run@1"),
    net: scoutNetConfig,
    training: scoutTrainingConfig,
    seed: z.number().int().min(0),
    minutes: positive.optional(),
    steps: count.optional(),
  })
  .readonly();
export type ScoutRunConfig = z.infer<typeof scoutRunConfig>;

export const { net: defaultNet, training: defaultTraining }: ScoutConfig = scoutConfig.parse({});

/** Heat-map pixels along each side, and mm a pixel. */
export const heatmapSize = (c: ScoutNetConfig): number => c.grid.size / c.stride;
export const heatmapMm = (c: ScoutNetConfig): number => c.grid.pixelMm * c.stride;

/** Between pixels of the network's image and of the heat-map, pixel centers at integers on both. */
export const toHeatmap = (c: ScoutNetConfig, v: number): number => (v + 0.5) / c.stride - 0.5;
export const fromHeatmap = (c: ScoutNetConfig, v: number): number => (v + 0.5) * c.stride - 0.5;

/** Throws ConfigError, naming the field, for a network that cannot be built. */
export const checkNet = (c: ScoutNetConfig): ScoutNetConfig => parseConfig("net", scoutNetConfig, c);
