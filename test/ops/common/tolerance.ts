/**
 * How far a float32 result may lie from float64, T1 of the project's reliability rules, and nothing wider:
 *
 * - a sum of K products of a and b: 1e-5 * sqrt(K) * max|a| * max|b|, with no floor, so that small numbers are not let off;
 * - a transcendental (exp, log, pow, tanh ...): 1e-5 of the value, 5e-5 on SwiftShader;
 * - what only moves or picks values (copies, pad, max-pool, maximum): exact;
 * - gradients by the same rules, read off the formula of the gradient.
 *
 * In what follows `u` is 1e-5, for products and sums, and `t` that of transcendentals. A compound op gets the sum of its
 * steps; each rule says which. Where a sum is known element by element, its own largest term stands for max|a| * max|b|,
 * which is never more.
 */
import type { OpTest } from "./op-test.ts";
import type { Attrs, Ref } from "./ref.ts";

/** One tolerance for all elements, or one for each. Absolute. */
export type Tolerance = number | Float64Array;

export interface Situation {
  readonly attrs: Attrs;
  readonly inputs: readonly Ref[];
  /** The wanted value, or the wanted gradient of the input in question. */
  readonly want: Ref;
  /** The op's value in float64, also where a gradient is asked for. */
  readonly value: Ref;
  readonly u: number;
  readonly t: number;
}

export interface GradSituation extends Situation {
  readonly gradOut: Ref;
  /** Which input. */
  readonly input: number;
}

export interface ToleranceRule {
  forward(s: Situation): Tolerance;
  grad(s: GradSituation): Tolerance;
}

export interface AdapterClass {
  readonly swiftshader: boolean;
}

/** From what a device says of itself: SwiftShader's transcendentals are coarser than any other's. */
export const adapterClass = (info: { vendor: string; architecture: string; description: string }): AdapterClass => ({
  swiftshader: /swiftshader/i.test(`${info.vendor} ${info.architecture} ${info.description}`),
});

/**
 * Absolute tolerance of an op's value ("forward") or of the gradient of one input. `want` is what the result is compared
 * with.
 */
export function tolerance(
  op: OpTest,
  attrs: Attrs,
  inputs: readonly Ref[],
  want: Ref,
  which: "forward" | { readonly grad: number; readonly gradOut: Ref },
  adapter: AdapterClass,
): Tolerance {
  const u = 1e-5;
  const t = adapter.swiftshader ? 5e-5 : 1e-5;
  if (which === "forward") return op.tolerance.forward({ attrs, inputs, want, value: want, u, t });
  const value = op.reference.forward(inputs, attrs);
  return op.tolerance.grad({ attrs, inputs, want, value, u, t, gradOut: which.gradOut, input: which.grad });
}

const smallestNormal = 1.1754944e-38;

/** Subnormals are 0: adapters differ in whether they keep them. */
export const flushed = (x: number): number => (Math.abs(x) < smallestNormal ? 0 : x);

/**
 * Largest error over tolerance, and where. At most 1 passes. NaN is equal to NaN and infinities to themselves only; an
 * exact result (tolerance 0) that differs at all is infinitely wrong.
 */
export function compare(
  got: ArrayLike<number>,
  want: Float64Array,
  allowed: Tolerance,
): { worst: number; index: number } {
  if (got.length !== want.length) return { worst: Number.POSITIVE_INFINITY, index: Math.min(got.length, want.length) };
  let worst = 0;
  let index = 0;
  for (let i = 0; i < want.length; i++) {
    const g = flushed(got[i]);
    const w = flushed(want[i]);
    if (Object.is(g, w) || g === w) continue;
    const limit = typeof allowed === "number" ? allowed : allowed[i];
    const difference = Math.abs(g - w);
    // One side flushed, the other a hair above the smallest normal number: that is the flushing, not an error.
    const byFlushing = (g === 0 || w === 0) && difference < 2 * smallestNormal && limit > 0;
    const error = byFlushing ? 0 : difference / limit;
    if (!(error <= worst)) {
      worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      index = i;
    }
  }
  return { worst, index };
}
