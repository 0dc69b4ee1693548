/**
 * What a sample is. Every op has a table of at least 20 rows of shapes and attributes, among them: a prime size, N = 1,
 * C = 1, H other than W, more than one workgroup, stride other than dilation, asymmetric padding, and an empty tensor
 * where that is legal. Values are float32 numbers and lie at least 1e-2 away from kinks, so that differences can check them.
 */
import { type FiducialError, ShapeError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { type Attrs, type Ref, sizeOf } from "./ref.ts";

export interface Sample {
  readonly inputs: readonly Ref[];
  readonly attrs: Attrs;
}

export interface Row {
  readonly name: string;
  /** Made when asked for: some are large. The same numbers each time. */
  make(): Sample;
  /** Has ties or values on a kink, by intent: value and analytic gradient only, no differences. */
  readonly kinked?: true;
}

/** Inputs that an op must refuse. */
export interface ErrorRow {
  readonly name: string;
  make(): Sample;
  readonly errorClass: new (...args: never[]) => FiducialError;
  readonly messageIncludes: readonly string[];
}

export interface SampleTable {
  readonly rows: readonly Row[];
  readonly errors: readonly ErrorRow[];
}

/** Draws the values of one row. */
export class Draws {
  readonly #random: Random;
  constructor(name: string) {
    this.#random = new Random(20240917).fork(name);
  }

  fill(shape: readonly number[], next: (random: Random, i: number) => number): Ref {
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.fround(next(this.#random, i))) };
  }

  uniform(shape: readonly number[], low = -2, high = 2): Ref {
    return this.fill(shape, (r) => r.uniform(low, high));
  }

  /** Uniform, at least 1/50 away from each of `kinks`. */
  apart(shape: readonly number[], kinks: readonly number[], low = -2, high = 2): Ref {
    return this.fill(shape, (r) => {
      for (;;) {
        const v = r.uniform(low, high);
        if (kinks.every((k) => Math.abs(v - k) >= 0.02)) return v;
      }
    });
  }

  /** Magnitudes in [low, high], of either sign. */
  signed(shape: readonly number[], low: number, high: number): Ref {
    return this.fill(shape, (r) => (r.uniform() < 0.5 ? -1 : 1) * r.uniform(low, high));
  }

  /** Positive, and no nearer to 1 than a tenth: WGSL's log is exact to an absolute error around there. */
  besideOne(shape: readonly number[], low = 0.1, high = 4): Ref {
    return this.fill(shape, (r) => (r.uniform() < 0.5 ? r.uniform(low, 0.9) : r.uniform(1.1, high)));
  }

  /** No two values nearer than 1/32: a shuffled grid around 0, so that the largest of any set is clear. */
  distinct(shape: readonly number[]): Ref {
    const count = sizeOf(shape);
    const order = this.#random.shuffle(Array.from({ length: count }, (_, i) => i - Math.floor(count / 2)));
    return this.fill(shape, (_, i) => order[i] / 32);
  }

  /** Multiples of 1/16, shifted by `offset`: two of these with offsets 1/32 apart are never equal. */
  grid(shape: readonly number[], offset = 0): Ref {
    return this.fill(shape, (r) => (r.integer(65) - 32) / 16 + offset);
  }

  /** Few values, zero among them: many ties. */
  ties(shape: readonly number[]): Ref {
    return this.fill(shape, (r) => (r.integer(7) - 3) / 2);
  }

  zerosAndOnes(shape: readonly number[], share: number): Ref {
    return this.fill(shape, (r) => (r.uniform() < share ? 1 : 0));
  }
}

type Make = (draws: Draws) => Sample;

/** A row whose name tells its shapes and attributes apart, and seeds its values. */
export function row(op: string, name: string, make: Make, kinked?: true): Row {
  return { name, make: () => make(new Draws(`${op} ${name}`)), ...(kinked ? { kinked } : {}) };
}

/** An error row: shapes and attributes that do not fit, and what the message must hold. */
export function refused(
  name: string,
  shapes: readonly (readonly number[])[],
  attrs: Attrs,
  ...messageIncludes: string[]
): ErrorRow {
  return {
    name,
    make: () => ({ inputs: shapes.map((s, i) => new Draws(`${name} ${i}`).uniform(s, 0.5, 1)), attrs }),
    errorClass: ShapeError,
    messageIncludes,
  };
}

/** Shapes for ops that take any: rank 0 to 5, one to many workgroups of 256, and empty ones. */
export const anyShapes: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [7],
  [255],
  [256],
  [257],
  [1, 1],
  [3, 5],
  [1, 13],
  [13, 1],
  [2, 3, 5],
  [1, 1, 1, 1],
  [1, 3, 4, 5],
  [3, 1, 7, 2],
  [2, 2, 2, 2, 2],
  [1, 5, 17, 11],
  [3, 4, 31, 8],
  [4, 129, 131],
  [65_537],
  [0],
  [2, 0, 3],
];

export const show = (shape: readonly number[]): string => `[${shape.join(",")}]`;
