import { ConfigError } from "../errors.ts";
import type { PlaneClass } from "../geometry/index.ts";
import { landmarkSets, networkGrid, planeOrder, type ScoutGrid } from "./scouts/index.ts";

/** All that decides the network for scouts; stored with its weights. */
export interface ScoutNetConfig {
  /** Channels of each level of the U-Net's body. */
  readonly widths: readonly number[];
  /** The pixels the network sees. */
  readonly grid: ScoutGrid;
  /** Pixels of the network's image to one of the heat-map, along each side. */
  readonly stride: 1 | 2;
  /** Landmarks of each plane, in the order of the heat-maps. */
  readonly landmarks: Readonly<Record<PlaneClass, readonly string[]>>;
}

/** How the network is trained; stored with the run. */
export interface ScoutTrainingConfig {
  /** Triplets of scouts a step. */
  readonly batch: number;
  /** Peak learning rate of the one-cycle schedule. */
  readonly lr: number;
  readonly weightDecay: number;
  /** Largest norm of all gradients together. */
  readonly clip: number;
  /** Decay of the moving average of the weights. */
  readonly ema: number;
  /** Deviation of the Gaussian target, mm. */
  readonly sigmaMm: number;
  /** Weight of the cross-entropy to that target beside the distance. */
  readonly heatmapWeight: number;
}

export const defaultNet: ScoutNetConfig = {
  widths: [24, 48, 64, 96, 128],
  grid: networkGrid,
  stride: 2,
  landmarks: landmarkSets,
};

export const defaultTraining: ScoutTrainingConfig = {
  batch: 16,
  lr: 3e-3,
  weightDecay: 1e-2,
  clip: 5,
  ema: 0.99,
  sigmaMm: 6,
  heatmapWeight: 0.15,
};

/** Heat-map pixels along each side, and mm a pixel. */
export const heatmapSize = (c: ScoutNetConfig): number => c.grid.size / c.stride;
export const heatmapMm = (c: ScoutNetConfig): number => c.grid.pixelMm * c.stride;

/** Between pixels of the network's image and of the heat-map, pixel centres at integers on both. */
export const toHeatmap = (c: ScoutNetConfig, v: number): number => (v + 0.5) / c.stride - 0.5;
export const fromHeatmap = (c: ScoutNetConfig, v: number): number => (v + 0.5) * c.stride - 0.5;

/** Throws ConfigError, naming the field, for a network that cannot be built. */
export const checkNet = (c: ScoutNetConfig): void => {
  const multiple = 2 ** (c.widths.length - 1) * c.stride;
  if (c.grid.size % multiple !== 0)
    throw new ConfigError(
      "net.grid.size",
      `net.grid.size is ${c.grid.size}; ${c.widths.length} levels and stride ${c.stride} want a multiple of ${multiple}`,
    );
  for (const p of planeOrder)
    if (c.landmarks[p].length === 0)
      throw new ConfigError(
        `net.landmarks.${p}`,
        `net.landmarks.${p} is empty; name at least one landmark for each plane`,
      );
};
