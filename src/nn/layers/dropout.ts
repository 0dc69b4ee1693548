import { ConfigError } from "../../errors.ts";
import { dropout, dropout2d, dropPath, type MaskSource, type Rng, type Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

/** In training, drops parts of its input. Needs `reseed(rng)` of the model. */
abstract class Dropping extends Layer {
  readonly p: number;
  #rng: Rng | undefined;

  constructor(p: number) {
    super();
    if (!(p >= 0 && p < 1))
      throw new ConfigError("p", `${new.target.name}: p is ${p}; give a probability of at least 0 and below 1`);
    this.p = p;
  }

  protected abstract drop(x: Tensor, options: { p: number; rng: MaskSource }): Tensor;

  protected override onReseed(rng: Rng, name: string): void {
    this.#rng = rng.fork(name);
  }

  #stream(): Rng {
    if (this.#rng) return this.#rng;
    throw new ConfigError(
      "rng",
      `${this.constructor.name}: no random stream; call model.reseed(rng) before each training step, or model.eval()`,
    );
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0 || x.isMeta) return x;
    return this.drop(x, { p: this.p, rng: () => this.#stream() });
  }
}

/** In training, zeroes entries with probability p and scales the others by 1 / (1 - p). */
export class Dropout extends Dropping {
  constructor(p = 0.5) {
    super(p);
  }

  protected override drop(x: Tensor, options: { p: number; rng: MaskSource }): Tensor {
    return dropout(x, options);
  }
}

/** In training, zeroes whole channels of [N, C, ...] with probability p and scales the others by 1 / (1 - p). */
export class Dropout2d extends Dropping {
  constructor(p = 0.5) {
    super(p);
  }

  protected override drop(x: Tensor, options: { p: number; rng: MaskSource }): Tensor {
    return dropout2d(x, options);
  }
}

/** In training, zeroes whole samples of [N, ...] with probability p and scales the others by 1 / (1 - p): stochastic depth. */
export class DropPath extends Dropping {
  constructor(p = 0) {
    super(p);
  }

  protected override drop(x: Tensor, options: { p: number; rng: MaskSource }): Tensor {
    return dropPath(x, options);
  }
}
