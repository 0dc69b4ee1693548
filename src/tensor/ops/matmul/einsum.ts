import { ShapeError } from "../../../errors.ts";
import { tidy } from "../../scope.ts";
import { sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { mul } from "../elementwise/elementwise.ts";
import { indexSelect } from "../index/gather.ts";
import { permute, reshape } from "../layout/layout.ts";
import { broadcastTo } from "../layout/rearrange.ts";
import { sum } from "../reduce/reduce.ts";
import { type Labels, readEquation } from "./einsum-labels.ts";
import { matmul } from "./matmul.ts";

/** A tensor whose dimensions have labels, no two alike. */
interface Labeled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

const shapeBy = (labels: readonly string[], sizes: ReadonlyMap<string, number>): number[] =>
  labels.map((l) => sizes.get(l) as number);

/** A permutation is a copy: none where the order stays. */
const ordered = ({ x, labels }: Labeled, order: readonly string[]): Tensor =>
  order.every((l, i) => l === labels[i])
    ? x
    : permute(
        x,
        order.map((l) => labels.indexOf(l)),
      );

/** Of two dimensions with one label the diagonal: "ii" becomes "i". */
function diagonals({ x, labels }: Labeled): Labeled {
  const twice = labels.find((l, d) => labels.indexOf(l) !== d);
  if (twice === undefined) return { x, labels };
  const both = labels.flatMap((l, d) => (l === twice ? [d] : [])).slice(0, 2);
  const rest = labels.map((_, d) => d).filter((d) => !both.includes(d));
  const [n, m] = both.map((d) => x.shape[d]);
  const size = Math.max(n, m); // one of them may be 1, and repeats
  const square = [...rest.map((d) => x.shape[d]), size, size];
  const moved = permute(x, [...rest, ...both]);
  const lines = reshape(n === m ? moved : broadcastTo(moved, square), [...square.slice(0, -2), size * size]);
  const taken = indexSelect(
    lines,
    -1,
    Array.from({ length: size }, (_, i) => i * (size + 1)),
  );
  return diagonals({ x: taken, labels: [...rest.map((d) => labels[d]), twice] });
}

/** Without dimensions of size 1 that are larger elsewhere: they repeat, which leaving them out does too. */
function withoutOnes({ x, labels }: Labeled, sizes: ReadonlyMap<string, number>): Labeled {
  const kept = labels.filter((l, d) => x.shape[d] === sizes.get(l));
  return kept.length === labels.length ? { x, labels } : { x: reshape(x, shapeBy(kept, sizes)), labels: kept };
}

function summed({ x, labels }: Labeled, wanted: ReadonlySet<string>): Labeled {
  const axes = labels.flatMap((l, d) => (wanted.has(l) ? [] : [d]));
  return axes.length === 0 ? { x, labels } : { x: sum(x, axes), labels: labels.filter((l) => wanted.has(l)) };
}

/** The product of two, summed over what is not wanted behind it: a matrix product where something is. */
function joined(left: Labeled, right: Labeled, wanted: ReadonlySet<string>, sizes: Labels["sizes"]): Labeled {
  const a = summed(left, new Set([...wanted, ...right.labels]));
  const b = summed(right, new Set([...wanted, ...left.labels]));
  const shared = a.labels.filter((l) => b.labels.includes(l));
  const [batch, inner] = [shared.filter((l) => wanted.has(l)), shared.filter((l) => !wanted.has(l))];
  const [rows, columns] = [a, b].map((t) => t.labels.filter((l) => !shared.includes(l)));
  const labels = [...batch, ...rows, ...columns];
  const size = (of: readonly string[]): number => sizeOf(shapeBy(of, sizes));
  const [k, m, n] = [inner, rows, columns].map(size);
  const front = shapeBy(batch, sizes);
  const [x, y] = [ordered(a, [...batch, ...rows, ...inner]), ordered(b, [...batch, ...inner, ...columns])];
  if (inner.length > 0 && (rows.length > 0 || columns.length > 0)) {
    const flat = size(batch);
    const product = matmul(reshape(x, [flat, m, k]), reshape(y, [flat, k, n]));
    return { x: reshape(product, shapeBy(labels, sizes)), labels };
  }
  if (inner.length > 0)
    return { x: reshape(sum(mul(reshape(x, [...front, k]), reshape(y, [...front, k])), -1), front), labels };
  return {
    x: reshape(mul(reshape(x, [...front, m, 1]), reshape(y, [...front, 1, n])), shapeBy(labels, sizes)),
    labels,
  };
}

/**
 * Sums of products by an equation: each tensor's dimensions get letters, and what the result does not name is summed over.
 *
 * "ij,jk->ik" is the matrix product, "bij,bjk->bik" one for each b, "ii->" the trace, "i,j->ij" the outer product, "ij->ji" the
 * transpose. "..." stands for all other dimensions, which broadcast; without "->" the result has the letters that stand once, in
 * the order of the alphabet. A size of 1 repeats. Several tensors are joined from the left (torch.einsum). Throws ShapeError
 * that names the term or the letter that does not fit.
 */
export function einsum(equation: string, ...tensors: Tensor[]): Tensor {
  if (typeof equation !== "string" || tensors.length === 0)
    throw new ShapeError('einsum: give an equation and its tensors, as in einsum("ij,jk->ik", a, b)');
  const shapes = tensors.map((t) => t.shape);
  const { inputs, output, sizes } = readEquation(equation, shapes);
  if (tensors.every((t) => t.dtype === "f16")) return inFloat32(tensors, (wide) => einsum(equation, ...wide));
  return tidy(() => {
    const operands = tensors.map((x, i) => withoutOnes(diagonals({ x, labels: inputs[i] }), sizes));
    let result = operands[0];
    operands.slice(1).forEach((next, i) => {
      const behind = operands.slice(i + 2).flatMap((o) => o.labels);
      result = joined(result, next, new Set([...output, ...behind]), sizes);
    });
    const y = ordered(summed(result, new Set(output)), output);
    return tensors.includes(y) ? reshape(y, y.shape) : y; // a handle of its own
  });
}
