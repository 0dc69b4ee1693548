import { ShapeError } from "../../../errors.ts";
import { copyStrided } from "../../../kernels/layout/strided.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, broadcastShapes, normalizeAxes, type Shape, sameShape, show, stridesOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { sum, sumTo } from "../reduce/reduce.ts";

/** A new tensor of `shape`, read from x by a first element and a step for each dimension; steps may be 0 or negative. */
function readBy(x: Tensor, shape: Shape, steps: readonly number[], what: string, first = 0): Tensor {
  const y = empty(x.device, shape, x.dtype, what);
  if (y.size > 0)
    copyStrided(
      x.device,
      { binding: x.binding("x"), offset: first, strides: steps },
      { binding: y.binding(), offset: 0, strides: stridesOf(shape) },
      shape,
    );
  return y;
}

const turn = (x: Tensor, axes: readonly number[]): Tensor => {
  const own = stridesOf(x.shape);
  const first = axes.reduce((s, d) => s + (x.shape[d] - 1) * own[d], 0);
  return readBy(
    x,
    x.shape,
    own.map((s, d) => (axes.includes(d) ? -s : s)),
    "flip",
    first,
  );
};

const flipOp: Op<{ axes: readonly number[] }> = {
  name: "flip",
  takes: "any",
  shape: ([x]) => x,
  forward: (_, [x], { axes }) => turn(x, axes),
  backward: (_, g, { axes }) => [turn(g, axes)],
};

/** x with the order along `axis`, one or several, turned round (negative ones count from the end). */
export const flip = (x: Tensor, axis: Axes): Tensor =>
  apply(flipOp, [x], { axes: normalizeAxes("flip", axis, x.rank) });

/** Entry i along an axis goes to i + shift, round the end: each rolled axis falls into two parts, each part is copied once. */
function rollBy(x: Tensor, shifts: readonly number[]): Tensor {
  const y = empty(x.device, x.shape, x.dtype, "roll");
  const strides = stridesOf(x.shape);
  const copy = (d: number, from: number, to: number, shape: readonly number[]): void => {
    if (shape.includes(0)) return;
    if (d === x.rank) {
      const [source, target] = [x, y].map((t) => ({ binding: t.binding(), strides }));
      copyStrided(x.device, { ...source, offset: from }, { ...target, offset: to }, shape);
      return;
    }
    const n = x.shape[d];
    const shift = n === 0 ? 0 : ((shifts[d] % n) + n) % n;
    const s = strides[d];
    copy(d + 1, from, to + shift * s, [...shape, n - shift]);
    if (shift > 0) copy(d + 1, from + (n - shift) * s, to, [...shape, shift]);
  };
  copy(0, 0, 0, []);
  return y;
}

const rollOp: Op<{ shifts: readonly number[] }> = {
  name: "roll",
  takes: "any",
  shape: ([x]) => x,
  forward: (_, [x], { shifts }) => rollBy(x, shifts),
  backward: (_, g, { shifts }) => [
    rollBy(
      g,
      shifts.map((s) => -s),
    ),
  ],
};

/** Moves entries by `shift` along `axis`, a number each or lists of one length; those that leave at one end in again at the other; negative shifts go back. */
export function roll(x: Tensor, shift: number | readonly number[], axis: Axes): Tensor {
  const [shifts, axes] = [[shift].flat(), [axis].flat()];
  if (shifts.length !== axes.length || !shifts.every(Number.isInteger))
    throw new ShapeError(
      `roll: shift [${shifts.join(", ")}] must hold a whole number for each axis of [${axes.join(", ")}]`,
    );
  normalizeAxes("roll", axes, x.rank);
  const by = new Array<number>(x.rank).fill(0);
  axes.forEach((a, i) => {
    by[a < 0 ? a + x.rank : a] = shifts[i];
  });
  return apply(rollOp, [x], { shifts: by });
}

const broadcastToOp: Op<{ shape: Shape }> = {
  name: "broadcastTo",
  takes: "any",
  shape([x], { shape }) {
    let fits = shape.every((v) => Number.isInteger(v) && v >= 0);
    try {
      fits &&= sameShape(broadcastShapes("broadcastTo", x, shape), shape);
    } catch {
      fits = false;
    }
    if (!fits)
      throw new ShapeError(
        `broadcastTo: ${show(x)} cannot become ${show(shape)}; from the right, each of its dimensions must be equal or 1`,
      );
    return shape;
  },
  forward(ctx, [x]) {
    const own = stridesOf(x.shape);
    const lead = ctx.shape.length - x.rank;
    const steps = ctx.shape.map((_, d) => (d < lead || x.shape[d - lead] === 1 ? 0 : own[d - lead]));
    return readBy(x, ctx.shape, steps, "broadcastTo");
  },
  backward: (ctx, g) => [sumTo(g, ctx.inputShapes[0])],
};

/** x repeated along new leading dimensions and along those of size 1, as numpy broadcasts; the gradient is summed over them. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor => apply(broadcastToOp, [x], { shape });

const repeatOp: Op<{ repeats: readonly number[] }> = {
  name: "repeat",
  takes: "any",
  shape([x], { repeats }) {
    if (repeats.length < x.length || !repeats.every((r) => Number.isInteger(r) && r >= 0))
      throw new ShapeError(
        `repeat: repeats [${repeats.join(", ")}] must hold a whole number, 0 or more, for each of the ${x.length} dimensions of ${show(x)}, and may hold some in front for new ones`,
      );
    const lead = repeats.length - x.length;
    return repeats.map((r, d) => (d < lead ? r : r * x[d - lead]));
  },
  forward(ctx, [x], { repeats }) {
    const { apart, counts } = pairs(x.shape, repeats);
    const own = stridesOf(apart);
    return readBy(
      x,
      counts.flatMap((r, d) => [r, apart[d]]),
      own.flatMap((s) => [0, s]),
      "repeat",
    ).alias(ctx.shape);
  },
  backward(ctx, g, { repeats }) {
    const { apart, counts } = pairs(ctx.inputShapes[0], repeats);
    const copies = g.alias(counts.flatMap((r, d) => [r, apart[d]]));
    return [
      sum(
        copies,
        counts.map((_, d) => 2 * d),
      ).alias(ctx.inputShapes[0]),
    ];
  },
};

/** x's dimensions with ones in front, and how often each repeats; those that do not repeat join their left neighbor's block. */
function pairs(x: Shape, repeats: readonly number[]): { apart: number[]; counts: number[] } {
  const apart: number[] = [];
  const counts: number[] = [];
  repeats.forEach((r, d) => {
    const size = x[d - (repeats.length - x.length)] ?? 1;
    if (r === 1 && apart.length > 0) apart[apart.length - 1] *= size;
    else {
      apart.push(size);
      counts.push(r);
    }
  });
  return { apart, counts };
}

/**
 * x laid out repeats[d] times along each dimension (torch.Tensor.repeat, numpy.tile); more repeats than dimensions put new ones
 * in front. The gradient is summed over the copies.
 */
export function repeat(x: Tensor, repeats: readonly number[]): Tensor {
  const busy = repeats.flatMap((r, d) => (r === 1 ? [] : [d]));
  // A copy walks up to 8 dimensions, two for each that repeats and one before them: else the last three first.
  if (2 * busy.length + (repeats[0] === 1 ? 1 : 0) <= 8) return apply(repeatOp, [x], { repeats });
  const from = busy[busy.length - 3];
  const some = apply(repeatOp, [x], { repeats: repeats.map((r, d) => (d < from ? 1 : r)) });
  const out = repeat(
    some,
    repeats.map((r, d) => (d < from ? r : 1)),
  );
  some.dispose();
  return out;
}
