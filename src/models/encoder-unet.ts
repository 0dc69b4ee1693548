import { chain, Layer, Sequential } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Tensor } from "../tensor/index.ts";
import { convReLU } from "./blocks/conv-relu.ts";
import { EncoderDecoder } from "./blocks/encoder-decoder.ts";
import { heatmapHead } from "./blocks/heatmap-head.ts";
import { UpBlock } from "./blocks/up-block.ts";
import type { Encoder } from "./encoders/encoder.ts";
import { VggEncoder } from "./encoders/vgg.ts";

export const decoderWidths: readonly number[] = [256, 128, 64, 32, 16];

export interface EncoderUNetOptions {
  /** What turns the image into features; it must stride by 32. */
  readonly encoder: Encoder;
  /** Heat-maps, one a landmark. */
  readonly landmarks: number;
  /** Channels of the five steps up. Default 256, 128, 64, 32, 16. */
  readonly decoderChannels?: readonly number[];
}
/** @internal */
export const encoderUNetKeys: KeysOf<EncoderUNetOptions> = { encoder: 1, landmarks: 1, decoderChannels: 1 };

/** Two convolutions below the coarsest features, where the encoder ends in a pooling. */
export const centerOf = (encoder: Encoder): Sequential | undefined => {
  if (!(encoder instanceof VggEncoder)) return undefined;
  const channels = encoder.outChannels[5];
  return new Sequential(convReLU(channels, channels), convReLU(channels, channels));
};

/** The way up of a U-Net: each step joins the features of its size. */
export class UNetDecoder extends Layer {
  readonly center: Sequential | undefined;
  readonly blocks: readonly UpBlock[];

  constructor(encoder: Encoder, widths: readonly number[]) {
    super();
    const skips = [...encoder.outChannels.slice(1, 5).reverse(), 0];
    this.center = centerOf(encoder);
    this.blocks = widths.map(
      (width, i) => new UpBlock(i === 0 ? encoder.outChannels[5] : widths[i - 1], skips[i], width),
    );
  }

  forward(...features: readonly Tensor[]): Tensor {
    const [coarsest, ...skips] = features.slice(1).reverse();
    const steps = this.blocks.map((block, i) => (x: Tensor) => block.call(x, ...skips.slice(i, i + 1)));
    return chain(coarsest, ...(this.center ? [this.center] : []), ...steps);
  }
}

/**
 * U-Net over any encoder, in the form and under the names of segmentation_models.pytorch's `Unet` (after Ronneberger, Fischer,
 * Brox, MICCAI 2015): image [N, C, H, W], H and W multiples of 32 -> heat-maps [N, landmarks, H, W], without a last
 * nonlinearity. Over a VGG it has a center of two more convolutions, as there.
 */
export class EncoderUNet extends EncoderDecoder<UNetDecoder> {
  constructor(options: EncoderUNetOptions) {
    const {
      encoder,
      landmarks,
      decoderChannels = decoderWidths,
    } = checkOptions("EncoderUNet", options, encoderUNetKeys);
    const head = heatmapHead(decoderChannels[4], landmarks, { kernelSize: 3 });
    super("EncoderUNet", encoder, new UNetDecoder(encoder, decoderChannels), head);
  }
}
