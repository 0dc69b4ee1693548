import { Layer, type Sequential } from "../nn/index.ts";
import { checkOptions } from "../options.ts";
import type { Tensor } from "../tensor/index.ts";
import { EncoderDecoder } from "./blocks/encoder-decoder.ts";
import { heatmapHead } from "./blocks/heatmap-head.ts";
import { UpBlock } from "./blocks/up-block.ts";
import { centerOf, decoderWidths, type EncoderUNetOptions, encoderUNetKeys } from "./encoder-unet.ts";
import type { Encoder } from "./encoders/encoder.ts";

/**
 * The nested way up. Node x_d_l (diagonal l, depth d from the coarsest) takes the node left of it one step up, joined with all
 * nodes of its size to the left and the encoder's features there; x_0_4 alone has nothing to join.
 */
export class UNetPlusPlusDecoder extends Layer {
  /** Part of the checkpoints over a VGG; no forward uses it, in segmentation_models.pytorch neither. */
  readonly center: Sequential | undefined;
  readonly blocks: Readonly<Record<string, UpBlock>>;

  constructor(encoder: Encoder, widths: readonly number[]) {
    super();
    this.center = centerOf(encoder);
    // Features from the coarsest to the finest, and what the steps along the bottom take, join and give.
    const found = encoder.outChannels.slice(1).reverse();
    const skips = [...found.slice(1), 0];
    const inputs = [found[0], ...widths.slice(0, -1)];
    const blocks: Record<string, UpBlock> = {};
    for (let l = 0; l < 4; l++)
      for (let d = 0; d <= l; d++) {
        const out = d === 0 ? widths[l] : skips[l];
        const joined = skips[l] * (d === 0 ? l + 1 : l + 1 - d);
        const from = d === 0 ? inputs[l] : skips[l - 1];
        blocks[`x_${d}_${l}`] = new UpBlock(from, joined, out);
      }
    blocks.x_0_4 = new UpBlock(inputs[4], 0, widths[4]);
    this.blocks = blocks;
  }

  forward(...features: readonly Tensor[]): Tensor {
    const found = features.slice(1).reverse();
    const nodes = new Map<string, Tensor>();
    const node = (d: number, l: number): Tensor => nodes.get(`x_${d}_${l}`)!;
    for (let l = 0; l < 4; l++)
      for (let d = l; d >= 0; d--) {
        const left = d === l ? found[l] : node(d, l - 1);
        const same = Array.from({ length: l - d }, (_, i) => node(d + 1 + i, l));
        nodes.set(`x_${d}_${l}`, this.blocks[`x_${d}_${l}`].call(left, ...same, found[l + 1]));
      }
    return this.blocks.x_0_4.call(node(0, 3));
  }
}

/**
 * U-Net++ (Zhou, Siddiquee, Tajbakhsh, Liang, DLMIA 2018) over any encoder, in the form and under the names of
 * segmentation_models.pytorch's `UnetPlusPlus`, without deep supervision: image [N, C, H, W], H and W multiples of 32 ->
 * heat-maps [N, landmarks, H, W], without a last nonlinearity.
 */
export class UNetPlusPlus extends EncoderDecoder<UNetPlusPlusDecoder> {
  constructor(options: EncoderUNetOptions) {
    const {
      encoder,
      landmarks,
      decoderChannels = decoderWidths,
    } = checkOptions("UNetPlusPlus", options, encoderUNetKeys);
    const head = heatmapHead(decoderChannels[4], landmarks, { kernelSize: 3 });
    super("UNetPlusPlus", encoder, new UNetPlusPlusDecoder(encoder, decoderChannels), head);
  }
}
