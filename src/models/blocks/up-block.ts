import { chain, Layer, type Sequential, Upsample } from "../../nn/index.ts";
import { concat, type Tensor } from "../../tensor/index.ts";
import { convReLU } from "./conv-relu.ts";

/**
 * A step up of segmentation_models.pytorch's U-Net and U-Net++: x twice as large (nearest neighbor), joined with the skips of
 * that size behind it, two convolutions.
 */
export class UpBlock extends Layer {
  readonly conv1: Sequential;
  readonly conv2: Sequential;
  readonly up = new Upsample({ scaleFactor: 2 });

  constructor(inputs: number, skips: number, outputs: number) {
    super();
    this.conv1 = convReLU(inputs + skips, outputs);
    this.conv2 = convReLU(outputs, outputs);
  }

  /** x [N, inputs, H, W] and skips [N, .., 2 H, 2 W] -> [N, outputs, 2 H, 2 W]. */
  forward(x: Tensor, ...skips: readonly Tensor[]): Tensor {
    const join = (y: Tensor): Tensor => (skips.length === 0 ? y : concat([y, ...skips], 1));
    return chain(x, this.up, join, this.conv1, this.conv2);
  }
}
