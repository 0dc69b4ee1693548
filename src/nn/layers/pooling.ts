import {
  type AvgPool2dOptions,
  type AvgPool3dOptions,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  avgPool2d,
  avgPool3d,
  type MaxPool2dOptions,
  type MaxPool3dOptions,
  maxPool2d,
  maxPool3d,
  type Pair,
  type Tensor,
  type Triple,
} from "../../tensor/index.ts";
import { Layer } from "../module.ts";

/** All but the window's size; the stride is by default that. */
export type PoolLayerOptions = Omit<MaxPool2dOptions, "kernel" | "dilation">;

/** Largest entry of each window of [N, C, H, W]. */
export class MaxPool2d extends Layer {
  readonly kernel: Pair;
  readonly options: Omit<MaxPool2dOptions, "kernel">;

  constructor(kernel: Pair, options: Omit<MaxPool2dOptions, "kernel"> = {}) {
    super();
    this.kernel = kernel;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, { kernel: this.kernel, ...this.options });
  }
}

/** Mean of each window of [N, C, H, W]. */
export class AvgPool2d extends Layer {
  readonly kernel: Pair;
  readonly options: Omit<AvgPool2dOptions, "kernel">;

  constructor(kernel: Pair, options: Omit<AvgPool2dOptions, "kernel"> = {}) {
    super();
    this.kernel = kernel;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, { kernel: this.kernel, ...this.options });
  }
}

/** Largest entry of each window of [N, C, D, H, W]. */
export class MaxPool3d extends Layer {
  readonly kernel: Triple;
  readonly options: Omit<MaxPool3dOptions, "kernel">;

  constructor(kernel: Triple, options: Omit<MaxPool3dOptions, "kernel"> = {}) {
    super();
    this.kernel = kernel;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool3d(x, { kernel: this.kernel, ...this.options });
  }
}

/** Mean of each window of [N, C, D, H, W]. */
export class AvgPool3d extends Layer {
  readonly kernel: Triple;
  readonly options: Omit<AvgPool3dOptions, "kernel">;

  constructor(kernel: Triple, options: Omit<AvgPool3dOptions, "kernel"> = {}) {
    super();
    this.kernel = kernel;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool3d(x, { kernel: this.kernel, ...this.options });
  }
}

/** [N, C, H, W] to [N, C, ...size] by means, whatever H and W. */
export class AdaptiveAvgPool2d extends Layer {
  readonly size: Pair;

  constructor(size: Pair) {
    super();
    this.size = size;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.size);
  }
}

/** [N, C, D, H, W] to [N, C, ...size] by means, whatever D, H and W. */
export class AdaptiveAvgPool3d extends Layer {
  readonly size: Triple;

  constructor(size: Triple) {
    super();
    this.size = size;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.size);
  }
}
