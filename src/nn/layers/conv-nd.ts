import { conv1d, conv3d, type Sides3, type Tensor, type Triple } from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";
import { checkGroups, convolvePadded, type PaddingMode } from "./padding.ts";

export interface Conv1dLayerOptions {
  readonly stride?: number;
  readonly padding?: number | readonly [left: number, right: number];
  readonly dilation?: number;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** What the padding holds; default "zeros". */
  readonly paddingMode?: PaddingMode;
}

/** Convolution of [N, inChannels, L] to [N, outChannels, L']; PyTorch's default initialisation. */
export class Conv1d extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly options: Required<Omit<Conv1dLayerOptions, "bias">>;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: number,
    { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" }: Conv1dLayerOptions = {},
  ) {
    super();
    checkGroups("Conv1d", groups, inChannels, outChannels);
    const shape = [outChannels, inChannels / groups, kernel];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, dilation, groups, paddingMode };
  }

  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.options;
    const bias = this.bias?.value;
    if (paddingMode === "zeros") return conv1d(x, this.weight.value, { ...options, padding, bias });
    return convolvePadded("Conv1d", x, padding, 1, paddingMode, (padded) =>
      conv1d(padded, this.weight.value, { ...options, bias }),
    );
  }
}

export interface Conv3dLayerOptions {
  readonly stride?: Triple;
  readonly padding?: Sides3;
  readonly dilation?: Triple;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** What the padding holds; default "zeros". */
  readonly paddingMode?: PaddingMode;
}

/** Convolution of [N, inChannels, D, H, W] to [N, outChannels, D', H', W']; PyTorch's default initialisation. */
export class Conv3d extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly options: Required<Omit<Conv3dLayerOptions, "bias">>;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: Triple,
    { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, paddingMode = "zeros" }: Conv3dLayerOptions = {},
  ) {
    super();
    checkGroups("Conv3d", groups, inChannels, outChannels);
    const size: readonly number[] = typeof kernel === "number" ? [kernel, kernel, kernel] : kernel;
    const shape = [outChannels, inChannels / groups, ...size];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, dilation, groups, paddingMode };
  }

  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.options;
    const bias = this.bias?.value;
    if (paddingMode === "zeros") return conv3d(x, this.weight.value, { ...options, padding, bias });
    return convolvePadded("Conv3d", x, padding, 3, paddingMode, (padded) =>
      conv3d(padded, this.weight.value, { ...options, bias }),
    );
  }
}
