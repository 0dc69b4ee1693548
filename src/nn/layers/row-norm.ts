import { checkOptions, type KeysOf } from "../../options.ts";
import { groupNorm, instanceNorm, layerNorm, type Shape, type Tensor } from "../../tensor/index.ts";
import { constant } from "../init.ts";
import { Layer } from "../module.ts";
import { Counter, Parameter, StateBuffer } from "../slots.ts";

export interface GroupNormOptions {
  readonly eps?: number;
  /** Whether there are a weight and a bias for each channel. Default true. */
  readonly affine?: boolean;
}
const groupNormKeys: KeysOf<GroupNormOptions> = { eps: 1, affine: 1 };

/** Normalizes groups of neighboring channels of each sample of [N, numChannels, ...] by their own statistics. */
export class GroupNorm extends Layer {
  readonly weight?: Parameter;
  readonly bias?: Parameter;
  readonly numGroups: number;
  readonly eps: number;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    const { eps = 1e-5, affine = true } = checkOptions("GroupNorm", options, groupNormKeys);
    this.numGroups = numGroups;
    this.eps = eps;
    if (!affine) return;
    this.weight = new Parameter([numChannels], constant(1));
    this.bias = new Parameter([numChannels], constant(0));
  }

  forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, { weight: this.weight?.value, bias: this.bias?.value, eps: this.eps });
  }
}

export interface InstanceNormLayerOptions {
  readonly eps?: number;
  /** Share of the batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
  /** Whether there are a weight and a bias for each channel. Default false, as in PyTorch. */
  readonly affine?: boolean;
  /** Keep running statistics, and normalize by them in evaluation. Default false, as in PyTorch. */
  readonly trackRunningStats?: boolean;
}
const instanceNormLayerKeys: KeysOf<InstanceNormLayerOptions> = {
  eps: 1,
  momentum: 1,
  affine: 1,
  trackRunningStats: 1,
};

/** Normalizes each channel of each sample of [N, numFeatures, H, W] by its own statistics. */
export class InstanceNorm2d extends Layer {
  readonly weight?: Parameter;
  readonly bias?: Parameter;
  readonly runningMean?: StateBuffer;
  readonly runningVar?: StateBuffer;
  /** Stands in PyTorch's checkpoints, and is not counted there either. */
  readonly numBatchesTracked?: Counter;
  readonly options: { readonly eps: number; readonly momentum: number };

  constructor(numFeatures: number, options: InstanceNormLayerOptions = {}) {
    super();
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = false,
      trackRunningStats = false,
    } = checkOptions("InstanceNorm2d", options, instanceNormLayerKeys);
    this.options = { eps, momentum };
    if (affine) {
      this.weight = new Parameter([numFeatures], constant(1));
      this.bias = new Parameter([numFeatures], constant(0));
    }
    if (trackRunningStats) {
      this.runningMean = new StateBuffer([numFeatures], constant(0));
      this.runningVar = new StateBuffer([numFeatures], constant(1));
      this.numBatchesTracked = new Counter();
    }
  }

  forward(x: Tensor): Tensor {
    return instanceNorm(x, {
      ...this.options,
      weight: this.weight?.value,
      bias: this.bias?.value,
      runningMean: this.runningMean?.value,
      runningVar: this.runningVar?.value,
      useInputStats: this.training || !this.runningMean,
    });
  }
}

export interface LayerNormOptions {
  readonly eps?: number;
  /** Whether there is a weight for each entry, and with `bias` a bias. Default true. */
  readonly elementwiseAffine?: boolean;
  readonly bias?: boolean;
}
const layerNormKeys: KeysOf<LayerNormOptions> = { eps: 1, elementwiseAffine: 1, bias: 1 };

/** Normalizes the last dimensions, of sizes `normalizedShape`, by their own statistics. */
export class LayerNorm extends Layer {
  readonly weight?: Parameter;
  readonly bias?: Parameter;
  readonly normalizedShape: Shape;
  readonly eps: number;

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = checkOptions("LayerNorm", options, layerNormKeys);
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    if (!elementwiseAffine) return;
    this.weight = new Parameter(this.normalizedShape, constant(1));
    if (bias) this.bias = new Parameter(this.normalizedShape, constant(0));
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, {
      weight: this.weight?.value,
      bias: this.bias?.value,
      eps: this.eps,
    });
  }
}
