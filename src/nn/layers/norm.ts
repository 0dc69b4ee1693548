import { ShapeError } from "../../errors.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { batchNorm, show, type Tensor } from "../../tensor/index.ts";
import { constant } from "../init.ts";
import { Layer } from "../module.ts";
import { Counter, Parameter, StateBuffer } from "../slots.ts";

export interface BatchNormLayerOptions {
  readonly eps?: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum?: number;
}
const batchNormLayerKeys: KeysOf<BatchNormLayerOptions> = { eps: 1, momentum: 1 };

/** Normalizes each channel: over the batch in training, by the running statistics else. */
abstract class BatchNorm extends Layer {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly runningMean: StateBuffer;
  readonly runningVar: StateBuffer;
  readonly numBatchesTracked = new Counter();
  readonly options: Required<BatchNormLayerOptions>;

  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1 } = checkOptions("BatchNorm2d", options, batchNormLayerKeys);
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

/** [N, numFeatures, H, W]. */
export class BatchNorm2d extends BatchNorm {}

/** [N, numFeatures] or [N, numFeatures, L]. Throws ShapeError for another number of dimensions. */
export class BatchNorm1d extends BatchNorm {
  override forward(x: Tensor): Tensor {
    if (x.rank !== 2 && x.rank !== 3)
      throw new ShapeError(`BatchNorm1d: x is ${show(x.shape)}; it must be [N, C] or [N, C, L]`);
    return super.forward(x);
  }
}

/** [N, numFeatures, D, H, W]. Throws ShapeError for another number of dimensions. */
export class BatchNorm3d extends BatchNorm {
  override forward(x: Tensor): Tensor {
    if (x.rank !== 5) throw new ShapeError(`BatchNorm3d: x is ${show(x.shape)}; it must be [N, C, D, H, W]`);
    return super.forward(x);
  }
}
