import { ConfigError, ShapeError } from "../../../errors.ts";
import { copyStrided } from "../../../kernels/layout/strided.ts";
import { triangleKernel } from "../../../kernels/layout/triangle.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";

interface DiagonalAttrs {
  readonly diagonal: number;
}

/** Diagonals beyond these hold as much as these. */
const most = 2 ** 30;

const checkDiagonal = (op: string, diagonal: number): void => {
  if (!Number.isInteger(diagonal) || Math.abs(diagonal) > most)
    throw new ConfigError("diagonal", `${op}: diagonal is ${diagonal}; give a whole number, 0 for the main diagonal`);
};

const triangleOp = (name: "tril" | "triu"): Op<DiagonalAttrs> => {
  const run = (x: Tensor, diagonal: number): Tensor => {
    const y = empty(x.device, x.shape, x.dtype, name);
    const [rows, columns] = x.shape.slice(-2);
    if (x.size > 0)
      triangleKernel(
        x.device,
        { x: x.binding("x"), y: y.binding() },
        { count: sizeOf(x.shape.slice(0, -2)), rows, columns, diagonal, upper: name === "triu" },
      );
    return y;
  };
  return {
    name,
    takes: "any",
    shape([x], { diagonal }) {
      checkDiagonal(name, diagonal);
      if (x.length < 2)
        throw new ShapeError(`${name}: x is ${show(x)}; it must have 2 dimensions or more, [..., rows, columns]`);
      return x;
    },
    forward: (_, [x], { diagonal }) => run(x, diagonal),
    backward: (_, g, { diagonal }) => [run(g, diagonal)],
  };
};
const triangles = { tril: triangleOp("tril"), triu: triangleOp("triu") };

/**
 * Matrices [..., rows, columns] with zeros above the diagonal: entries stay where column - row <= `diagonal`, which is 0 for the main
 * one, more for those to its right.
 */
export const tril = (x: Tensor, diagonal = 0): Tensor => apply(triangles.tril, [x], { diagonal });
/** Matrices [..., rows, columns] with zeros below the diagonal: entries stay where column - row >= `diagonal`. */
export const triu = (x: Tensor, diagonal = 0): Tensor => apply(triangles.triu, [x], { diagonal });

/** Where the diagonal of a matrix begins, and how long it is. */
const lineOf = ([rows, columns]: Shape, diagonal: number): { first: number; length: number } => ({
  first: diagonal >= 0 ? diagonal : -diagonal * columns,
  length: Math.max(0, diagonal >= 0 ? Math.min(rows, columns - diagonal) : Math.min(rows + diagonal, columns)),
});

/** The diagonal of x as a line. */
function take(x: Tensor, diagonal: number): Tensor {
  const { first, length } = lineOf(x.shape, diagonal);
  const y = empty(x.device, [length], x.dtype, "diag");
  const from = { binding: x.binding("x"), offset: first, strides: [x.shape[1] + 1] };
  copyStrided(x.device, from, { binding: y.binding(), offset: 0, strides: [1] }, [length]);
  return y;
}

/** Zeros of `shape` with the line x on the diagonal. */
function put(x: Tensor, diagonal: number, shape: Shape): Tensor {
  const { first, length } = lineOf(shape, diagonal);
  const y = zeros(x.device, shape, x.dtype);
  const to = { binding: y.binding(), offset: first, strides: [shape[1] + 1] };
  copyStrided(x.device, { binding: x.binding("x"), offset: 0, strides: [1] }, to, [length]);
  return y;
}

const diagOp: Op<DiagonalAttrs> = {
  name: "diag",
  takes: "any",
  shape([x], { diagonal }) {
    checkDiagonal("diag", diagonal);
    if (x.length === 1) return [x[0] + Math.abs(diagonal), x[0] + Math.abs(diagonal)];
    if (x.length !== 2)
      throw new ShapeError(`diag: x is ${show(x)}; it must be a vector [n], or a matrix [rows, columns]`);
    return [lineOf(x, diagonal).length];
  },
  forward: (ctx, [x], { diagonal }) => (x.rank === 1 ? put(x, diagonal, ctx.shape) : take(x, diagonal)),
  backward: (ctx, g, { diagonal }) => [g.rank === 1 ? put(g, diagonal, ctx.inputShapes[0]) : take(g, diagonal)],
};

/**
 * A vector [n] becomes the diagonal of a square matrix of zeros; of a matrix [rows, columns] the diagonal is taken as a vector
 * (torch.diag). `diagonal` is 0 for the main one, more for those to its right, less for those below.
 */
export const diag = (x: Tensor, diagonal = 0): Tensor => apply(diagOp, [x], { diagonal });
