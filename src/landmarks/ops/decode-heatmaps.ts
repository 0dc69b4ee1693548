import { ConfigError } from "../../errors.ts";
import { decodeKernel } from "../../kernels/landmarks/decode-heatmaps.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkMaps, mapDims } from "./soft-argmax2d.ts";

interface DecodeAttrs {
  readonly mode: "argmax" | "parabola";
}

const decodeOp: Op<DecodeAttrs> = {
  name: "decodeHeatmaps",
  shape([x]) {
    checkMaps("decodeHeatmaps", x);
    return [x[0], x[1], 3];
  },
  forward(ctx, [x], { mode }) {
    const points = ctx.empty();
    decodeKernel(
      ctx.device,
      { x: x.binding("heat-maps"), points: points.binding() },
      mapDims(x.shape),
      mode === "parabola",
    );
    return points;
  },
};

const decodeHeatmapsKeys: KeysOf<Partial<DecodeAttrs>> = { mode: 1 };

/**
 * Heat-maps [N, K, H, W] -> [N, K, 3] = column and row of each map's largest pixel, in pixels of the map, and its value: the
 * first of equals in row-major order; NaN where a map holds one. "parabola" moves the place, along each axis where it is not on
 * the border, to the vertex of the parabola through three pixels, d = (a - c) / 2 / (a - 2b + c), at most half a pixel.
 * No gradient.
 */
export function decodeHeatmaps(heatmaps: Tensor, options: Partial<DecodeAttrs> = {}): Tensor {
  const { mode = "argmax" } = checkOptions("decodeHeatmaps", options, decodeHeatmapsKeys);
  if (mode !== "argmax" && mode !== "parabola")
    throw new ConfigError("mode", `decodeHeatmaps: mode is ${mode}; use "argmax" or "parabola"`);
  return apply(decodeOp, [heatmaps], { mode });
}

/** Column, row and value of each map's largest pixel: `decodeHeatmaps` without refinement. */
export const argmax2d = (heatmaps: Tensor): Tensor => decodeHeatmaps(heatmaps);
