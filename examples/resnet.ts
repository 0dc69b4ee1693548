/**
 * A ResNet (He, Zhang, Ren, Sun, CVPR 2016) written with the package alone: fields under torchvision's names, so that its
 * checkpoints load. Run by itself, it prints what the network consists of; no GPU is needed for that.
 */
import { fileURLToPath } from "node:url";
import { add, relu, reshape, type Tensor } from "fiducial";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  chain,
  Identity,
  Layer,
  Linear,
  MaxPool2d,
  ReLU,
  Sequential,
  summary,
} from "fiducial/nn";

/** x [N, inputs, H, W] -> [N, outputs, H / stride, W / stride]: two convolutions, and x added to what they give. */
export class BasicBlock extends Layer {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu = new ReLU();
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample?: Sequential;

  constructor(inputs: number, outputs: number, stride = 1) {
    super();
    this.conv1 = new Conv2d(inputs, outputs, 3, { stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(outputs);
    this.conv2 = new Conv2d(outputs, outputs, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(outputs);
    if (stride !== 1 || inputs !== outputs)
      this.downsample = new Sequential(
        new Conv2d(inputs, outputs, 1, { stride, bias: false }),
        new BatchNorm2d(outputs),
      );
  }

  forward(x: Tensor): Tensor {
    const y = chain(x, this.conv1, this.bn1, this.relu, this.conv2, this.bn2);
    return relu(add(y, this.downsample ? this.downsample.call(x) : x));
  }
}

export interface ResNetOptions {
  /** Blocks of each of the four stages: [2, 2, 2, 2] for ResNet-18, [3, 4, 6, 3] for ResNet-34. */
  readonly blocks: readonly number[];
  /** Channels of the first stage; each further stage has twice as many. Default 64. */
  readonly width?: number;
  readonly inChannels?: number;
  readonly classes?: number;
  /** For images of some 32 pixels: the first convolution is 3x3 and neither it nor a pooling halves the image. */
  readonly small?: boolean;
}

/** Images [N, inChannels, H, W] -> scores [N, classes]. */
export class ResNet extends Layer {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu = new ReLU();
  readonly maxpool: Layer;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly layer4: Sequential;
  readonly avgpool = new AdaptiveAvgPool2d(1);
  readonly fc: Linear;

  constructor({ blocks, width = 64, inChannels = 3, classes = 1000, small = false }: ResNetOptions) {
    super();
    const stage = (i: number): Sequential => {
      const [outputs, inputs] = [width * 2 ** i, i === 0 ? width : width * 2 ** (i - 1)];
      const block = (_: unknown, j: number): BasicBlock =>
        new BasicBlock(j === 0 ? inputs : outputs, outputs, i > 0 && j === 0 ? 2 : 1);
      return new Sequential(...Array.from({ length: blocks[i] }, block));
    };
    this.conv1 = small
      ? new Conv2d(inChannels, width, 3, { padding: 1, bias: false })
      : new Conv2d(inChannels, width, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = new BatchNorm2d(width);
    this.maxpool = small ? new Identity() : new MaxPool2d(3, { stride: 2, padding: 1 });
    [this.layer1, this.layer2, this.layer3, this.layer4] = [0, 1, 2, 3].map(stage);
    this.fc = new Linear(8 * width, classes);
  }

  forward(x: Tensor): Tensor {
    const { conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, fc } = this;
    const flatten = (features: Tensor): Tensor => reshape(features, [features.shape[0], -1]);
    return chain(x, conv1, bn1, relu, maxpool, layer1, layer2, layer3, layer4, avgpool, flatten, fc);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(`${summary(new ResNet({ blocks: [2, 2, 2, 2] }), [1, 3, 224, 224])}`);
