import { checkOptions, type KeysOf } from "../../options.ts";
import { convTranspose2d, type Pair, type Sides, type Tensor } from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";
import { checkGroups } from "./padding.ts";

export interface ConvTranspose2dLayerOptions {
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly outputPadding?: Pair;
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
}
const convTranspose2dLayerKeys: KeysOf<ConvTranspose2dLayerOptions> = {
  stride: 1,
  padding: 1,
  outputPadding: 1,
  dilation: 1,
  groups: 1,
  bias: 1,
};

/**
 * Transposed convolution of [N, inChannels, H, W] to [N, outChannels, H', W']: with kernel and stride 2 it doubles an image.
 * Weights [inChannels, outChannels / groups, kH, kW] and PyTorch's default initialization, which takes the second for fan-in.
 */
export class ConvTranspose2d extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly options: Required<Omit<ConvTranspose2dLayerOptions, "bias">>;

  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: ConvTranspose2dLayerOptions = {}) {
    super();
    const {
      stride = 1,
      padding = 0,
      outputPadding = 0,
      dilation = 1,
      groups = 1,
      bias = true,
    } = checkOptions("ConvTranspose2d", options, convTranspose2dLayerKeys);
    checkGroups("ConvTranspose2d", groups, inChannels, outChannels);
    const size: readonly number[] = typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
    const shape = [inChannels, outChannels / groups, ...size];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, outputPadding, dilation, groups };
  }

  forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight.value, { ...this.options, bias: this.bias?.value });
  }
}
