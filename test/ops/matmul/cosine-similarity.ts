import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, broadcastMap, broadcastShape, numberOr, type Ref, type Reference, zeros } from "../common/ref.ts";
import { eachLine } from "../common/reference/indexing.ts";
import { refused, row, show } from "../common/sample.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

interface Line {
  /** Places in a and in b, and of the cosine. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly out: number;
}

function linesOf(a: Ref, b: Ref, attrs: Attrs): { shape: number[]; lines: Line[] } {
  const shape = broadcastShape(a.shape, b.shape) as number[];
  const given = numberOr(attrs, "axis", 1);
  const axis = given < 0 ? given + shape.length : given;
  const [atA, atB] = [a, b].map((t) => broadcastMap(t.shape, shape));
  const lines: Line[] = [];
  eachLine(shape, axis, (places, out) =>
    lines.push({ a: places.map((p) => atA[p]), b: places.map((p) => atB[p]), out }),
  );
  return { shape: shape.filter((_, d) => d !== axis), lines };
}

const length = (x: Ref, places: readonly number[], eps: number): number =>
  Math.max(Math.hypot(...places.map((p) => x.data[p])), eps);

const cosine = (a: Ref, b: Ref, line: Line, eps: number): number =>
  line.a.reduce((sum, p, i) => sum + a.data[p] * b.data[line.b[i]], 0) /
  (length(a, line.a, eps) * length(b, line.b, eps));

const epsOf = (attrs: Attrs): number => numberOr(attrs, "eps", 1e-8);

const reference: Reference = {
  forward([a, b], attrs) {
    const { shape, lines } = linesOf(a, b, attrs);
    const out = zeros(shape);
    for (const line of lines) out.data[line.out] = cosine(a, b, line, epsOf(attrs));
    return out;
  },
  // (b / |b| - cos a / |a|) / |a|, and the other way round.
  backward([a, b], attrs, gradOut) {
    const eps = epsOf(attrs);
    const [ga, gb] = [zeros(a.shape), zeros(b.shape)];
    for (const line of linesOf(a, b, attrs).lines) {
      const [na, nb, cos] = [length(a, line.a, eps), length(b, line.b, eps), cosine(a, b, line, eps)];
      line.a.forEach((p, i) => {
        const q = line.b[i];
        const [u, v] = [a.data[p] / na, b.data[q] / nb];
        ga.data[p] += (gradOut.data[line.out] * (v - cos * u)) / na;
        gb.data[q] += (gradOut.data[line.out] * (u - cos * v)) / nb;
      });
    }
    return [ga, gb];
  },
};

const tolerance: ToleranceRule = {
  // A sum of K products of unit vectors, whose lengths are off by u sqrt(K) of themselves each.
  forward({ inputs: [a, b], attrs, want, u }) {
    const k = linesOf(a, b, attrs).lines[0]?.a.length ?? 1;
    return want.data.map((v) => u * Math.sqrt(k) * (1 + 2 * Math.abs(v)));
  },
  // Two terms a line, up to 1 / |x| each, off as the cosine is; sqrt(2 N) for the N lines that meet at an entry.
  grad({ inputs, input, attrs, gradOut, want, u }) {
    const { lines } = linesOf(inputs[0], inputs[1], attrs);
    const [count, top] = [new Float64Array(want.data.length), new Float64Array(want.data.length)];
    for (const line of lines) {
      const places = input === 0 ? line.a : line.b;
      const most = Math.abs(gradOut.data[line.out]) / length(inputs[input], places, epsOf(attrs));
      for (const p of places) {
        count[p]++;
        top[p] = Math.max(top[p], most);
      }
    }
    const k = lines[0]?.a.length ?? 1;
    return top.map((v, i) => u * Math.sqrt(2 * count[i] * k) * 2 * v);
  },
};

type Shape = readonly number[];
const cases: readonly (readonly [a: Shape, b: Shape, axis?: number])[] = [
  [
    [1, 2],
    [1, 2],
  ],
  [
    [3, 5],
    [3, 5],
  ],
  [[3, 5], [3, 5], 0],
  [[3, 5], [3, 5], -1],
  [[7], [7], 0],
  [
    [3, 5],
    [1, 5],
  ],
  [
    [1, 5],
    [4, 5],
  ],
  [[3, 5], [5]],
  [
    [13, 2],
    [13, 2],
  ],
  [
    [2, 13],
    [2, 13],
  ],
  [
    [2, 3, 5],
    [2, 3, 5],
  ],
  [[2, 3, 5], [2, 3, 5], 2],
  [[2, 3, 5], [2, 3, 5], -3],
  [[2, 1, 5], [1, 4, 5], -1],
  [[4, 1, 7], [1, 3, 7], 2],
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [[2, 3, 4, 5], [3, 4, 5], -2],
  [
    [3, 257],
    [3, 257],
  ],
  [
    [523, 3],
    [523, 3],
  ],
  [
    [67, 71],
    [67, 71],
  ],
  [
    [0, 3],
    [0, 3],
  ],
];

export const op: OpTest = {
  name: "cosine_similarity",
  call: ([a, b], attrs) => T.cosineSimilarity(a, b, { axis: attrs.axis, eps: attrs.eps }),
  reference,
  samples: {
    rows: cases.map(([a, b, axis]) =>
      row("cosine_similarity", `${show(a)} ${show(b)} ${axis}`, (d) => ({
        inputs: [d.signed(a, 0.1, 2), d.signed(b, 0.1, 2)],
        attrs: axis === undefined ? {} : { axis },
      })),
    ),
    errors: [
      refused(
        "sizes that differ",
        [
          [2, 3],
          [2, 4],
        ],
        {},
        "cosineSimilarity",
        "3",
        "4",
      ),
      refused("scalars", [[], []], {}, "cosineSimilarity", "scalars"),
      refused(
        "no such axis",
        [
          [2, 3],
          [2, 3],
        ],
        { axis: 2 },
        "cosineSimilarity",
        "2",
      ),
      {
        ...refused(
          "no eps",
          [
            [2, 3],
            [2, 3],
          ],
          { eps: 0 },
          "cosineSimilarity",
          "eps",
          "0",
        ),
        errorClass: ConfigError,
      },
    ],
  },
  tolerance,
};
