import { ConfigError, ShapeError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Random } from "../random.ts";
import { type Shape, show, sizeOf } from "../tensor/index.ts";

/** Makes the first numbers of a parameter of some shape; all that is random comes from `rng`. */
export type Initializer = (shape: Shape, rng: Random) => Float32Array;

/** What multiplies the deviation so that activations keep their variance behind a nonlinearity. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";

export interface KaimingOptions {
  /** Keep the variance of the forward pass ("fan_in") or of the backward pass ("fan_out"). */
  readonly mode?: "fan_in" | "fan_out";
  readonly nonlinearity?: Nonlinearity;
  /** Negative slope of leaky_relu. */
  readonly slope?: number;
}
const kaimingKeys: KeysOf<KaimingOptions> = { mode: 1, nonlinearity: 1, slope: 1 };

/**
 * Inputs and outputs that a weight joins: [O, I, ...kernel] gives I and O, each times the kernel's size. A grouped
 * convolution's I is that of one group, as in PyTorch. Throws ShapeError for fewer than two dimensions.
 */
export function fans(shape: Shape): { in: number; out: number } {
  if (shape.length < 2)
    throw new ShapeError(
      `fans of ${show(shape)}: a weight has at least 2 dimensions [out, in, ...]; use normal() or constant()`,
    );
  const field = sizeOf(shape.slice(2));
  return { in: shape[1] * field, out: shape[0] * field };
}

/** PyTorch's `calculate_gain`. */
export function gain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leaky_relu":
      return Math.sqrt(2 / (1 + slope * slope));
    case "selu":
      return 3 / 4;
    default:
      return 1;
  }
}

const fill = (shape: Shape, draw: () => number): Float32Array => Float32Array.from({ length: sizeOf(shape) }, draw);

/** Uniform in [-bound, bound). */
export const uniform = (bound: number): Initializer => {
  if (!(bound >= 0 && Number.isFinite(bound)))
    throw new ConfigError("bound", `uniform: bound is ${bound}; give a finite number of 0 or more`);
  return (shape, rng) => fill(shape, () => rng.uniform(-bound, bound));
};

const normalKeys: KeysOf<{ readonly mean?: number; readonly deviation?: number }> = { mean: 1, deviation: 1 };

export const normal = (options: { readonly mean?: number; readonly deviation?: number } = {}): Initializer => {
  const { mean = 0, deviation = 1 } = checkOptions("normal", options, normalKeys);
  return (shape, rng) => fill(shape, () => rng.normal(mean, deviation));
};

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

const kaimingDeviation = (
  shape: Shape,
  { mode = "fan_in", nonlinearity = "leaky_relu", slope = 0 }: KaimingOptions,
): number => gain(nonlinearity, slope) / Math.sqrt(Math.max(1, fans(shape)[mode === "fan_in" ? "in" : "out"]));

/** He et al., "Delving deep into rectifiers" (2015), uniform. `slope: Math.sqrt(5)` is PyTorch's default of Conv2d and Linear. */
export const kaimingUniform = (options: KaimingOptions = {}): Initializer => {
  checkOptions("kaimingUniform", options, kaimingKeys);
  return (shape, rng) => uniform(Math.sqrt(3) * kaimingDeviation(shape, options))(shape, rng);
};

/** He et al. (2015), normal. */
export const kaimingNormal = (options: KaimingOptions = {}): Initializer => {
  checkOptions("kaimingNormal", options, kaimingKeys);
  return (shape, rng) => normal({ deviation: kaimingDeviation(shape, options) })(shape, rng);
};

/** Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), uniform. */
export const xavierUniform =
  (gainFactor = 1): Initializer =>
  (shape, rng) => {
    const f = fans(shape);
    return uniform(gainFactor * Math.sqrt(6 / (f.in + f.out)))(shape, rng);
  };

/** The bias of PyTorch's Conv2d and Linear: uniform within 1 / sqrt(inputs of the weight). */
export const biasFor = (weightShape: Shape): Initializer => uniform(1 / Math.sqrt(Math.max(1, fans(weightShape).in)));
