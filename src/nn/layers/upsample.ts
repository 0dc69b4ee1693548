import { ConfigError, ShapeError } from "../../errors.ts";
import {
  show,
  type Tensor,
  upsampleBicubic2d,
  upsampleBilinear2d,
  upsampleLinear1d,
  upsampleNearest1d,
  upsampleNearest2d,
  upsampleNearest3d,
  upsampleTrilinear3d,
} from "../../tensor/index.ts";
import { Layer } from "../module.ts";

/** Nearest takes lines, images and volumes; the others one kind each. */
export type UpsampleMode = "nearest" | "linear" | "bilinear" | "bicubic" | "trilinear";

export interface UpsampleOptions {
  /** Factor of all sizes behind [N, C], or one for each. Either this or `size`. */
  readonly scale?: number | readonly number[];
  /** Sizes of the result: [W], [H, W] or [D, H, W]. */
  readonly size?: readonly number[];
  readonly mode?: UpsampleMode;
  /** Not for nearest: corner entries keep their places. Default false, as in PyTorch. */
  readonly alignCorners?: boolean;
}

type Resize = (x: Tensor, size: readonly number[], alignCorners: boolean) => Tensor;

/** By the mode, and by the number of axes behind [N, C]. */
const resizes: Readonly<Record<UpsampleMode, Readonly<Record<number, Resize>>>> = {
  nearest: {
    1: (x, [w]) => upsampleNearest1d(x, w),
    2: (x, [h, w]) => upsampleNearest2d(x, [h, w]),
    3: (x, [d, h, w]) => upsampleNearest3d(x, [d, h, w]),
  },
  linear: { 1: (x, [w], alignCorners) => upsampleLinear1d(x, w, { alignCorners }) },
  bilinear: { 2: (x, [h, w], alignCorners) => upsampleBilinear2d(x, [h, w], { alignCorners }) },
  bicubic: { 2: (x, [h, w], alignCorners) => upsampleBicubic2d(x, [h, w], { alignCorners }) },
  trilinear: { 3: (x, [d, h, w], alignCorners) => upsampleTrilinear3d(x, [d, h, w], { alignCorners }) },
};

/** [N, C, ...] enlarged to `size`, or by `scale` (sizes rounded down). */
export class Upsample extends Layer {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    if ((options.scale === undefined) === (options.size === undefined))
      throw new ConfigError("scale", "Upsample: give either scale or size");
    const { mode = "nearest" } = options;
    if (!Object.hasOwn(resizes, mode))
      throw new ConfigError(
        "mode",
        `Upsample: mode is ${JSON.stringify(mode)}; use ${Object.keys(resizes).join(", ")}`,
      );
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    const { scale = 1, size, mode = "nearest", alignCorners = false } = this.options;
    const given = x.shape.slice(2);
    const resize = resizes[mode][given.length];
    if (!resize)
      throw new ShapeError(
        `Upsample: mode ${mode} takes x of ${Object.keys(resizes[mode])
          .map((axes) => Number(axes) + 2)
          .join(", ")} dimensions [N, C, ...], not ${show(x.shape)}`,
      );
    const list = size ?? given.map((n, i) => Math.floor(n * (typeof scale === "number" ? scale : scale[i])));
    if (list.length !== given.length || !list.every(Number.isFinite))
      throw new ConfigError(
        size ? "size" : "scale",
        `Upsample: ${size ? `size is ${JSON.stringify(size)}` : `scale is ${JSON.stringify(scale)}`}; give ${given.length} numbers for x ${show(x.shape)}`,
      );
    return resize(x, list, alignCorners);
  }
}
