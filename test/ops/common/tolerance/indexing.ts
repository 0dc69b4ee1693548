/** T1 for comparisons, what indices name, and what repeats. */
import { sizeOf } from "../ref.ts";
import { named } from "../reference/indexing.ts";
import type { GradSituation, ToleranceRule } from "../tolerance.ts";

/** u * sqrt(K) * largest of the K terms that meet at a place; one alone is a copy. Each of `terms` goes to the place in `at`. */
export function meeting(terms: ArrayLike<number>, at: ArrayLike<number>, base: ArrayLike<number> | number, u: number) {
  const count = typeof base === "number" ? new Float64Array(base) : Float64Array.from(base, () => 1);
  const top = typeof base === "number" ? new Float64Array(base) : Float64Array.from(base, Math.abs);
  for (let i = 0; i < at.length; i++) {
    count[at[i]]++;
    top[at[i]] = Math.max(top[at[i]], Math.abs(terms[i]));
  }
  return count.map((k, i) => (k <= 1 ? 0 : u * Math.sqrt(k) * top[i]));
}

/** What is taken is a copy; a place that was taken K times gathers K gradients. */
export const selectingRule = (op: string, x: 0 | 1): ToleranceRule => ({
  forward: () => 0,
  grad: ({ inputs, attrs, gradOut, want, u }: GradSituation) =>
    meeting(gradOut.data, named(op, want.shape, inputs[1 - x], attrs).at, want.data.length, u),
});

/** The gradient of what repeats is a sum over its copies. */
export const copied = (place: (s: GradSituation) => Int32Array): ToleranceRule => ({
  forward: () => 0,
  grad: (s) => meeting(s.gradOut.data, place(s), sizeOf(s.want.shape), s.u),
});
