import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  chain,
  Dropout,
  DropPath,
  Layer,
  Linear,
  SiLU,
} from "../../nn/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { add, clamp, mul, reshape, sigmoid, type Tensor } from "../../tensor/index.ts";
import { Encoder, type EncoderOptions, encoderKeys } from "./encoder.ts";

const norm = (channels: number): BatchNorm2d => new BatchNorm2d(channels, { eps: 1e-3, momentum: 0.01 });

/** TensorFlow's "same" padding of an image of `size` pixels, [before, after]: as much as gives ceil(size / stride) outputs. */
function samePadding(size: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [total >> 1, total - (total >> 1)];
}

export interface MBConvBlock {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
  /** How many times as many channels the depthwise convolution has. */
  readonly expand: number;
  /** Above 1 the depthwise convolution dilates by it and does not stride. */
  readonly dilation: number;
  /** Pixels of the image that the block was published for: they fix its padding. */
  readonly size: number;
  /** Share of samples whose branch is dropped in training. */
  readonly dropPath: number;
  /** Squeeze-and-excitation and SiLU; EfficientNet-Lite has neither, and ReLU6. */
  readonly lite: boolean;
}

/** ReLU held below 6, as EfficientNet-Lite has it. */
const relu6 = (x: Tensor): Tensor => clamp(x, 0, 6);
const swish = new SiLU();
const activation = (lite: boolean) => (lite ? relu6 : swish);

/**
 * An inverted bottleneck with squeeze-and-excitation (Tan and Le, "EfficientNet", ICML 2019; Sandler et al., "MobileNetV2",
 * CVPR 2018): 1x1 up, depthwise, channels weighed by their mean, 1x1 down, and x added where the sizes allow.
 */
export class MBConv extends Layer {
  readonly expandConv: Conv2d | undefined;
  readonly bn0: BatchNorm2d | undefined;
  readonly depthwiseConv: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly seReduce: Conv2d | undefined;
  readonly seExpand: Conv2d | undefined;
  readonly projectConv: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly dropPath: DropPath;
  readonly #lite: boolean;
  readonly #adds: boolean;

  constructor({ inputs, outputs, kernel, stride, expand, dilation, size, dropPath, lite }: MBConvBlock) {
    super();
    const width = inputs * expand;
    if (expand !== 1) {
      this.expandConv = new Conv2d(inputs, width, 1, { bias: false });
      this.bn0 = norm(width);
    }
    const [before, after] = samePadding(size, kernel, stride);
    this.depthwiseConv = new Conv2d(width, width, kernel, {
      groups: width,
      bias: false,
      ...(dilation > 1
        ? { dilation, padding: dilation * (kernel >> 1) }
        : { stride, padding: [before, after, before, after] as const }),
    });
    this.bn1 = norm(width);
    if (!lite) {
      const squeezed = Math.max(1, Math.floor(inputs * 0.25));
      this.seReduce = new Conv2d(width, squeezed, 1);
      this.seExpand = new Conv2d(squeezed, width, 1);
    }
    this.projectConv = new Conv2d(width, outputs, 1, { bias: false });
    this.bn2 = norm(outputs);
    this.dropPath = new DropPath(dropPath);
    this.#lite = lite;
    this.#adds = stride === 1 && inputs === outputs;
  }

  /** The names of efficientnet_pytorch begin with an underscore. */
  protected override fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this).map(([name, value]) => [`_${name}`, value] as const);
  }

  forward(x: Tensor): Tensor {
    const act = activation(this.#lite);
    const up = this.expandConv && this.bn0 ? [this.expandConv, this.bn0, act] : [];
    const excite = (y: Tensor): Tensor => {
      if (!this.seReduce || !this.seExpand) return y;
      return mul(y, sigmoid(chain(y, squeeze, this.seReduce, swish, this.seExpand)));
    };
    const y = chain(x, ...up, this.depthwiseConv, this.bn1, act, excite, this.projectConv, this.bn2);
    return this.#adds ? add(this.dropPath.call(y), x) : y;
  }
}
const squeeze = new AdaptiveAvgPool2d(1);

/** [blocks, kernel, stride, expand, outputs] of B0's seven groups (the paper, table 1). */
const groups = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;
/** What tells one EfficientNet from another. */
export interface EfficientNetSettings {
  readonly width: number;
  readonly depth: number;
  /** Pixels of the image it was published for. */
  readonly size: number;
  readonly dropout: number;
  readonly lite?: boolean;
  /** Blocks in front of the features at stride 16, where they are not those of the first five groups. */
  readonly until16?: number;
}

/** Channels times `width`, as a multiple of 8 that is at least 90 % of it. */
function scaled(channels: number, width: number): number {
  const wanted = channels * width;
  const rounded = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return rounded < 0.9 * wanted ? rounded + 8 : rounded;
}

const dropPathRate = 0.2;

/**
 * EfficientNet B0 to B7 (Tan and Le, ICML 2019) and Lite0 (the TensorFlow team, 2020) as encoders, in the form and under the
 * names of efficientnet_pytorch. Padding is TensorFlow's "same" for the image size each was published for, whatever the image
 * is, as checkpoints want it. The 1x1 convolution of the head (`conv_head`) is part of the state, as in
 * segmentation_models.pytorch, and unused here. An `outputStride` of 16 dilates the blocks behind the features of stride 16
 * by 2, one of 8 those behind the features of stride 8 by 2 and 4.
 */
export class EfficientNetEncoder extends Encoder {
  readonly outChannels: readonly number[];
  readonly inputWeight = "_conv_stem.weight";
  readonly convStem: Conv2d;
  readonly bn0: BatchNorm2d;
  readonly blocks: readonly MBConv[];
  readonly convHead: Conv2d;
  readonly bn1: BatchNorm2d;
  protected readonly act: Layer | ((x: Tensor) => Tensor);
  readonly #ends: readonly number[];

  constructor(settings: EfficientNetSettings, options: EncoderOptions = {}) {
    const { inChannels = 3, outputStride = 32 } = checkOptions("EfficientNet", options, encoderKeys);
    const { width, depth, size, lite = false, until16 } = settings;
    super(outputStride);
    const stem = scaled(32, width);
    const [before, after] = samePadding(size, 3, 2);
    this.convStem = new Conv2d(inChannels, stem, 3, {
      stride: 2,
      padding: [before, after, before, after],
      bias: false,
    });
    this.bn0 = norm(stem);
    this.act = activation(lite);
    const counts = groups.map(([n]) => Math.ceil(n * depth));
    const total = counts.reduce((a, b) => a + b);
    const behind = (group: number): number => counts.slice(0, group).reduce((a, b) => a + b);
    const ends = [behind(2), behind(3), until16 ?? behind(5), total];
    const dilationAt = (block: number): number => {
      const stride = block < ends[1] ? 8 : block < ends[2] ? 16 : 32;
      return Math.max(1, stride / outputStride);
    };
    const blocks: MBConv[] = [];
    const outChannels = [inChannels, stem];
    let [inputs, pixels] = [stem, Math.ceil(size / 2)];
    for (const [g, [, kernel, groupStride, expand, out]] of groups.entries()) {
      const outputs = scaled(out, width);
      for (let i = 0; i < counts[g]; i++) {
        const at = blocks.length;
        const stride = i === 0 ? groupStride : 1;
        const dropPath = (dropPathRate * at) / total;
        const dilation = dilationAt(at);
        blocks.push(new MBConv({ inputs, outputs, kernel, stride, expand, dilation, size: pixels, dropPath, lite }));
        pixels = Math.ceil(pixels / stride);
        inputs = outputs;
        if (ends.includes(blocks.length)) outChannels.push(outputs);
      }
    }
    this.blocks = blocks;
    this.#ends = ends;
    this.outChannels = outChannels;
    const head = lite ? 1280 : scaled(1280, width);
    this.convHead = new Conv2d(inputs, head, 1, { bias: false });
    this.bn1 = norm(head);
  }

  /** The names of efficientnet_pytorch begin with an underscore. */
  protected override fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this).map(([name, value]) => [`_${name}`, value] as const);
  }

  protected encode(x: Tensor): Tensor[] {
    const stages = [x, chain(x, this.convStem, this.bn0, this.act)];
    let from = 0;
    for (const end of this.#ends) {
      stages.push(chain(stages.at(-1)!, ...this.blocks.slice(from, end)));
      from = end;
    }
    return stages;
  }
}

export interface EfficientNetClassifierOptions extends EncoderOptions {
  /** Default 1000, ImageNet's. */
  readonly numClasses?: number;
}
const classifierKeys: KeysOf<EfficientNetClassifierOptions> = { ...encoderKeys, numClasses: 1 };

/** EfficientNet as the classifier of its paper: logits [N, numClasses]. */
export class EfficientNetClassifier extends EfficientNetEncoder {
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(settings: EfficientNetSettings, options: EfficientNetClassifierOptions = {}) {
    const { numClasses = 1000, ...encoder } = checkOptions("EfficientNet", options, classifierKeys);
    super(settings, encoder);
    this.dropout = new Dropout(settings.dropout);
    this.fc = new Linear(this.convHead.weight.shape[0], numClasses);
  }

  override forward(x: Tensor): Tensor {
    const flat = (y: Tensor): Tensor => reshape(y, [y.shape[0], y.shape[1]]);
    const { convStem, bn0, act, blocks, convHead, bn1, dropout, fc } = this;
    return chain(x, convStem, bn0, act, ...blocks, convHead, bn1, act, squeeze, flat, dropout, fc);
  }
}

const settings = {
  // segmentation_models.pytorch takes B0's features in the middle of its fifth group; its decoders are trained on these.
  b0: { width: 1, depth: 1, size: 224, dropout: 0.2, until16: 9 },
  b1: { width: 1, depth: 1.1, size: 240, dropout: 0.2 },
  b2: { width: 1.1, depth: 1.2, size: 260, dropout: 0.3 },
  b3: { width: 1.2, depth: 1.4, size: 300, dropout: 0.3 },
  b4: { width: 1.4, depth: 1.8, size: 380, dropout: 0.4 },
  b5: { width: 1.6, depth: 2.2, size: 456, dropout: 0.4 },
  b6: { width: 1.8, depth: 2.6, size: 528, dropout: 0.5 },
  b7: { width: 2, depth: 3.1, size: 600, dropout: 0.5 },
  lite0: { width: 1, depth: 1, size: 224, dropout: 0.2, lite: true },
} as const satisfies Readonly<Record<string, EfficientNetSettings>>;

export const efficientnetB0 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b0, o);
export const efficientnetB1 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b1, o);
export const efficientnetB2 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b2, o);
export const efficientnetB3 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b3, o);
export const efficientnetB4 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b4, o);
export const efficientnetB5 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b5, o);
export const efficientnetB6 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b6, o);
export const efficientnetB7 = (o: EncoderOptions = {}): EfficientNetEncoder => new EfficientNetEncoder(settings.b7, o);
export const efficientnetLite0 = (o: EncoderOptions = {}): EfficientNetEncoder =>
  new EfficientNetEncoder(settings.lite0, o);
/** EfficientNet by name as a classifier. */
export const efficientnetClassifier = (
  name: keyof typeof settings,
  o: EfficientNetClassifierOptions = {},
): EfficientNetClassifier => new EfficientNetClassifier(settings[name], o);
