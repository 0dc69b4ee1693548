import { embedding, type Indices, type Tensor } from "../../tensor/index.ts";
import { normal } from "../init.ts";
import { Module } from "../module.ts";
import { Parameter } from "../slots.ts";

/** A row of the weight [count, features] for each integer: shape of the integers and [features]; rows start from N(0, 1). */
export class Embedding extends Module {
  readonly weight: Parameter;

  constructor(count: number, features: number) {
    super();
    this.weight = new Parameter([count, features], normal());
  }

  /** Integers as a tensor, or from the host, which are checked. */
  forward(index: Indices): Tensor {
    return embedding(index, this.weight.value);
  }
}
