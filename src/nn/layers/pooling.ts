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
export type PoolLayerOptions = Omit<MaxPool2dOptions, "kernelSize" | "dilation">;

/** Largest entry of each window of [N, C, H, W]. */
export class MaxPool2d extends Layer {
  readonly kernelSize: Pair;
  readonly options: Omit<MaxPool2dOptions, "kernelSize">;

  constructor(kernelSize: Pair, options: Omit<MaxPool2dOptions, "kernelSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

/** Mean of each window of [N, C, H, W]. */
export class AvgPool2d extends Layer {
  readonly kernelSize: Pair;
  readonly options: Omit<AvgPool2dOptions, "kernelSize">;

  constructor(kernelSize: Pair, options: Omit<AvgPool2dOptions, "kernelSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

/** Largest entry of each window of [N, C, D, H, W]. */
export class MaxPool3d extends Layer {
  readonly kernelSize: Triple;
  readonly options: Omit<MaxPool3dOptions, "kernelSize">;

  constructor(kernelSize: Triple, options: Omit<MaxPool3dOptions, "kernelSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool3d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

/** Mean of each window of [N, C, D, H, W]. */
export class AvgPool3d extends Layer {
  readonly kernelSize: Triple;
  readonly options: Omit<AvgPool3dOptions, "kernelSize">;

  constructor(kernelSize: Triple, options: Omit<AvgPool3dOptions, "kernelSize"> = {}) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool3d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

/** [N, C, H, W] to [N, C, ...outputSize] by means, whatever H and W. */
export class AdaptiveAvgPool2d extends Layer {
  readonly outputSize: Pair;

  constructor(outputSize: Pair) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** [N, C, D, H, W] to [N, C, ...outputSize] by means, whatever D, H and W. */
export class AdaptiveAvgPool3d extends Layer {
  readonly outputSize: Triple;

  constructor(outputSize: Triple) {
    super();
    this.outputSize = outputSize;
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}
