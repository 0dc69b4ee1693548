import { Conv2d, Sequential, Upsample } from "../../nn/index.ts";
import { glorotUniform, initialized } from "./initialized.ts";

export interface HeatmapHeadOptions {
  readonly kernelSize: 1 | 3;
  /** How many times larger the maps come out, bilinearly with aligned corners. Default 1. */
  readonly scaleFactor?: number;
}

/** Features -> a map for each landmark, without a last nonlinearity: the "segmentation head" of segmentation_models.pytorch. */
export const heatmapHead = (
  inputs: number,
  landmarks: number,
  { kernelSize, scaleFactor = 1 }: HeatmapHeadOptions,
): Sequential => {
  const conv = initialized(new Conv2d(inputs, landmarks, kernelSize, { padding: kernelSize >> 1 }), glorotUniform);
  return scaleFactor === 1
    ? new Sequential(conv)
    : new Sequential(conv, new Upsample({ scaleFactor, mode: "bilinear", alignCorners: true }));
};
