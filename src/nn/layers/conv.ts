import { conv2d, type Pair, type Sides, type Tensor } from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";
import { checkGroups, convolvePadded, type PaddingMode } from "./padding.ts";

export interface Conv2dLayerOptions {
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** What the padding holds; default "zeros". */
  readonly paddingMode?: PaddingMode;
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
    { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" }: Conv2dLayerOptions = {},
  ) {
    super();
    checkGroups("Conv2d", groups, inChannels, outChannels);
    const size: readonly number[] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    const shape = [outChannels, inChannels / groups, ...size];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, dilation, groups, paddingMode };
  }

  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.options;
    const bias = this.bias?.value;
    if (paddingMode === "zeros") return conv2d(x, this.weight.value, { ...options, padding, bias });
    return convolvePadded("Conv2d", x, padding, 2, paddingMode, (padded) =>
      conv2d(padded, this.weight.value, { ...options, bias }),
    );
  }
}
