import { ConfigError } from "../errors.ts";
import { BatchNorm2d, Conv2d, chain, Layer, Module, ReLU, Sequential, Upsample } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { concat, type Tensor } from "../tensor/index.ts";
import { Aspp, separableConv } from "./blocks/aspp.ts";
import { checkSize } from "./blocks/check-size.ts";
import { heatmapHead } from "./blocks/heatmap-head.ts";
import { heUniform, initialized } from "./blocks/initialized.ts";
import type { Encoder, OutputStride } from "./encoders/encoder.ts";

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

function checkStride(name: string, encoder: Encoder, allowed: readonly OutputStride[]): void {
  if (allowed.includes(encoder.outputStride)) return;
  throw new ConfigError(
    "encoder",
    `${name}: the encoder's outputStride is ${encoder.outputStride}; make it with { outputStride: ${allowed.join(" } or { outputStride: ")} } (a VGG cannot: its max pooling makes the strides)`,
  );
}

export class DeepLabV3Decoder extends Layer {
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

  forward(x: Tensor): Tensor {
    return chain(x, this.aspp, this.conv, this.bn, this.relu);
  }
}

/**
 * DeepLabV3 (Chen, Papandreou, Schroff, Adam, 2017) over an encoder of output stride 8 or 16, in the form and under the names
 * of segmentation_models.pytorch: image [N, C, H, W], H and W multiples of the stride -> heat-maps [N, landmarks, H, W],
 * enlarged bilinearly with aligned corners, without a last nonlinearity.
 */
export class DeepLabV3 extends Layer {
  readonly encoder: Encoder;
  readonly decoder: DeepLabV3Decoder;
  readonly segmentationHead: Sequential;

  constructor(options: DeepLabOptions) {
    super();
    const {
      encoder,
      landmarks,
      decoderChannels = 256,
      rates = [12, 24, 36],
    } = checkOptions("DeepLabV3", options, deepLabKeys);
    checkStride("DeepLabV3", encoder, [8, 16]);
    this.encoder = encoder;
    this.decoder = new DeepLabV3Decoder(encoder.outChannels[5], decoderChannels, rates);
    const scaleFactor = encoder.outputStride;
    this.segmentationHead = heatmapHead(decoderChannels, landmarks, { kernelSize: 1, scaleFactor });
  }

  forward(x: Tensor): Tensor {
    checkSize("DeepLabV3", x, this.encoder.outputStride);
    return chain(x, this.encoder, this.decoder, this.segmentationHead);
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

  forward(fine: Tensor, coarse: Tensor): Tensor {
    return chain(coarse, this.aspp, this.up, (y) => concat([y, this.block1.call(fine)], 1), this.block2);
  }
}

/**
 * DeepLabV3+ (Chen, Zhu, Papandreou, Schroff, Adam, ECCV 2018) over an encoder of output stride 8 or 16, in the form and under
 * the names of segmentation_models.pytorch: the pyramid's features join the encoder's at stride 4. Shapes as `DeepLabV3`.
 */
export class DeepLabV3Plus extends Layer {
  readonly encoder: Encoder;
  readonly decoder: DeepLabV3PlusDecoder;
  readonly segmentationHead: Sequential;

  constructor(options: DeepLabOptions) {
    super();
    const {
      encoder,
      landmarks,
      decoderChannels = 256,
      rates = [12, 24, 36],
    } = checkOptions("DeepLabV3Plus", options, deepLabKeys);
    checkStride("DeepLabV3Plus", encoder, [8, 16]);
    this.encoder = encoder;
    this.decoder = new DeepLabV3PlusDecoder(encoder, decoderChannels, rates);
    this.segmentationHead = heatmapHead(decoderChannels, landmarks, { kernelSize: 1, scaleFactor: 4 });
  }

  forward(x: Tensor): Tensor {
    checkSize("DeepLabV3Plus", x, this.encoder.outputStride);
    const stages = this.encoder.stages(x);
    return this.segmentationHead.call(this.decoder.call(stages[2], stages[5]));
  }
}
