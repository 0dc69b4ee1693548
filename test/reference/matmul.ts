/** Matrix product of the last two axes; the axes before them broadcast. attrs { transpose_a, transpose_b }. */
import { type Attrs, broadcastMap, broadcastShape, type Ref, type Reference, zeros } from "./ref.ts";

/** Rows, inner length, columns, and where each batch of a, b and the result begins. */
export function matmulPlan(a: readonly number[], b: readonly number[], attrs: Attrs) {
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

const matmul: Reference = {
  op: "matmul",
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

export const matmulReferences: readonly Reference[] = [matmul];
