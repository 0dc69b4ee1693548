import { ConfigError } from "../../errors.ts";
import { conv2d, type Pair, type Sides, type Tensor } from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";

export interface Conv2dLayerOptions {
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** Convolution of [N, inChannels, H, W] to [N, outChannels, H', W']; PyTorch's default initialisation. */
export class Conv2d extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly options: Required<Omit<Conv2dLayerOptions, "bias">>;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: Pair,
    { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true }: Conv2dLayerOptions = {},
  ) {
    super();
    if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0)
      throw new ConfigError(
        "groups",
        `Conv2d: groups=${groups} must divide inChannels=${inChannels} and outChannels=${outChannels}`,
      );
    const size: readonly number[] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    const shape = [outChannels, inChannels / groups, ...size];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, dilation, groups };
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight.value, { ...this.options, bias: this.bias?.value });
  }
}
