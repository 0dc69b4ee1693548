import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  chain,
  Layer,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
} from "../../nn/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { add, relu, reshape, type Tensor } from "../../tensor/index.ts";
import { heNormal, initialized } from "../blocks/initialized.ts";
import { Encoder, type EncoderOptions, encoderKeys } from "./encoder.ts";

/** How a stage's blocks are built. */
export interface ResNetBlock {
  readonly inputs: number;
  /** The stage's number of channels before a block widens them. */
  readonly planes: number;
  readonly stride: number;
  /** Above 1 every convolution dilates by it and none strides, as in segmentation_models.pytorch. */
  readonly dilation: number;
  readonly groups: number;
  readonly groupWidth: number;
}

/** A convolution without bias that keeps the size but for its stride; dilated ones do not stride. */
const conv = (
  inputs: number,
  outputs: number,
  kernel: 1 | 3,
  { stride = 1, dilation = 1, groups = 1 }: { stride?: number; dilation?: number; groups?: number },
): Conv2d =>
  initialized(
    new Conv2d(inputs, outputs, kernel, {
      stride: dilation > 1 ? 1 : stride,
      dilation,
      padding: dilation * (kernel >> 1),
      groups,
      bias: false,
    }),
    heNormal,
  );

/** The 1x1 convolution that brings x to a block's size and channels; undefined where it has them. */
const shortcut = (outputs: number, { inputs, stride, dilation }: ResNetBlock): Sequential | undefined =>
  stride === 1 && inputs === outputs
    ? undefined
    : new Sequential(conv(inputs, outputs, 1, { stride, dilation }), new BatchNorm2d(outputs));

/** Two 3x3 convolutions and x added (He, Zhang, Ren, Sun, "Deep residual learning", CVPR 2016, figure 5 left). */
export class BasicBlock extends Layer {
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu = new ReLU();
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | undefined;

  constructor(options: ResNetBlock) {
    super();
    const { inputs, planes, stride, dilation } = options;
    this.conv1 = conv(inputs, planes, 3, { stride, dilation });
    this.bn1 = new BatchNorm2d(planes);
    this.conv2 = conv(planes, planes, 3, { dilation });
    this.bn2 = new BatchNorm2d(planes);
    this.downsample = shortcut(planes, options);
  }

  forward(x: Tensor): Tensor {
    const y = chain(x, this.conv1, this.bn1, this.relu, this.conv2, this.bn2);
    return relu(add(y, this.downsample ? this.downsample.call(x) : x));
  }
}

/**
 * 1x1 down, 3x3, 1x1 up to four times the planes, and x added (figure 5 right; the stride lies in the 3x3, as torchvision has
 * it). With groups it is ResNeXt's block (Xie, Girshick, Dollar, Tu, He, "Aggregated residual transformations", CVPR 2017).
 */
export class Bottleneck extends Layer {
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly relu = new ReLU();
  readonly downsample: Sequential | undefined;

  constructor(options: ResNetBlock) {
    super();
    const { inputs, planes, stride, dilation, groups, groupWidth } = options;
    const width = Math.floor((planes * groupWidth) / 64) * groups;
    this.conv1 = conv(inputs, width, 1, { dilation });
    this.bn1 = new BatchNorm2d(width);
    this.conv2 = conv(width, width, 3, { stride, dilation, groups });
    this.bn2 = new BatchNorm2d(width);
    this.conv3 = conv(width, planes * 4, 1, { dilation });
    this.bn3 = new BatchNorm2d(planes * 4);
    this.downsample = shortcut(planes * 4, options);
  }

  forward(x: Tensor): Tensor {
    const { conv1, bn1, conv2, bn2, conv3, bn3 } = this;
    const y = chain(x, conv1, bn1, this.relu, conv2, bn2, this.relu, conv3, bn3);
    return relu(add(y, this.downsample ? this.downsample.call(x) : x));
  }
}

/** What tells one ResNet from another. */
export interface ResNetSettings {
  readonly block: typeof BasicBlock | typeof Bottleneck;
  /** Blocks of each stage. */
  readonly blocks: readonly [number, number, number, number];
  readonly groups?: number;
  /** Channels of a group where the planes are 64. */
  readonly groupWidth?: number;
}

/**
 * ResNet (He et al., CVPR 2016) and ResNeXt (Xie et al., CVPR 2017) as encoders, in torchvision's form and under its names. An
 * `outputStride` of 16 dilates the last stage by 2, one of 8 the last two by 2 and 4 (Chen et al., "Rethinking atrous
 * convolution", 2017), each convolution of them, as segmentation_models.pytorch does.
 */
export class ResNetEncoder extends Encoder {
  readonly outChannels: readonly number[];
  readonly inputWeight = "conv1.weight";
  readonly conv1: Conv2d;
  readonly bn1 = new BatchNorm2d(64);
  readonly relu = new ReLU();
  readonly maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly layer4: Sequential;

  constructor(settings: ResNetSettings, options: EncoderOptions = {}) {
    const { inChannels = 3, outputStride = 32 } = checkOptions("ResNet", options, encoderKeys);
    const { block: Block, blocks, groups = 1, groupWidth = 64 } = settings;
    super(outputStride);
    const out = [64, 128, 256, 512].map((planes) => planes * Block.expansion);
    this.outChannels = [inChannels, 64, ...out];
    this.conv1 = initialized(new Conv2d(inChannels, 64, 7, { stride: 2, padding: 3, bias: false }), heNormal);
    const stage = (at: number): Sequential => {
      const dilation = Math.max(1, 2 ** (at + 2) / outputStride);
      return new Sequential(
        ...Array.from({ length: blocks[at] }, (_, i) => {
          const first = i === 0;
          return new Block({
            inputs: first ? (at === 0 ? 64 : out[at - 1]) : out[at],
            planes: 64 * 2 ** at,
            stride: first && at > 0 ? 2 : 1,
            dilation,
            groups,
            groupWidth,
          });
        }),
      );
    };
    this.layer1 = stage(0);
    this.layer2 = stage(1);
    this.layer3 = stage(2);
    this.layer4 = stage(3);
  }

  protected encode(x: Tensor): Tensor[] {
    const f1 = chain(x, this.conv1, this.bn1, this.relu);
    const f2 = chain(f1, this.maxpool, this.layer1);
    const f3 = this.layer2.call(f2);
    const f4 = this.layer3.call(f3);
    return [x, f1, f2, f3, f4, this.layer4.call(f4)];
  }
}

export interface ClassifierOptions extends EncoderOptions {
  /** Default 1000, ImageNet's. */
  readonly numClasses?: number;
}
/** @internal */
export const classifierKeys: KeysOf<ClassifierOptions> = { ...encoderKeys, numClasses: 1 };

/** ResNet or ResNeXt as the classifier of its paper: logits [N, numClasses]. */
export class ResNetClassifier extends ResNetEncoder {
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc: Linear;

  constructor(settings: ResNetSettings, options: ClassifierOptions = {}) {
    const { numClasses = 1000, ...encoder } = checkOptions("ResNet", options, classifierKeys);
    super(settings, encoder);
    this.fc = new Linear(this.outChannels[5], numClasses);
  }

  override forward(x: Tensor): Tensor {
    const { conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, fc } = this;
    const flat = (y: Tensor): Tensor => reshape(y, [y.shape[0], y.shape[1]]);
    return chain(x, conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, flat, fc);
  }
}

const settings = {
  resnet18: { block: BasicBlock, blocks: [2, 2, 2, 2] },
  resnet34: { block: BasicBlock, blocks: [3, 4, 6, 3] },
  resnet50: { block: Bottleneck, blocks: [3, 4, 6, 3] },
  resnet101: { block: Bottleneck, blocks: [3, 4, 23, 3] },
  resnext50_32x4d: { block: Bottleneck, blocks: [3, 4, 6, 3], groups: 32, groupWidth: 4 },
  resnext101_32x4d: { block: Bottleneck, blocks: [3, 4, 23, 3], groups: 32, groupWidth: 4 },
  resnext101_32x8d: { block: Bottleneck, blocks: [3, 4, 23, 3], groups: 32, groupWidth: 8 },
} as const satisfies Readonly<Record<string, ResNetSettings>>;

export const resnet18 = (o: EncoderOptions = {}): ResNetEncoder => new ResNetEncoder(settings.resnet18, o);
export const resnet34 = (o: EncoderOptions = {}): ResNetEncoder => new ResNetEncoder(settings.resnet34, o);
export const resnet50 = (o: EncoderOptions = {}): ResNetEncoder => new ResNetEncoder(settings.resnet50, o);
export const resnet101 = (o: EncoderOptions = {}): ResNetEncoder => new ResNetEncoder(settings.resnet101, o);
export const resnext50_32x4d = (o: EncoderOptions = {}): ResNetEncoder =>
  new ResNetEncoder(settings.resnext50_32x4d, o);
export const resnext101_32x4d = (o: EncoderOptions = {}): ResNetEncoder =>
  new ResNetEncoder(settings.resnext101_32x4d, o);
export const resnext101_32x8d = (o: EncoderOptions = {}): ResNetEncoder =>
  new ResNetEncoder(settings.resnext101_32x8d, o);
/** A ResNet or ResNeXt by name as a classifier. */
export const resnetClassifier = (name: keyof typeof settings, o: ClassifierOptions = {}): ResNetClassifier =>
  new ResNetClassifier(settings[name], o);
