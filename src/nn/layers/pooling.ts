import { avgPool2d, maxPool2d, type Pair, type Sides, type Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

export interface PoolLayerOptions {
  /** By default the window's size. */
  readonly stride?: Pair;
  readonly padding?: Sides;
}

/** Largest entry of each window of [N, C, H, W]. */
export class MaxPool2d extends Layer {
  readonly kernel: Pair;
  readonly options: PoolLayerOptions & { readonly dilation?: Pair };

  constructor(kernel: Pair, options: PoolLayerOptions & { readonly dilation?: Pair } = {}) {
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
  readonly options: PoolLayerOptions & { readonly countIncludePad?: boolean };

  constructor(kernel: Pair, options: PoolLayerOptions & { readonly countIncludePad?: boolean } = {}) {
    super();
    this.kernel = kernel;
    this.options = options;
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, { kernel: this.kernel, ...this.options });
  }
}
