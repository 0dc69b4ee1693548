import type { Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";
import { runFused } from "./fuse.ts";

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

  /**
   * Lets go of each intermediate result once the next layer has read it; the tape keeps what a gradient needs. A convolution
   * takes along what one kernel can do with it (fuse.ts).
   */
  forward(x: Tensor): Tensor {
    let y = x;
    for (let at = 0; at < this.layers.length; ) {
      const { y: result, next } = runFused(this.layers, at, y) ?? { y: this.layers[at].forward(y), next: at + 1 };
      if (y !== x && y !== result) y.dispose();
      y = result;
      at = next;
    }
    return y;
  }
}
