import { ConfigError } from "../../errors.ts";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  chain,
  constant,
  Dropout,
  type Layer,
  Linear,
  MaxPool2d,
  normal,
  ReLU,
  Sequential,
} from "../../nn/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { reshape, type Tensor } from "../../tensor/index.ts";
import { heNormal, initialized } from "../blocks/initialized.ts";
import { Encoder, type EncoderOptions, encoderKeys } from "./encoder.ts";

/** 3x3 convolutions of each of the five stages. */
export type VggConvs = readonly [number, number, number, number, number];
const widths = [64, 128, 256, 512, 512];

export interface VggOptions extends EncoderOptions {
  /** Batch norm behind every convolution. Default false. */
  readonly batchNorm?: boolean;
}
const vggKeys: KeysOf<VggOptions> = { ...encoderKeys, batchNorm: 1 };

export interface VggClassifierOptions extends VggOptions {
  /** Default 1000, ImageNet's. */
  readonly numClasses?: number;
}
const vggClassifierKeys: KeysOf<VggClassifierOptions> = { ...vggKeys, numClasses: 1 };

/**
 * VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015) as an encoder,
 * in torchvision's form and under its names: 3x3 convolutions with bias, max pooling between the stages. It cannot dilate: its
 * pooling makes the strides.
 */
export class VggEncoder extends Encoder {
  readonly outChannels = [...widths, 512];
  readonly inputWeight = "features.0.weight";
  readonly features: Sequential;

  constructor(convs: VggConvs, options: VggOptions = {}) {
    const { inChannels = 3, batchNorm = false, outputStride = 32 } = checkOptions("VGG", options, vggKeys);
    super(outputStride);
    if (outputStride !== 32)
      throw new ConfigError(
        "outputStride",
        `VGG: outputStride is ${outputStride}, but VGG halves the image by max pooling, which no dilation replaces; use 32, or a ResNet, ResNeXt or EfficientNet`,
      );
    const layers: Layer[] = [];
    let inputs = inChannels;
    for (const [stage, count] of convs.entries()) {
      for (let i = 0; i < count; i++) {
        layers.push(initialized(new Conv2d(inputs, widths[stage], 3, { padding: 1 }), heNormal));
        if (batchNorm) layers.push(new BatchNorm2d(widths[stage]));
        layers.push(new ReLU());
        inputs = widths[stage];
      }
      layers.push(new MaxPool2d(2));
    }
    this.features = new Sequential(...layers);
  }

  protected encode(x: Tensor): Tensor[] {
    const stages: Tensor[] = [];
    let stage: Layer[] = [];
    for (const layer of this.features.layers) {
      if (layer instanceof MaxPool2d) {
        stages.push(chain(stages.at(-1) ?? x, ...stage));
        stage = [];
      }
      stage.push(layer);
    }
    stages.push(chain(stages.at(-1)!, ...stage));
    return stages;
  }
}

/** VGG as the classifier of its paper: logits [N, numClasses]. Any H and W of 32 or more; the paper's is 224. */
export class VggClassifier extends VggEncoder {
  readonly avgpool = new AdaptiveAvgPool2d(7);
  readonly classifier: Sequential;

  constructor(convs: VggConvs, options: VggClassifierOptions = {}) {
    const { numClasses = 1000, ...encoder } = checkOptions("VGG", options, vggClassifierKeys);
    super(convs, encoder);
    const linear = (inputs: number, outputs: number): Linear => {
      const layer = new Linear(inputs, outputs);
      layer.weight.initializer = normal({ deviation: 0.01 });
      layer.bias!.initializer = constant(0);
      return layer;
    };
    this.classifier = new Sequential(
      linear(512 * 7 * 7, 4096),
      new ReLU(),
      new Dropout(0.5),
      linear(4096, 4096),
      new ReLU(),
      new Dropout(0.5),
      linear(4096, numClasses),
    );
  }

  override forward(x: Tensor): Tensor {
    const flat = (y: Tensor): Tensor => reshape(y, [y.shape[0], 512 * 7 * 7]);
    return chain(x, this.features, this.avgpool, flat, this.classifier);
  }
}

const convs: Readonly<Record<11 | 13 | 16 | 19, VggConvs>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

export const vgg11 = (options: EncoderOptions = {}): VggEncoder => new VggEncoder(convs[11], options);
export const vgg13 = (options: EncoderOptions = {}): VggEncoder => new VggEncoder(convs[13], options);
export const vgg16 = (options: EncoderOptions = {}): VggEncoder => new VggEncoder(convs[16], options);
export const vgg19 = (options: EncoderOptions = {}): VggEncoder => new VggEncoder(convs[19], options);
export const vgg11Bn = (options: EncoderOptions = {}): VggEncoder =>
  new VggEncoder(convs[11], { ...options, batchNorm: true });
export const vgg13Bn = (options: EncoderOptions = {}): VggEncoder =>
  new VggEncoder(convs[13], { ...options, batchNorm: true });
export const vgg16Bn = (options: EncoderOptions = {}): VggEncoder =>
  new VggEncoder(convs[16], { ...options, batchNorm: true });
export const vgg19Bn = (options: EncoderOptions = {}): VggEncoder =>
  new VggEncoder(convs[19], { ...options, batchNorm: true });
/** VGG of a depth as a classifier. */
export const vggClassifier = (depth: keyof typeof convs, options: VggClassifierOptions = {}): VggClassifier =>
  new VggClassifier(convs[depth], options);
