import { ShapeError } from "../../../errors.ts";
import { Tensor, tensor } from "../../tensor.ts";
import { expectDType } from "../common/dtype.ts";

/** Indices along an axis: an integer tensor, or numbers on the host, which are checked before anything runs. */
export type Indices = Tensor | Int32Array | Uint32Array | readonly number[];

/**
 * Runs `use` with the indices as a tensor. Host numbers must be whole and in 0 to size - 1, with `fromEnd` also down to -size:
 * negative ones count from the end then. `where` names the axis in the message. A tensor must be of integers; what it holds is not known here. @internal
 */
export function withIndices<T>(
  op: string,
  indices: Indices,
  size: number,
  where: string,
  like: Tensor,
  use: (t: Tensor) => T,
  fromEnd = false,
): T {
  const least = fromEnd ? -size : 0;
  if (indices instanceof Tensor) {
    expectDType(op, "index", indices, "i32", "u32");
    return use(indices);
  }
  for (const [i, v] of indices.entries())
    if (!Number.isInteger(v) || v < least || v >= size)
      throw new ShapeError(
        `${op}: index[${i}] is ${v}, outside ${where}; ${size === 0 ? "nothing is there to take" : `use ${least} to ${size - 1}`}`,
      );
  if (like.isMeta) return use(Tensor.meta([indices.length], "i32"));
  const places = Int32Array.from(indices as ArrayLike<number>, (v) => (v < 0 ? v + size : v));
  const t = tensor(like.device, places);
  try {
    return use(t);
  } finally {
    t.dispose();
  }
}
