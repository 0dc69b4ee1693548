/** Matrix product of the last two axes; the axes before them broadcast. attrs { transpose_a, transpose_b }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, broadcastMap, broadcastShape, type Ref, type Reference, zeros } from "../common/ref.ts";
import { refused, row, show } from "../common/sample.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** Rows, inner length, columns, and where each batch of a, b and the result begins. */
function matmulPlan(a: readonly number[], b: readonly number[], attrs: Attrs) {
  const ta = attrs.transpose_a === true;
  const tb = attrs.transpose_b === true;
  const [a0, a1] = a.slice(-2);
  const [b0, b1] = b.slice(-2);
  const rows = ta ? a1 : a0;
  const inner = ta ? a0 : a1;
  const columns = tb ? b0 : b1;
  const batch = broadcastShape(a.slice(0, -2), b.slice(0, -2));
  if (!batch || inner !== (tb ? b1 : b0)) throw new RangeError(`matmul: [${a}] and [${b}] do not fit`);
  const fromA = broadcastMap(a.slice(0, -2), batch).map((i) => i * rows * inner);
  const fromB = broadcastMap(b.slice(0, -2), batch).map((i) => i * inner * columns);
  const atA = (i: number, k: number) => (ta ? k * rows + i : i * inner + k);
  const atB = (k: number, j: number) => (tb ? j * inner + k : k * columns + j);
  return { rows, inner, columns, batch, fromA, fromB, atA, atB };
}

/** Calls `visit(flat in a, flat in b, flat in the result)` for every product that is summed. */
function eachProduct(a: Ref, b: Ref, attrs: Attrs, visit: (p: number, q: number, o: number) => void): number[] {
  const { rows, inner, columns, batch, fromA, fromB, atA, atB } = matmulPlan(a.shape, b.shape, attrs);
  for (let n = 0; n < fromA.length; n++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++) visit(fromA[n] + atA(i, k), fromB[n] + atB(k, j), (n * rows + i) * columns + j);
  return [...batch, rows, columns];
}

const reference: Reference = {
  forward([a, b], attrs) {
    const { batch, rows, columns } = matmulPlan(a.shape, b.shape, attrs);
    const out = zeros([...batch, rows, columns]);
    eachProduct(a, b, attrs, (p, q, o) => {
      out.data[o] += a.data[p] * b.data[q];
    });
    return out;
  },
  backward([a, b], attrs, gradOut) {
    const ga = zeros(a.shape);
    const gb = zeros(b.shape);
    eachProduct(a, b, attrs, (p, q, o) => {
      ga.data[p] += gradOut.data[o] * b.data[q];
      gb.data[q] += gradOut.data[o] * a.data[p];
    });
    return [ga, gb];
  },
};

const tolerance: ToleranceRule = {
  forward({ inputs: [a, b], attrs, u }) {
    return u * Math.sqrt(matmulPlan(a.shape, b.shape, attrs).inner) * peak(a) * peak(b);
  },
  // Sums over the other side's free axis and over the batches this side was broadcast to.
  grad({ inputs, input, attrs, gradOut, want, u }) {
    const { rows, columns, inner, fromA } = matmulPlan(inputs[0].shape, inputs[1].shape, attrs);
    const [own, free] = input === 0 ? [rows * inner, columns] : [inner * columns, rows];
    const batches = want.data.length > 0 ? fromA.length / (want.data.length / own) : 0;
    return u * Math.sqrt(free * batches) * peak(gradOut) * peak(inputs[1 - input]);
  },
};

type Shape = readonly number[];

/** Sizes of 1, primes, just above and below tiles of 4, 8, 16, 32 and 64, batches that broadcast; transposes in turn. */
const cases: readonly (readonly [batchA: Shape, batchB: Shape, m: number, k: number, n: number])[] = [
  [[], [], 1, 1, 1],
  [[], [], 1, 7, 1],
  [[], [], 5, 1, 7],
  [[], [], 2, 3, 4],
  [[], [], 4, 4, 4],
  [[], [], 16, 16, 16],
  [[], [], 17, 13, 11],
  [[], [], 33, 31, 35],
  [[], [], 64, 64, 64],
  [[], [], 65, 63, 67],
  [[], [], 3, 257, 5],
  [[], [], 131, 2, 127],
  [[], [], 1, 521, 3],
  [[], [], 37, 19, 1],
  [[], [], 1, 29, 41],
  [[3], [3], 5, 7, 6],
  [[1], [3], 5, 7, 6],
  [[3], [], 5, 7, 6],
  [[], [2, 3], 4, 5, 3],
  [[2, 1], [1, 3], 4, 5, 3],
  [[1, 1], [2, 2], 9, 17, 8],
  [[2, 3, 1], [1, 3, 2], 2, 3, 5],
  [[], [], 0, 3, 4],
  [[], [], 3, 0, 4],
];

const flips = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

export const op: OpTest = {
  name: "matmul",
  call: ([x, w], a) => T.matmul(x, w, { transposeA: a.transpose_a, transposeB: a.transpose_b }),
  reference,
  samples: {
    rows: cases.flatMap(([batchA, batchB, m, k, n], i) =>
      // All four ways for a tile-sized product, else one each.
      (m === 17 ? flips : [flips[i % 4]]).map(([ta, tb]) => {
        const a = [...batchA, ...(ta ? [k, m] : [m, k])];
        const b = [...batchB, ...(tb ? [n, k] : [k, n])];
        const name = `${show(a)}${ta ? " transposed" : ""} ${show(b)}${tb ? " transposed" : ""}`;
        return row("matmul", name, (d) => ({
          inputs: [d.uniform(a), d.uniform(b)],
          attrs: { transpose_a: ta, transpose_b: tb },
        }));
      }),
    ),
    errors: [
      refused(
        "inner sizes differ",
        [
          [2, 3],
          [4, 5],
        ],
        { transpose_a: false, transpose_b: false },
        "3",
        "4",
      ),
      refused(
        "inner sizes differ when transposed",
        [
          [2, 3],
          [3, 5],
        ],
        { transpose_a: true, transpose_b: false },
        "2",
        "3",
      ),
      refused(
        "batches differ",
        [
          [2, 3, 4],
          [3, 4, 5],
        ],
        { transpose_a: false, transpose_b: false },
        "2",
        "3",
      ),
      refused("a vector of another length", [[3], [4, 5]], { transpose_a: false, transpose_b: false }, "K=3", "K=4"),
      refused("a scalar", [[], [3, 4]], { transpose_a: false, transpose_b: false }, "a dimension or more"),
    ],
  },
  tolerance,
};
