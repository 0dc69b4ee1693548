import { ShapeError } from "../../../errors.ts";
import { tidy } from "../../scope.ts";
import { type Axes, normalizeAxes, sameShape, show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { concat, reshape, slice } from "./layout.ts";

/** x with a dimension of size 1 before place `axis` (negative ones count from the end of the result). Shares memory. */
export const unsqueeze = (x: Tensor, axis: number): Tensor => {
  const [at] = normalizeAxes("unsqueeze", axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
};

/** x without its dimensions of size 1, or without those of `axis`, which must be of size 1. Shares memory. */
export const squeeze = (x: Tensor, axis?: Axes): Tensor => {
  const away = normalizeAxes("squeeze", axis, x.rank);
  for (const d of axis === undefined ? [] : away)
    if (x.shape[d] !== 1)
      throw new ShapeError(
        `squeeze: dimension ${d} of ${show(x.shape)} is ${x.shape[d]}; only one of size 1 can go, take slice or a reduction for others`,
      );
  return reshape(
    x,
    x.shape.filter((v, d) => v !== 1 || !away.includes(d)),
  );
};

/**
 * The parts of x along `axis`, in order: of `sizes` each (the last may be smaller), or of the listed sizes, which must add up to
 * the whole (torch.split).
 */
export function split(x: Tensor, sizes: number | readonly number[], axis = 0): Tensor[] {
  const [along] = normalizeAxes("split", axis, x.rank);
  const whole = x.shape[along];
  const list =
    typeof sizes === "number" && sizes >= 1
      ? Array.from({ length: Math.max(1, Math.ceil(whole / sizes)) }, (_, i) => Math.min(sizes, whole - i * sizes))
      : [sizes].flat();
  if (!list.every((n) => Number.isInteger(n) && n >= 0) || list.reduce((a, b) => a + b, 0) !== whole)
    throw new ShapeError(
      `split: sizes ${JSON.stringify(sizes)} do not divide axis ${along} of ${show(x.shape)}; give whole numbers that add up to ${whole}, or one size of 1 or more`,
    );
  let at = 0;
  return list.map((n) => {
    const from = at;
    at += n;
    return slice(
      x,
      x.shape.map((_, d) => (d === along ? from : 0)),
      x.shape.map((v, d) => (d === along ? at : v)),
    );
  });
}

/** Tensors of one shape joined along a new dimension at place `axis` (negative ones count from the end of the result). */
export function stack(inputs: readonly Tensor[], axis = 0): Tensor {
  if (inputs.length === 0) throw new ShapeError("stack: no tensors given; give at least one");
  for (const t of inputs)
    if (!sameShape(t.shape, inputs[0].shape))
      throw new ShapeError(
        `stack: ${show(t.shape)} is not ${show(inputs[0].shape)}; make all shapes equal, or use concat`,
      );
  const [at] = normalizeAxes("stack", axis, inputs[0].rank + 1);
  return tidy(() =>
    concat(
      inputs.map((t) => unsqueeze(t, at)),
      at,
    ),
  );
}
