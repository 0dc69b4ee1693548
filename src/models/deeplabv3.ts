import { ConfigError } from "../errors.ts";
import { BatchNorm2d, Conv2d, chain, Module, ReLU, Sequential, Upsample } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { concat, type Tensor } from "../tensor/index.ts";
import { Aspp, separableConv } from "./blocks/aspp.ts";
import { EncoderDecoder } from "./blocks/encoder-decoder.ts";
import { heatmapHead } from "./blocks/heatmap-head.ts";
import { heUniform, initialized } from "./blocks/initialized.ts";
import type { Encoder } from "./encoders/encoder.ts";

export interface DeepLabOptions {
  /** What turns the image into features, made with the `outputStride` that the network wants. */
  readonly encoder: Encoder;
  /** Heat-maps, one a landmark. */
  readonly landmarks: number;
  /** Channels of the decoder. Default 256. */
  readonly decoderChannels?: number;
  /** Dilations of the pyramid. Default 12, 24, 36. */
  readonly rates?: readonly [number, number, number];
}
const deepLabKeys: KeysOf<DeepLabOptions> = { encoder: 1, landmarks: 1, decoderChannels: 1, rates: 1 };

/** The options with their defaults. Throws ConfigError for an encoder that does not dilate. */
function settings(name: string, options: DeepLabOptions) {
  const {
    encoder,
    landmarks,
    decoderChannels: channels = 256,
    rates = [12, 24, 36],
  } = checkOptions(name, options, deepLabKeys);
  const { outputStride } = encoder;
  if (outputStride === 32)
    throw new ConfigError(
      "encoder",
      `${name}: the encoder's outputStride is 32; make it with { outputStride: 8 } or { outputStride: 16 } (a VGG cannot: its max pooling makes the strides)`,
    );
  return { encoder, landmarks, channels, rates, outputStride } as const;
}

export class DeepLabV3Decoder extends Module {
  readonly aspp: Aspp;
  readonly conv: Conv2d;
  readonly bn: BatchNorm2d;
  readonly relu = new ReLU();

  constructor(inputs: number, channels: number, rates: readonly [number, number, number]) {
    super();
    this.aspp = new Aspp(inputs, channels, { rates, separable: false });
    this.conv = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.bn = new BatchNorm2d(channels);
  }

  forward(...features: readonly Tensor[]): Tensor {
    return chain(features.at(-1)!, this.aspp, this.conv, this.bn, this.relu);
  }
}

/**
 * DeepLabV3 (Chen, Papandreou, Schroff, Adam, 2017) over an encoder of output stride 8 or 16, in the form and under the names
 * of segmentation_models.pytorch: image [N, C, H, W], H and W multiples of the stride -> heat-maps [N, landmarks, H, W],
 * enlarged bilinearly with aligned corners, without a last nonlinearity.
 */
export class DeepLabV3 extends EncoderDecoder<DeepLabV3Decoder> {
  constructor(options: DeepLabOptions) {
    const { encoder, landmarks, channels, rates, outputStride: scaleFactor } = settings("DeepLabV3", options);
    const head = heatmapHead(channels, landmarks, { kernelSize: 1, scaleFactor });
    super("DeepLabV3", encoder, new DeepLabV3Decoder(encoder.outChannels[5], channels, rates), head);
  }

  protected override decode(x: Tensor): Tensor {
    return this.decoder.call(this.encoder.call(x));
  }
}

export class DeepLabV3PlusDecoder extends Module {
  readonly aspp: Sequential;
  readonly block1: Sequential;
  readonly block2: Sequential;
  readonly up: Upsample;

  constructor(encoder: Encoder, channels: number, rates: readonly [number, number, number]) {
    super();
    const fineChannels = 48; // the paper, section 4.1
    this.aspp = new Sequential(
      new Aspp(encoder.outChannels[5], channels, { rates, separable: true }),
      separableConv(channels, channels),
      new BatchNorm2d(channels),
      new ReLU(),
    );
    this.up = new Upsample({ scaleFactor: encoder.outputStride / 4, mode: "bilinear", alignCorners: true });
    this.block1 = new Sequential(
      initialized(new Conv2d(encoder.outChannels[2], fineChannels, 1, { bias: false }), heUniform),
      new BatchNorm2d(fineChannels),
      new ReLU(),
    );
    this.block2 = new Sequential(
      separableConv(fineChannels + channels, channels),
      new BatchNorm2d(channels),
      new ReLU(),
    );
  }

  forward(...features: readonly Tensor[]): Tensor {
    const [fine, coarse] = [features[2], features[5]];
    return chain(coarse, this.aspp, this.up, (y) => concat([y, this.block1.call(fine)], 1), this.block2);
  }
}

/**
 * DeepLabV3+ (Chen, Zhu, Papandreou, Schroff, Adam, ECCV 2018) over an encoder of output stride 8 or 16, in the form and under
 * the names of segmentation_models.pytorch: the pyramid's features join the encoder's at stride 4. Shapes as `DeepLabV3`.
 */
export class DeepLabV3Plus extends EncoderDecoder<DeepLabV3PlusDecoder> {
  constructor(options: DeepLabOptions) {
    const { encoder, landmarks, channels, rates } = settings("DeepLabV3Plus", options);
    const head = heatmapHead(channels, landmarks, { kernelSize: 1, scaleFactor: 4 });
    super("DeepLabV3Plus", encoder, new DeepLabV3PlusDecoder(encoder, channels, rates), head);
  }
}
