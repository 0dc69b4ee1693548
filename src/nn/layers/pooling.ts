import { checkOptions, type KeysOf } from "../../options.ts";
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

const maxPool2dKeys: KeysOf<Omit<MaxPool2dOptions, "kernelSize">> = { stride: 1, padding: 1, dilation: 1, ceilMode: 1 };

/** Largest entry of each window of [N, C, H, W]. */
export class MaxPool2d extends Layer {
  readonly kernelSize: Pair;
  readonly options: Omit<MaxPool2dOptions, "kernelSize">;

  constructor(kernelSize: Pair, options: Omit<MaxPool2dOptions, "kernelSize"> = {}) {
    super();
    checkOptions("MaxPool2d", options, maxPool2dKeys);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

const avgPool2dKeys: KeysOf<Omit<AvgPool2dOptions, "kernelSize">> = {
  stride: 1,
  padding: 1,
  ceilMode: 1,
  countIncludePad: 1,
  divisorOverride: 1,
};

/** Mean of each window of [N, C, H, W]. */
export class AvgPool2d extends Layer {
  readonly kernelSize: Pair;
  readonly options: Omit<AvgPool2dOptions, "kernelSize">;

  constructor(kernelSize: Pair, options: Omit<AvgPool2dOptions, "kernelSize"> = {}) {
    super();
    checkOptions("AvgPool2d", options, avgPool2dKeys);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

const maxPool3dKeys: KeysOf<Omit<MaxPool3dOptions, "kernelSize">> = { stride: 1, padding: 1, dilation: 1, ceilMode: 1 };

/** Largest entry of each window of [N, C, D, H, W]. */
export class MaxPool3d extends Layer {
  readonly kernelSize: Triple;
  readonly options: Omit<MaxPool3dOptions, "kernelSize">;

  constructor(kernelSize: Triple, options: Omit<MaxPool3dOptions, "kernelSize"> = {}) {
    super();
    checkOptions("MaxPool3d", options, maxPool3dKeys);
    this.kernelSize = kernelSize;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return maxPool3d(x, { kernelSize: this.kernelSize, ...this.options });
  }
}

const avgPool3dKeys: KeysOf<Omit<AvgPool3dOptions, "kernelSize">> = {
  stride: 1,
  padding: 1,
  ceilMode: 1,
  countIncludePad: 1,
  divisorOverride: 1,
};

/** Mean of each window of [N, C, D, H, W]. */
export class AvgPool3d extends Layer {
  readonly kernelSize: Triple;
  readonly options: Omit<AvgPool3dOptions, "kernelSize">;

  constructor(kernelSize: Triple, options: Omit<AvgPool3dOptions, "kernelSize"> = {}) {
    super();
    checkOptions("AvgPool3d", options, avgPool3dKeys);
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
