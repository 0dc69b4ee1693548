import { ConfigError, ShapeError } from "../../errors.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import {
  type AlignOptions,
  type ResampleOptions,
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
import { checkOneSize } from "../../tensor/ops/resample/target-size.ts";
import { Layer } from "../module.ts";

/** Nearest takes lines, images and volumes; the others one kind each. */
export type UpsampleMode = "nearest" | "linear" | "bilinear" | "bicubic" | "trilinear";

/** `size` or `scaleFactor`, for all axes behind [N, C] or for each; `alignCorners` is not for nearest. Default false, as PyTorch's. */
export interface UpsampleOptions extends ResampleOptions<number | readonly number[]>, AlignOptions {
  readonly mode?: UpsampleMode;
}
const upsampleKeys: KeysOf<UpsampleOptions> = { mode: 1, size: 1, scaleFactor: 1, alignCorners: 1 };

type Resample = (x: Tensor, options: ResampleOptions<never> & AlignOptions) => Tensor;

/** By the mode, and by the number of axes behind [N, C]. */
const resamplings: Readonly<Record<UpsampleMode, Readonly<Record<number, Resample>>>> = {
  nearest: { 1: upsampleNearest1d, 2: upsampleNearest2d, 3: upsampleNearest3d },
  linear: { 1: upsampleLinear1d },
  bilinear: { 2: upsampleBilinear2d },
  bicubic: { 2: upsampleBicubic2d },
  trilinear: { 3: upsampleTrilinear3d },
};

/** [N, C, ...] resampled to `size`, or by `scaleFactor` (sizes rounded down). */
export class Upsample extends Layer {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    checkOptions("Upsample", options, upsampleKeys);
    checkOneSize("Upsample", options);
    const { mode = "nearest" } = options;
    if (!Object.hasOwn(resamplings, mode))
      throw new ConfigError(
        "mode",
        `Upsample: mode is ${JSON.stringify(mode)}; use ${Object.keys(resamplings).join(", ")}`,
      );
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    const { mode = "nearest", ...options } = this.options;
    const resample = resamplings[mode][x.rank - 2];
    if (!resample)
      throw new ShapeError(
        `Upsample: mode ${mode} takes x of ${Object.keys(resamplings[mode])
          .map((axes) => Number(axes) + 2)
          .join(", ")} dimensions [N, C, ...], not ${show(x.shape)}`,
      );
    return resample(x, options as ResampleOptions<never> & AlignOptions);
  }
}
