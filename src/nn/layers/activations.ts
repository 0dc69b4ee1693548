import { checkOptions, type KeysOf } from "../../options.ts";
import { elu, gelu, leakyRelu, relu, sigmoid, silu, softmax, softplus, type Tensor, tanh } from "../../tensor/index.ts";
import { Layer } from "../module.ts";

export class ReLU extends Layer {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

export class LeakyReLU extends Layer {
  readonly negativeSlope: number;
  constructor(negativeSlope = 0.01) {
    super();
    this.negativeSlope = negativeSlope;
  }
  forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }
}

/** x * sigmoid(x), also called swish. */
export class SiLU extends Layer {
  forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/** x where positive, else alpha (exp(x) - 1). */
export class ELU extends Layer {
  readonly alpha: number;
  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }
  forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }
}

const geluKeys: KeysOf<{ approximate?: "none" | "tanh" }> = { approximate: 1 };

/** x times the share of the normal distribution below it; "tanh" approximates that. */
export class GELU extends Layer {
  readonly approximate: "none" | "tanh";
  constructor(options: { approximate?: "none" | "tanh" } = {}) {
    super();
    const { approximate = "none" } = checkOptions("GELU", options, geluKeys);
    this.approximate = approximate;
  }
  forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }
}

export class Softplus extends Layer {
  forward(x: Tensor): Tensor {
    return softplus(x);
  }
}

export class Sigmoid extends Layer {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

export class Tanh extends Layer {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** Shares along an axis, or several together, that add up to 1. */
export class Softmax extends Layer {
  readonly axis: number | readonly number[];
  constructor(axis: number | readonly number[]) {
    super();
    this.axis = axis;
  }
  forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}

export class Identity extends Layer {
  forward(x: Tensor): Tensor {
    return x;
  }
}
