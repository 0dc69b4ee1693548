import type { Binding, Device, Trial } from "../../device/index.ts";
import type { ChannelEnd } from "../common/channel-end.ts";
import type { Variant } from "../common/variants.ts";

export type ConvPass = "forward" | "inputGrad" | "weightGrad";

/** What a forward pass reads and writes: y = conv(x, w) + bias. */
export interface ForwardIo {
  readonly x: Binding;
  readonly w: Binding;
  readonly bias?: Binding;
  readonly y: Binding;
}

/** The gradient of the input from that of the output, g, and the weights. */
export interface InputGradIo {
  readonly g: Binding;
  readonly w: Binding;
  readonly inputGrad: Binding;
}

/** The gradient of the weights from the input and the gradient of the output, g. */
export interface WeightGradIo {
  readonly x: Binding;
  readonly g: Binding;
  readonly weightGrad: Binding;
}

/** One way to run a convolution of such sizes. */
export interface ConvVariant<Dims> extends Variant<Dims, ConvPass> {
  forward(device: Device, io: ForwardIo, dims: Dims, end?: ChannelEnd): void;
  inputGrad(device: Device, io: InputGradIo, dims: Dims): void;
  weightGrad(device: Device, io: WeightGradIo, dims: Dims): void;
}

/** Elements of a convolution's input, weights and output, and products in a sum of each pass. */
export interface ConvSizes {
  readonly x: number;
  readonly w: number;
  readonly y: number;
  readonly terms: Readonly<Record<ConvPass, number>>;
}

/** What the tuner needs to compare the variants of a convolution's pass: the pass reads two tensors and makes the third. */
export function convTrial<Dims>(
  device: Device,
  { variants, pass, dims }: { variants: readonly ConvVariant<Dims>[]; pass: ConvPass; dims: Dims },
  { x, w, y, terms }: ConvSizes,
): Trial {
  const run = (name: string, a: Binding, b: Binding, out: Binding): void => {
    const variant = variants.find((v) => v.name === name) as ConvVariant<Dims>;
    if (pass === "forward") variant.forward(device, { x: a, w: b, y: out }, dims);
    else if (pass === "inputGrad") variant.inputGrad(device, { g: a, w: b, inputGrad: out }, dims);
    else variant.weightGrad(device, { x: a, g: b, weightGrad: out }, dims);
  };
  return {
    inputs: { forward: [x, w], inputGrad: [y, w], weightGrad: [x, y] }[pass],
    output: { forward: y, inputGrad: x, weightGrad: w }[pass],
    terms: terms[pass],
    reference: "direct",
    run: (name, [a, b], out) => run(name, a, b, out),
  };
}
