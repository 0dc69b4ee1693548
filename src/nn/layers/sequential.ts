import type { Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

/** Layers one after the other; their names are their indices. */
export class Sequential extends Layer {
  readonly layers: readonly Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.layers = layers;
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return this.layers.map((l, i) => [`${i}`, l] as const);
  }

  /** Lets go of each intermediate result once the next layer has read it; the tape keeps what a gradient needs. */
  forward(x: Tensor): Tensor {
    let y = x;
    for (const layer of this.layers) {
      const next = layer.forward(y);
      if (y !== x && y !== next) y.dispose();
      y = next;
    }
    return y;
  }
}
