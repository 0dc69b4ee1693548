import { batchNorm, type Tensor } from "../../tensor/index.ts";
import { constant } from "../init.ts";
import { Layer } from "../module.ts";
import { Counter, Parameter, StateBuffer } from "../slots.ts";

export interface BatchNormLayerOptions {
  readonly eps?: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum?: number;
}

/** Normalizes each channel of [N, numFeatures, H, W]: over the batch in training, by the running statistics else. */
export class BatchNorm2d extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly runningMean: StateBuffer;
  readonly runningVar: StateBuffer;
  readonly numBatchesTracked = new Counter();
  readonly options: Required<BatchNormLayerOptions>;

  constructor(numFeatures: number, { eps = 1e-5, momentum = 0.1 }: BatchNormLayerOptions = {}) {
    super();
    this.weight = new Parameter([numFeatures], constant(1));
    this.bias = new Parameter([numFeatures], constant(0));
    this.runningMean = new StateBuffer([numFeatures], constant(0));
    this.runningVar = new StateBuffer([numFeatures], constant(1));
    this.options = { eps, momentum };
  }

  forward(x: Tensor): Tensor {
    const { training, weight, bias, runningMean, runningVar } = this;
    const y = batchNorm(x, {
      ...this.options,
      weight: weight.value,
      bias: bias.value,
      runningMean: runningMean.value,
      runningVar: runningVar.value,
      training,
    });
    if (training && !x.isMeta) x.device.eachRun(() => this.numBatchesTracked.value++);
    return y;
  }
}
