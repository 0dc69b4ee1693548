import { ShapeError } from "../../../errors.ts";
import { matmulKernel } from "../../../kernels/matmul/matmul.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { broadcastShapes, type Shape, show, sizeOf, stridesOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { reshape } from "../layout/layout.ts";
import { sumTo } from "../reduce/reduce.ts";

interface MatmulAttrs {
  readonly transpose_a: boolean;
  readonly transpose_b: boolean;
}

interface Side {
  readonly batch: Shape;
  readonly rows: number;
  readonly columns: number;
}

const side = (shape: Shape, transposed: boolean): Side => {
  const [r, c] = shape.slice(-2);
  return { batch: shape.slice(0, -2), rows: transposed ? c : r, columns: transposed ? r : c };
};

const batchStrides = (batch: Shape, out: Shape, matrix: number): number[] => {
  const own = stridesOf(batch);
  const lead = out.length - batch.length;
  return out.map((_, d) => (d < lead || batch[d - lead] === 1 ? 0 : own[d - lead] * matrix));
};

/** x . w into a new tensor, either side transposed, batches broadcast; no tape. */
function product(x: Tensor, w: Tensor, tx: boolean, tw: boolean): Tensor {
  const a = side(x.shape, tx);
  const b = side(w.shape, tw);
  const batch = broadcastShapes("matmul", a.batch, b.batch);
  const shape = [...batch, a.rows, b.columns];
  if (sizeOf(shape) === 0 || a.columns === 0) return zeros(x.device, shape, x.dtype);
  const y = empty(x.device, shape, x.dtype, "matmul");
  const strides = (s: Side, transposed: boolean): [number, number] => (transposed ? [1, s.rows] : [s.columns, 1]);
  const [xm, xk] = strides(a, tx);
  const [wk, wn] = strides(b, tw);
  matmulKernel(
    x.device,
    { x: x.binding("x"), w: w.binding("w"), y: y.binding("y") },
    {
      m: a.rows,
      n: b.columns,
      k: a.columns,
      batch,
      x: { m: xm, k: xk, batch: batchStrides(a.batch, batch, a.rows * a.columns) },
      w: { k: wk, n: wn, batch: batchStrides(b.batch, batch, b.rows * b.columns) },
    },
  );
  return y;
}

const matmulOp: Op<MatmulAttrs> = {
  name: "matmul",
  shape([x, w], { transpose_a, transpose_b }) {
    if (x.length < 2 || w.length < 2)
      throw new ShapeError(
        `matmul: ${show(x)} and ${show(w)} must each have a dimension or more; multiply by a number with mul(x, y)`,
      );
    const a = side(x, transpose_a);
    const b = side(w, transpose_b);
    if (a.columns !== b.rows)
      throw new ShapeError(
        `matmul: x has K=${a.columns} in ${show(x)}${transpose_a ? " (transposed)" : ""} but w has K=${b.rows} in ${show(w)}${transpose_b ? " (transposed)" : ""}; make them equal, or transpose a side`,
      );
    return [...broadcastShapes("matmul", a.batch, b.batch), a.rows, b.columns];
  },
  forward(ctx, [x, w], { transpose_a, transpose_b }) {
    ctx.save(x, w);
    return product(x, w, transpose_a, transpose_b);
  },
  backward(ctx, g, { transpose_a: ta, transpose_b: tb }) {
    const [x, w] = ctx.saved;
    const dx = () => (ta ? product(w, g, tb, true) : product(g, w, false, !tb));
    const dw = () => (tb ? product(g, x, true, ta) : product(x, g, !ta, false));
    return [ctx.needs[0] ? sumTo(dx(), x.shape) : null, ctx.needs[1] ? sumTo(dw(), w.shape) : null];
  },
};

const matmulKeys: KeysOf<{ readonly transposeA?: boolean; readonly transposeB?: boolean }> = {
  transposeA: 1,
  transposeB: 1,
};

/** A vector as a row on the left, as a column on the right; transposed in advance where its side is to be transposed. */
const matrixOf = (t: Tensor, left: boolean, transposed: boolean): Tensor =>
  t.rank !== 1 ? t : reshape(t, left !== transposed ? [1, t.size] : [t.size, 1]);

/**
 * Matrix product over the last two dimensions, [.., M, K] x [.., K, N] -> [.., M, N]; leading ones broadcast. A vector is a row on
 * the left or a column on the right, and its dimension of 1 is no part of the result (torch.matmul): [K] x [K] -> [],
 * [K] x [.., K, N] -> [.., N], [.., M, K] x [K] -> [.., M].
 */
export function matmul(
  x: Tensor,
  w: Tensor,
  options: { readonly transposeA?: boolean; readonly transposeB?: boolean } = {},
): Tensor {
  const { transposeA = false, transposeB = false } = checkOptions("matmul", options, matmulKeys);
  const attrs = { transpose_a: transposeA, transpose_b: transposeB };
  const vectors = [x.rank === 1, w.rank === 1];
  if (!vectors.includes(true)) return apply(matmulOp, [x, w], attrs);
  if (x.rank === 0 || w.rank === 0) return apply(matmulOp, [x, w], attrs); // its shape rule refuses them
  const [kx, kw] = [
    x.shape[x.rank - (transposeA && !vectors[0] ? 2 : 1)],
    w.shape[w.rank - (transposeB || vectors[1] ? 1 : 2)],
  ];
  if (kx !== kw)
    throw new ShapeError(
      `matmul: x has K=${kx} in ${show(x.shape)} but w has K=${kw} in ${show(w.shape)}; make them equal`,
    );
  return tidy(() => {
    const y = apply(matmulOp, [matrixOf(x, true, transposeA), matrixOf(w, false, transposeB)], attrs);
    return reshape(y, [
      ...y.shape.slice(0, -2),
      ...(vectors[0] ? [] : [y.shape.at(-2)!]),
      ...(vectors[1] ? [] : [y.shape.at(-1)!]),
    ]);
  });
}
