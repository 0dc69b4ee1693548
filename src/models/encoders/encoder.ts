import { ConfigError } from "../../errors.ts";
import { Layer } from "../../nn/index.ts";
import type { KeysOf } from "../../options.ts";
import type { Tensor } from "../../tensor/index.ts";

/** How many pixels of the image one pixel of the last features stands for: 32, or less where the last stages dilate instead of striding. */
export type OutputStride = 8 | 16 | 32;

export interface EncoderOptions {
  /** Channels of the image. Default 3. */
  readonly inChannels?: number;
  /** Default 32. */
  readonly outputStride?: OutputStride;
}

/** @internal */
export const encoderKeys: KeysOf<EncoderOptions> = { inChannels: 1, outputStride: 1 };

/**
 * The part of a network that turns an image into features of six sizes, for a decoder: `stages(x)` gives them from the finest
 * to the coarsest, at strides 1, 2, 4, 8, 16 and 32 (with a smaller `outputStride` the last ones stay at that stride). As a
 * layer it gives the coarsest alone.
 */
export abstract class Encoder extends Layer {
  /** Channels of each stage's features. */
  abstract readonly outChannels: readonly number[];
  readonly outputStride: OutputStride;
  /** The name of the weight that meets the image, for checkpoints of other numbers of channels (`fitInputChannels`). */
  abstract readonly inputWeight: string;

  constructor(outputStride: OutputStride) {
    super();
    if (![8, 16, 32].includes(outputStride))
      throw new ConfigError("outputStride", `encoder: outputStride is ${outputStride}; give 8, 16 or 32`);
    this.outputStride = outputStride;
  }

  /** Image [N, inChannels, H, W] -> features [N, outChannels[i], H / stride, W / stride] of each stage. */
  stages(x: Tensor): Tensor[] {
    return this.scoped(x, () => this.encode(x));
  }

  /** What `stages` gives; may return x itself as the first. */
  protected abstract encode(x: Tensor): Tensor[];

  forward(x: Tensor): Tensor {
    return this.encode(x).at(-1)!;
  }
}
