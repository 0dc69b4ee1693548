import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, chain, Dropout, Layer, ReLU, Sequential } from "../../nn/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { concat, type Tensor, upsampleBilinear2d } from "../../tensor/index.ts";

/** A depthwise 3x3 and a 1x1 convolution, without bias (Chollet, "Xception", CVPR 2017). */
export const separableConv = (inputs: number, outputs: number, dilation = 1): Sequential =>
  new Sequential(
    new Conv2d(inputs, inputs, 3, { padding: dilation, dilation, groups: inputs, bias: false }),
    new Conv2d(inputs, outputs, 1, { bias: false }),
  );

const withNorm = (conv: Layer, channels: number): Sequential =>
  new Sequential(conv, new BatchNorm2d(channels), new ReLU());

/** The image's mean features, on every pixel again. */
class ImagePooling extends Sequential {
  constructor(inputs: number, outputs: number) {
    super(
      new AdaptiveAvgPool2d(1),
      new Conv2d(inputs, outputs, 1, { bias: false }),
      new BatchNorm2d(outputs),
      new ReLU(),
    );
  }

  override forward(x: Tensor): Tensor {
    const [, , h, w] = x.shape;
    return chain(x, ...this.layers, (y) => upsampleBilinear2d(y, { size: [h, w] }));
  }
}

export interface AsppOptions {
  /** Dilations of the three 3x3 convolutions. */
  readonly rates: readonly [number, number, number];
  /** Whether they are separable. */
  readonly separable: boolean;
  readonly dropout?: number;
}
const asppKeys: KeysOf<AsppOptions> = { rates: 1, separable: 1, dropout: 1 };

/**
 * Atrous spatial pyramid pooling (Chen, Papandreou, Schroff, Adam, "Rethinking atrous convolution", 2017): a 1x1 convolution,
 * 3x3 ones at three dilations and the image's mean, side by side, joined by a 1x1.
 */
export class Aspp extends Layer {
  readonly convs: readonly Sequential[];
  readonly project: Sequential;

  constructor(inputs: number, outputs: number, options: AsppOptions) {
    super();
    const { rates, separable, dropout = 0.5 } = checkOptions("Aspp", options, asppKeys);
    const dilated = (rate: number): Layer =>
      separable
        ? separableConv(inputs, outputs, rate)
        : new Conv2d(inputs, outputs, 3, { padding: rate, dilation: rate, bias: false });
    const pointwise = (from: number): Conv2d => new Conv2d(from, outputs, 1, { bias: false });
    this.convs = [
      withNorm(pointwise(inputs), outputs),
      ...rates.map((rate) => withNorm(dilated(rate), outputs)),
      new ImagePooling(inputs, outputs),
    ];
    this.project = new Sequential(pointwise(5 * outputs), new BatchNorm2d(outputs), new ReLU(), new Dropout(dropout));
  }

  forward(x: Tensor): Tensor {
    return chain(
      x,
      (y) =>
        concat(
          this.convs.map((conv) => conv.call(y)),
          1,
        ),
      this.project,
    );
  }
}
