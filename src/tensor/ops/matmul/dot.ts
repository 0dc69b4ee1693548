import { ShapeError } from "../../../errors.ts";
import { tidy } from "../../scope.ts";
import { show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { mul } from "../elementwise/elementwise.ts";
import { reshape } from "../layout/layout.ts";
import { sum } from "../reduce/reduce.ts";

/** Sum of the products of two vectors [n]: a scalar. Throws ShapeError for others. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1 || a.size !== b.size)
    throw new ShapeError(
      `dot: a is ${show(a.shape)} and b ${show(b.shape)}; they must be vectors of one length: use matmul for matrices`,
    );
  if (a.dtype === "f16" && b.dtype === "f16") return inFloat32([a, b], ([x, y]) => dot(x, y));
  return tidy(() => sum(mul(a, b)));
}

/** Products of each entry of a vector [n] with each of another [m]: a matrix [n, m]. Throws ShapeError for others. */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1)
    throw new ShapeError(
      `outer: a is ${show(a.shape)} and b ${show(b.shape)}; they must be vectors: flatten them, or use einsum`,
    );
  return tidy(() => mul(reshape(a, [a.size, 1]), reshape(b, [1, b.size])));
}
