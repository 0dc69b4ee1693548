import { ConfigError, ShapeError } from "../../errors.ts";
import { pad, type Sides, show, type Tensor } from "../../tensor/index.ts";
import { eachSide } from "../../tensor/ops/common/axes.ts";
import { Layer } from "../module.ts";

/** What the padding of a convolution holds: zeros, the image reflected at its edge, or its edge repeated. */
export type PaddingMode = "zeros" | "reflect" | "replicate";

/** Throws ConfigError unless `groups` divides both numbers of channels. @internal */
export const checkGroups = (layer: string, groups: number, inChannels: number, outChannels: number): void => {
  if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0)
    throw new ConfigError(
      "groups",
      `${layer}: groups=${groups} must divide inChannels=${inChannels} and outChannels=${outChannels}`,
    );
};

/**
 * x [N, C, ...] padded along the `axes` behind its channels, by a number, one for each axis, or both sides of each. @internal
 */
export function padAround(
  layer: string,
  x: Tensor,
  padding: number | readonly number[],
  axes: number,
  mode: PaddingMode,
): Tensor {
  const sides = eachSide(layer, padding, axes);
  if (x.rank !== axes + 2)
    throw new ShapeError(`${layer}: x is ${show(x.shape)}; it must have ${axes + 2} dimensions, N and C first`);
  const pads = x.shape.map((_, d): readonly [number, number] =>
    d < 2 ? [0, 0] : [sides[2 * d - 4], sides[2 * d - 3]],
  );
  return mode === "zeros" ? pad(x, pads) : pad(x, pads, { mode });
}

/** Padding of [N, C, H, W] by a number, [h, w], or [top, bottom, left, right]. */
abstract class Pad2d extends Layer {
  readonly padding: Sides;

  constructor(padding: Sides) {
    super();
    this.padding = padding;
  }
}

/** Reflects the image at its edge pixels, which are not repeated; each side gets less than the image has. */
export class ReflectionPad2d extends Pad2d {
  forward(x: Tensor): Tensor {
    return padAround("ReflectionPad2d", x, this.padding, 2, "reflect");
  }
}

/** Repeats the edge pixels. */
export class ReplicationPad2d extends Pad2d {
  forward(x: Tensor): Tensor {
    return padAround("ReplicationPad2d", x, this.padding, 2, "replicate");
  }
}

/** Adds zeros. */
export class ZeroPad2d extends Pad2d {
  forward(x: Tensor): Tensor {
    return padAround("ZeroPad2d", x, this.padding, 2, "zeros");
  }
}
