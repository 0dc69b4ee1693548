import { Layer, type Module, type Sequential } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Encoder } from "../encoders/encoder.ts";
import { checkSize } from "./check-size.ts";

/** From an encoder's features, finest first, to those that the head turns into heat-maps. */
export type FeatureDecoder = Module & { forward(...features: readonly Tensor[]): Tensor };

/** The form of segmentation_models.pytorch's networks: an encoder, a decoder of all its stages, a head; under these names. */
export abstract class EncoderDecoder<D extends FeatureDecoder = FeatureDecoder> extends Layer {
  readonly encoder: Encoder;
  readonly decoder: D;
  readonly segmentationHead: Sequential;
  readonly #name: string;

  /** `name` stands in errors. */
  constructor(name: string, encoder: Encoder, decoder: D, head: Sequential) {
    super();
    this.#name = name;
    this.encoder = encoder;
    this.decoder = decoder;
    this.segmentationHead = head;
  }

  /** Image [N, C, H, W], H and W multiples of the encoder's output stride -> heat-maps [N, landmarks, H, W]. */
  forward(x: Tensor): Tensor {
    checkSize(this.#name, x, this.encoder.outputStride);
    return this.segmentationHead.call(this.decode(x));
  }

  /** What the head gets. A network that reads the coarsest features alone need not hold the others. */
  protected decode(x: Tensor): Tensor {
    return this.decoder.call(...this.encoder.stages(x));
  }
}
