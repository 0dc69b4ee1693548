import { ConfigError } from "../../errors.ts";
import { type Tensor, upsampleBilinear2d, upsampleNearest2d } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

export interface UpsampleOptions {
  /** Factor of height and width. Either this or `size`. */
  readonly scale?: number;
  /** [H, W] of the result. */
  readonly size?: readonly [h: number, w: number];
  readonly mode?: "nearest" | "bilinear";
  /** Bilinear only: corner pixels keep their places. Default false, as in PyTorch. */
  readonly alignCorners?: boolean;
}

/** [N, C, H, W] enlarged to `size`, or by `scale`. */
export class Upsample extends Layer {
  readonly options: UpsampleOptions;

  constructor(options: UpsampleOptions) {
    super();
    if ((options.scale === undefined) === (options.size === undefined))
      throw new ConfigError("scale", "Upsample: give either scale or size");
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    const {
      scale = 1,
      size = [Math.floor(x.shape[2] * scale), Math.floor(x.shape[3] * scale)],
      mode = "nearest",
      alignCorners = false,
    } = this.options;
    return mode === "nearest" ? upsampleNearest2d(x, size) : upsampleBilinear2d(x, size, { alignCorners });
  }
}
