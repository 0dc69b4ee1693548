import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, broadcastMap, broadcastShape, type Ref, type Reference, zeros } from "../common/ref.ts";
import { refused, row, show } from "../common/sample.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** attrs { p }: a number, or "inf". */
const powerOf = ({ p }: Attrs): number => (p === "inf" ? Number.POSITIVE_INFINITY : Number(p));

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

/** Calls `visit` with the places where two vectors begin, and where their distance stands. */
function eachPair(a: Ref, b: Ref, visit: (pair: Pair) => void): { shape: number[]; m: number } {
  const [[p, m], [r]] = [a.shape.slice(-2), b.shape.slice(-2)];
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)) as number[];
  const [fromA, fromB] = [a, b].map((t) => broadcastMap(t.shape.slice(0, -2), batch));
  for (let n = 0; n < fromA.length; n++)
    for (let i = 0; i < p; i++)
      for (let j = 0; j < r; j++)
        visit({ a: (fromA[n] * p + i) * m, b: (fromB[n] * r + j) * m, out: (n * p + i) * r + j });
  return { shape: [...batch, p, r], m };
}

const distance = (differences: readonly number[], p: number): number => {
  const sizes = differences.map(Math.abs);
  if (p === Number.POSITIVE_INFINITY) return Math.max(0, ...sizes);
  if (p === 0) return sizes.filter((v) => v !== 0).length;
  return sizes.reduce((sum, v) => sum + v ** p, 0) ** (1 / p);
};

const slope = (difference: number, whole: number, p: number): number => {
  if (difference === 0 || whole === 0 || p === 0) return 0;
  if (p === Number.POSITIVE_INFINITY) return Math.abs(difference) === whole ? Math.sign(difference) : 0;
  return Math.sign(difference) * (Math.abs(difference) / whole) ** (p - 1);
};

const between = (a: Ref, b: Ref, pair: Pair, m: number): number[] =>
  Array.from({ length: m }, (_, k) => a.data[pair.a + k] - b.data[pair.b + k]);

const reference: Reference = {
  forward([a, b], attrs) {
    const { shape, m } = eachPair(a, b, () => {});
    const out = zeros(shape);
    eachPair(a, b, (pair) => {
      out.data[pair.out] = distance(between(a, b, pair, m), powerOf(attrs));
    });
    return out;
  },
  backward([a, b], attrs, gradOut) {
    const [ga, gb] = [zeros(a.shape), zeros(b.shape)];
    const { m } = eachPair(a, b, () => {});
    eachPair(a, b, (pair) => {
      const differences = between(a, b, pair, m);
      const whole = distance(differences, powerOf(attrs));
      differences.forEach((difference, k) => {
        const g = gradOut.data[pair.out] * slope(difference, whole, powerOf(attrs));
        ga.data[pair.a + k] += g;
        gb.data[pair.b + k] -= g;
      });
    });
    return [ga, gb];
  },
};

/** A distance as a part of itself, as in norm.ts. */
const part = (p: number, m: number, u: number, t: number): number => {
  if (p === 0 || p === Number.POSITIVE_INFINITY) return u;
  return p === 1 || p === 2 ? u * Math.sqrt(m) : t * (1 + Math.max(1, 1 / p)) + (u * Math.sqrt(m)) / p;
};

const tolerance: ToleranceRule = {
  forward: ({ inputs: [a, b], attrs, want, u, t }) => {
    const off = part(powerOf(attrs), eachPair(a, b, () => {}).m, u, t);
    return want.data.map((v) => off * Math.abs(v));
  },
  // A sum over all vectors it was compared with: sqrt(K) of the largest term, and each term's slope off by its own part.
  grad({ inputs: [a, b], input, attrs, gradOut, want, u, t }) {
    const p = powerOf(attrs);
    const { m } = eachPair(a, b, () => {});
    const [count, top] = [new Float64Array(want.data.length), new Float64Array(want.data.length)];
    eachPair(a, b, (pair) => {
      const differences = between(a, b, pair, m);
      const whole = distance(differences, p);
      differences.forEach((difference, k) => {
        const at = (input === 0 ? pair.a : pair.b) + k;
        count[at]++;
        top[at] = Math.max(top[at], Math.abs(gradOut.data[pair.out] * slope(difference, whole, p)));
      });
    });
    const share = u + (Number.isFinite(p) && p > 1 ? (p - 1) * part(p, m, u, t) + t : 0);
    return top.map((v, i) => share * Math.sqrt(count[i]) * v);
  },
};

type Shape = readonly number[];
const cases: readonly (readonly [a: Shape, b: Shape, p: number | "inf"])[] = [
  [[1, 1], [1, 1], 2],
  [[1, 3], [5, 3], 2],
  [[5, 3], [1, 3], 2],
  [[4, 3], [5, 3], 2],
  [[4, 3], [5, 3], 1],
  [[4, 3], [5, 3], "inf"],
  [[4, 3], [5, 3], 0],
  [[4, 3], [5, 3], 3],
  [[4, 3], [5, 3], 0.5],
  [[4, 3], [5, 3], 1.5],
  [[7, 1], [3, 1], 2],
  [[2, 3, 5], [2, 4, 5], 2],
  [[2, 3, 5], [2, 4, 5], 1],
  [[2, 3, 5], [4, 5], 2],
  [[3, 5], [2, 1, 4, 5], "inf"],
  [[2, 1, 3, 2], [3, 4, 2], 2.5],
  [[31, 13], [29, 13], 2],
  [[17, 67], [13, 67], 2],
  [[1, 257], [3, 257], 1],
  [[65, 2], [67, 2], 2],
  [[0, 3], [4, 3], 2],
  [[3, 0], [4, 0], 2],
  [[4, 3], [0, 3], 2],
];

export const op: OpTest = {
  name: "cdist",
  call: ([a, b], attrs) => T.cdist(a, b, { p: powerOf(attrs) }),
  reference,
  samples: {
    rows: [
      ...cases.map(([a, b, p]) =>
        row(
          "cdist",
          `${show(a)} ${show(b)} p ${p}`,
          (d) => {
            // No two entries of a and b are nearer than 1/32.
            return { inputs: [d.grid(a), d.grid(b, 1 / 32)], attrs: { p } };
          },
          p === "inf" ? true : undefined,
        ),
      ),
      row("cdist", "the same vectors", (d) => ({ inputs: [d.ties([9, 2]), d.ties([9, 2])], attrs: { p: 2 } }), true),
      ...[2, 3].map((p) =>
        row(
          "cdist",
          `powers beyond float32, p ${p}`,
          (d) => ({
            inputs: [d.signed([3, 4], 1e28, 1e30), d.signed([2, 4], 1e28, 1e30)],
            attrs: { p },
          }),
          true,
        ),
      ),
    ],
    errors: [
      refused(
        "two lengths",
        [
          [2, 3],
          [2, 4],
        ],
        { p: 2 },
        "cdist",
        "[2, 3]",
        "[2, 4]",
      ),
      refused("a vector", [[3], [2, 3]], { p: 2 }, "cdist", "[3]"),
      {
        ...refused(
          "a negative power",
          [
            [2, 3],
            [2, 3],
          ],
          { p: -1 },
          "cdist",
          "-1",
        ),
        errorClass: ConfigError,
      },
    ],
  },
  tolerance,
};
