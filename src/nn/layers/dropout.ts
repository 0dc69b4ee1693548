import { ConfigError } from "../../errors.ts";
import { dropout, type Rng, type Tensor } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

/** In training, zeroes entries with probability p and scales the others by 1 / (1 - p). Needs `reseed(rng)` of the model. */
export class Dropout extends Layer {
  readonly p: number;
  #rng: Rng | undefined;

  constructor(p = 0.5) {
    super();
    if (!(p >= 0 && p < 1))
      throw new ConfigError("p", `Dropout: p is ${p}; give a probability of at least 0 and below 1`);
    this.p = p;
  }

  protected override onReseed(rng: Rng, name: string): void {
    this.#rng = rng.fork(name);
  }

  #stream(): Rng {
    if (this.#rng) return this.#rng;
    throw new ConfigError(
      "rng",
      "Dropout: no random stream; call model.reseed(rng) before each training step, or model.eval()",
    );
  }

  forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0 || x.isMeta) return x;
    return dropout(x, { p: this.p, rng: () => this.#stream() });
  }
}
