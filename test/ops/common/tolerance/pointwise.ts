/** T1 for elementwise ops and for those that only move values. */
import { broadcastMap, type Ref, sizeOf } from "../ref.ts";
import type { BinaryRule } from "../reference/binary.ts";
import type { GradSituation, Situation, Tolerance, ToleranceRule } from "../tolerance.ts";

const relative = (want: Ref, part: number): Float64Array => want.data.map((v) => part * Math.abs(v));

export const exact: ToleranceRule = { forward: () => 0, grad: () => 0 };

export const products: ToleranceRule = {
  forward: ({ want, u }) => relative(want, u),
  grad: ({ want, u }) => relative(want, u),
};

export const curve: ToleranceRule = {
  forward: ({ want, t }) => relative(want, t),
  grad: ({ want, t }) => relative(want, t),
};

/**
 * Gradient of one side: the sum, over the K places it was broadcast to, of gradOut * derivative. part * sqrt(K) * the
 * largest term of that sum. With K = 1 and a derivative of 0, 1/2 or 1 it is a copy: exact.
 */
export const broadcastGrad =
  (rule: BinaryRule, part: "u" | "t", copies: boolean) =>
  (s: GradSituation): Tolerance => {
    const [a, b] = s.inputs;
    const terms = sizeOf(s.gradOut.shape) / Math.max(1, sizeOf(s.want.shape));
    if (copies && terms <= 1) return 0;
    const slope = s.input === 0 ? rule.da : rule.db;
    const maps = [broadcastMap(a.shape, s.gradOut.shape), broadcastMap(b.shape, s.gradOut.shape)];
    const out = new Float64Array(s.want.data.length);
    for (let i = 0; i < s.gradOut.data.length; i++) {
      const at = maps[s.input][i];
      const term = Math.abs(s.gradOut.data[i] * slope(a.data[maps[0][i]], b.data[maps[1][i]]));
      out[at] = Math.max(out[at], s[part] * Math.sqrt(terms) * term);
    }
    return out;
  };

/** A sum of two: sqrt(2) * the larger of them. */
export const pairSum = ({ inputs: [a, b], want, u }: Situation): Float64Array => {
  const atA = broadcastMap(a.shape, want.shape);
  const atB = broadcastMap(b.shape, want.shape);
  return want.data.map((_, i) => u * Math.SQRT2 * Math.max(Math.abs(a.data[atA[i]]), Math.abs(b.data[atB[i]])));
};

export const eachGrad =
  (part: (x: number) => number, roots: number) =>
  ({ inputs: [x], gradOut, t }: GradSituation): Float64Array =>
    gradOut.data.map((g, i) => t * Math.sqrt(roots) * Math.abs(g) * part(x.data[i]));
