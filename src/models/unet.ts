import { ConfigError, ShapeError } from "../errors.ts";
import { BatchNorm2d, Conv2d, chain, Layer, MaxPool2d, Module, ReLU, Sequential, Upsample } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { concat, show, slice, type Tensor, tidy } from "../tensor/index.ts";

export interface UNetBodyOptions {
  /** Channels of each level, from the finest; each further level halves the image. */
  readonly widths?: readonly number[];
  /** 3x3 convolutions at each level on the way down and on the way up. Default 2 and 2. */
  readonly encoderConvs?: number;
  readonly decoderConvs?: number;
  /** How the way up enlarges. Default "nearest". */
  readonly upsample?: "nearest" | "bilinear";
}
const uNetBodyKeys: KeysOf<UNetBodyOptions> = { widths: 1, encoderConvs: 1, decoderConvs: 1, upsample: 1 };

export interface UNetOptions extends UNetBodyOptions {
  readonly inChannels?: number;
  /** Heat-maps, one a landmark. */
  readonly landmarks: number;
  /** 1: heat-maps as large as the image; 2: half as large. Default 1. */
  readonly stemStride?: 1 | 2;
}
const uNetKeys: KeysOf<UNetOptions> = {
  inChannels: 1,
  landmarks: 1,
  stemStride: 1,
  widths: 1,
  encoderConvs: 1,
  decoderConvs: 1,
  upsample: 1,
};

export const defaultWidths: readonly number[] = [64, 128, 256, 512, 1024];

/** Convolution 3x3, batch norm, ReLU; the convolution needs no bias, since batch norm takes it away. */
const block = (inputs: number, outputs: number, stride = 1): Layer[] => [
  new Conv2d(inputs, outputs, 3, { padding: 1, stride, bias: false }),
  new BatchNorm2d(outputs),
  new ReLU(),
];

const blocks = (inputs: number, outputs: number, count: number): Sequential =>
  new Sequential(...Array.from({ length: count }, (_, i) => block(i === 0 ? inputs : outputs, outputs)).flat());

/**
 * The U of a U-Net, features in and out at widths[0] channels and the same size: down by max pooling, up by enlarging,
 * with skips that are concatenated (Ronneberger, Fischer, Brox, MICCAI 2015; batch norm and same-size padding added).
 */
export class UNetBody extends Layer {
  readonly encoder: readonly Sequential[];
  readonly decoder: readonly Sequential[];
  readonly pool = new MaxPool2d(2);
  readonly up: Upsample;

  constructor(options: UNetBodyOptions = {}) {
    super();
    const {
      widths = defaultWidths,
      encoderConvs = 2,
      decoderConvs = 2,
      upsample = "nearest",
    } = checkOptions("UNetBody", options, uNetBodyKeys);
    if (widths.length < 2)
      throw new ConfigError("widths", `UNet: widths is [${widths.join(", ")}]; give at least two levels`);
    this.encoder = widths.map((w, i) => blocks(i === 0 ? w : widths[i - 1], w, encoderConvs));
    // From the coarsest level up: what comes from below, joined with the skip.
    this.decoder = widths
      .slice(0, -1)
      .map((w, i) => blocks(widths[i + 1] + w, w, decoderConvs))
      .reverse();
    this.up = new Upsample({ scaleFactor: 2, mode: upsample });
  }

  /** What height and width must be multiples of. */
  get multiple(): number {
    return 2 ** (this.encoder.length - 1);
  }

  forward(x: Tensor): Tensor {
    const [, , h, w] = x.shape;
    if (h % this.multiple !== 0 || w % this.multiple !== 0)
      throw new ShapeError(
        `UNetBody: x is ${show(x.shape)}; its ${this.encoder.length} levels want H and W to be multiples of ${this.multiple}; resize or pad the image`,
      );
    return this.#level(0, x);
  }

  /** Level `i`, with all levels below it: they come back as what its own features are joined with. */
  #level(i: number, x: Tensor): Tensor {
    const down = this.encoder[i];
    if (i === this.encoder.length - 1) return down.call(x);
    const below = (pooled: Tensor): Tensor => this.#level(i + 1, pooled);
    const join = (skip: Tensor): Tensor => concat([chain(skip, this.pool, below, this.up), skip], 1);
    return chain(x, down, join, this.decoder[this.decoder.length - 1 - i]);
  }
}

/** Image [N, inChannels, H, W] -> heat-maps [N, landmarks, H / stemStride, W / stemStride], without a last nonlinearity. */
export class UNet extends Layer {
  readonly stem: Sequential;
  readonly body: UNetBody;
  readonly head: Conv2d;

  constructor(options: UNetOptions) {
    super();
    const { inChannels = 1, landmarks, stemStride = 1, ...body } = checkOptions("UNet", options, uNetKeys);
    const width = (body.widths ?? defaultWidths)[0];
    this.stem = new Sequential(...block(inChannels, width, stemStride));
    this.body = new UNetBody(body);
    this.head = new Conv2d(width, landmarks, 1);
  }

  forward(x: Tensor): Tensor {
    return chain(x, this.stem, this.body, this.head);
  }
}

export interface PlanesUNetOptions extends UNetBodyOptions {
  readonly inChannels?: number;
  /** Landmarks of each plane, in the order of the planes. */
  readonly landmarks: readonly number[];
  readonly stemStride?: 1 | 2;
}
const planesUNetKeys: KeysOf<PlanesUNetOptions> = {
  inChannels: 1,
  landmarks: 1,
  stemStride: 1,
  widths: 1,
  encoderConvs: 1,
  decoderConvs: 1,
  upsample: 1,
};

/**
 * One U-Net for several kinds of images (the planes of the scouts): each plane has its own stem and head, all share the
 * body. The defaults are the network for scouts: 128x128 images, heat-maps 64x64, 0.86 million parameters.
 */
export class PlanesUNet extends Module {
  readonly stems: readonly Sequential[];
  readonly body: UNetBody;
  readonly heads: readonly Conv2d[];

  constructor(options: PlanesUNetOptions) {
    super();
    const {
      inChannels = 1,
      landmarks,
      stemStride = 2,
      widths = [24, 48, 64, 96, 128],
      decoderConvs = 1,
      ...rest
    } = checkOptions("PlanesUNet", options, planesUNetKeys);
    if (landmarks.length === 0)
      throw new ConfigError("landmarks", "PlanesUNet: landmarks is empty; give the number of landmarks of each plane");
    this.stems = landmarks.map(() => new Sequential(...block(inChannels, widths[0], stemStride)));
    this.body = new UNetBody({ ...rest, widths, decoderConvs });
    this.heads = landmarks.map((k) => new Conv2d(widths[0], k, 1));
  }

  /** Heat-maps [N, landmarks of the plane, H / stemStride, W / stemStride] of images of one plane. */
  forwardPlane(x: Tensor, plane: number): Tensor {
    return this.scoped(x, () => {
      this.#check(plane);
      return chain(x, this.stems[plane], this.body, this.heads[plane]);
    });
  }

  /**
   * Images [N_p, inChannels, H, W] of every plane, in order -> their heat-maps. The body runs once on all of them, so
   * that in training its batch statistics are those of all planes together.
   */
  forward(planes: readonly Tensor[]): Tensor[] {
    if (planes.length !== this.stems.length)
      throw new ShapeError(
        `PlanesUNet: ${planes.length} planes given, the network has ${this.stems.length}; use forwardPlane(x, plane) for one`,
      );
    const stem = (x: Tensor, p: number): Tensor => this.stems[p].call(x);
    const stemmed = tidy(() => concat(planes.map(stem), 0));
    const features = this.body.call(stemmed);
    let at = 0;
    return planes.map((x, p) => {
      const from = at;
      at += x.shape[0];
      const [, ...rest] = features.shape;
      return chain(features, (all) => slice(all, [from, 0, 0, 0], [at, ...rest]), this.heads[p]);
    });
  }

  #check(plane: number): void {
    if (!this.stems[plane])
      throw new ConfigError("plane", `PlanesUNet: plane ${plane} does not exist; use 0 to ${this.stems.length - 1}`);
  }
}
