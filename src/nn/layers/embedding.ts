import { embedding, type Indices, type Tensor } from "../../tensor/index.ts";
import { normal } from "../init.ts";
import { Module } from "../module.ts";
import { Parameter } from "../slots.ts";

/** A row of the weight [numEmbeddings, embeddingDim] for each integer: shape of the integers and [embeddingDim]; rows start from N(0, 1). */
export class Embedding extends Module {
  readonly weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number) {
    super();
    this.weight = new Parameter([numEmbeddings, embeddingDim], normal());
  }

  /** Integers as a tensor, or from the host, which are checked. */
  forward(index: Indices): Tensor {
    return embedding(index, this.weight.value);
  }
}
