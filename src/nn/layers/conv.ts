import { checkOptions, type KeysOf } from "../../options.ts";
import {
  conv1d,
  conv2d,
  conv3d,
  type Pair,
  type Sides,
  type Sides3,
  type Tensor,
  type Triple,
} from "../../tensor/index.ts";
import { biasFor, kaimingUniform } from "../init.ts";
import { Layer } from "../module.ts";
import { Parameter } from "../slots.ts";
import { checkGroups, type PaddingMode, padAround } from "./padding.ts";

/** @typeParam Size a number for all axes, or one for each; @typeParam Padding a number, or one for each axis or side. */
export interface ConvLayerOptions<Size, Padding> {
  readonly stride?: Size;
  readonly padding?: Padding;
  readonly dilation?: Size;
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** What the padding holds; default "zeros". */
  readonly paddingMode?: PaddingMode;
}
const convLayerKeys: KeysOf<ConvLayerOptions<never, never>> = {
  stride: 1,
  padding: 1,
  dilation: 1,
  groups: 1,
  bias: 1,
  paddingMode: 1,
};
export type Conv1dLayerOptions = ConvLayerOptions<number, number | readonly [left: number, right: number]>;
export type Conv2dLayerOptions = ConvLayerOptions<Pair, Sides>;
export type Conv3dLayerOptions = ConvLayerOptions<Triple, Sides3>;

type Convolve<Size, Padding> = (
  x: Tensor,
  w: Tensor,
  options: {
    bias?: Tensor;
    stride: Size | number;
    padding?: Padding | number;
    dilation: Size | number;
    groups: number;
  },
) => Tensor;

/** Weights [outChannels, inChannels / groups, ...kernel] and bias with PyTorch's default initialization. */
abstract class ConvNd<
  Size extends number | readonly number[],
  Padding extends number | readonly number[],
> extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly options: Required<Omit<ConvLayerOptions<Size | number, Padding | number>, "bias">>;
  readonly #name: string;
  readonly #axes: number;
  readonly #convolve: Convolve<Size, Padding>;

  constructor(
    { name, axes, convolve }: { name: string; axes: number; convolve: Convolve<Size, Padding> },
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options: ConvLayerOptions<Size | number, Padding | number>,
  ) {
    super();
    const {
      stride = 1,
      padding = 0,
      dilation = 1,
      groups = 1,
      bias = true,
      paddingMode = "zeros",
    } = checkOptions(name, options, convLayerKeys);
    checkGroups(name, groups, inChannels, outChannels);
    const size = typeof kernelSize === "number" ? new Array<number>(axes).fill(kernelSize) : kernelSize;
    const shape = [outChannels, inChannels / groups, ...size];
    this.weight = new Parameter(shape, kaimingUniform({ slope: Math.sqrt(5) }));
    this.bias = bias ? new Parameter([outChannels], biasFor(shape)) : undefined;
    this.options = { stride, padding, dilation, groups, paddingMode };
    this.#name = name;
    this.#axes = axes;
    this.#convolve = convolve;
  }

  forward(x: Tensor): Tensor {
    const { paddingMode, padding, ...options } = this.options;
    const [w, bias] = [this.weight.value, this.bias?.value];
    if (paddingMode === "zeros") return this.#convolve(x, w, { ...options, padding, bias });
    const padded = padAround(this.#name, x, padding, this.#axes, paddingMode);
    return this.#convolve(padded, w, { ...options, bias });
  }
}

/** Convolution of [N, inChannels, L] to [N, outChannels, L']; PyTorch's default initialization. */
export class Conv1d extends ConvNd<number, number | readonly [left: number, right: number]> {
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv1dLayerOptions = {}) {
    super({ name: "Conv1d", axes: 1, convolve: conv1d }, inChannels, outChannels, kernelSize, options);
  }
}

/** Convolution of [N, inChannels, H, W] to [N, outChannels, H', W']; PyTorch's default initialization. */
export class Conv2d extends ConvNd<Pair, Sides> {
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dLayerOptions = {}) {
    super({ name: "Conv2d", axes: 2, convolve: conv2d }, inChannels, outChannels, kernelSize, options);
  }
}

/** Convolution of [N, inChannels, D, H, W] to [N, outChannels, D', H', W']; PyTorch's default initialization. */
export class Conv3d extends ConvNd<Triple, Sides3> {
  constructor(inChannels: number, outChannels: number, kernelSize: Triple, options: Conv3dLayerOptions = {}) {
    super({ name: "Conv3d", axes: 3, convolve: conv3d }, inChannels, outChannels, kernelSize, options);
  }
}
