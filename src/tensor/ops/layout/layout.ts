import { ShapeError } from "../../../errors.ts";
import { copyStrided, fillWith } from "../../../kernels/layout/strided.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { normalizeAxes, type Shape, show, sizeOf, stridesOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { padBy } from "./pad-mode.ts";

const offsetOf = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((s, v, d) => s + v * strides[d], 0);

/** A new contiguous tensor with the block [starts, starts + shape) of x. */
const cut = (x: Tensor, starts: readonly number[], shape: Shape): Tensor => {
  const binding = x.binding(); // before y: what x waits for is let go of then
  const y = empty(x.device, shape, x.dtype, "slice");
  const strides = stridesOf(x.shape);
  copyStrided(
    x.device,
    { binding, offset: offsetOf(starts, strides), strides },
    { binding: y.binding(), offset: 0, strides: stridesOf(shape) },
    shape,
  );
  return y;
};

/** Writes all of x into y from `starts` on. */
const place = (x: Tensor, y: Tensor, starts: readonly number[]): void => {
  const strides = stridesOf(y.shape);
  copyStrided(
    x.device,
    { binding: x.binding(), offset: 0, strides: stridesOf(x.shape) },
    { binding: y.binding(), offset: offsetOf(starts, strides), strides },
    x.shape,
  );
};

const reshapeOp: Op<{ shape: Shape }> = {
  name: "reshape",
  takes: "any",
  shape([x], { shape }) {
    const known = shape.filter((v) => v !== -1);
    if (shape.length - known.length > 1)
      throw new ShapeError(`reshape: ${show(shape)} holds -1 more than once; one size can be worked out`);
    const out = shape.map((v) => (v === -1 ? sizeOf(x) / sizeOf(known) : v));
    if (!out.every((v) => Number.isInteger(v) && v >= 0) || sizeOf(out) !== sizeOf(x))
      throw new ShapeError(`reshape: ${show(x)} has ${sizeOf(x)} elements and cannot become ${show(shape)}`);
    return out;
  },
  forward: (ctx, [x]) => x.alias(ctx.shape),
  backward: (ctx, g) => [g.alias(ctx.inputShapes[0])],
};

/** JavaScript alone lets reshape(x, 2, 3) pass, as PyTorch writes it. */
const listed = (op: string, what: string, list: readonly number[]): readonly number[] => {
  if (Array.isArray(list)) return list;
  throw new ShapeError(`${op}: ${what} is ${list}; give one array, as in x.${op}([2, 3])`);
};

/** The same numbers in another shape; one size may be -1. Shares memory. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  apply(reshapeOp, [x], { shape: listed("reshape", "the shape", shape) });

const permuteOp: Op<{ perm: readonly number[] }> = {
  name: "permute",
  takes: "any",
  shape([x], { perm }) {
    if (
      perm.length !== x.length ||
      new Set(perm).size !== perm.length ||
      !perm.every((p) => Number.isInteger(p) && p >= 0 && p < x.length)
    )
      throw new ShapeError(
        `permute: [${perm.join(", ")}] is no order of the ${x.length} dimensions of ${show(x)}; name each of 0 to ${x.length - 1} once, or some from the end as -1 to -${x.length}`,
      );
    return perm.map((p) => x[p]);
  },
  forward(ctx, [x], { perm }) {
    const y = ctx.empty();
    const from = stridesOf(x.shape);
    copyStrided(
      ctx.device,
      { binding: x.binding(), offset: 0, strides: perm.map((p) => from[p]) },
      { binding: y.binding(), offset: 0, strides: stridesOf(ctx.shape) },
      ctx.shape,
    );
    return y;
  },
  backward: (_, g, { perm }) => [
    permute(
      g,
      perm.map((_, d) => perm.indexOf(d)),
    ),
  ],
};

/** Dimension d of the result is dimension perm[d] of x; negative ones count from the end. */
export const permute = (x: Tensor, perm: readonly number[]): Tensor =>
  apply(permuteOp, [x], { perm: listed("permute", "the order", perm).map((p) => (p < 0 ? p + x.rank : p)) });

/** Exchanges two dimensions (negative ones count from the end). */
export const transpose = (x: Tensor, a = -2, b = -1): Tensor => {
  const perm = x.shape.map((_, d) => d);
  const at = (d: number): number => normalizeAxes("transpose", d, x.rank)[0];
  [perm[at(a)], perm[at(b)]] = [perm[at(b)], perm[at(a)]];
  return permute(x, perm);
};

const sliceOp: Op<{ starts: readonly number[]; ends: readonly number[] }> = {
  name: "slice",
  takes: "any",
  shape([x], { starts, ends }) {
    return x.map((v, d) => {
      const ok =
        Number.isInteger(starts[d]) &&
        Number.isInteger(ends[d]) &&
        starts[d] >= 0 &&
        starts[d] <= ends[d] &&
        ends[d] <= v;
      if (!ok)
        throw new ShapeError(
          `slice: ${starts[d]} to ${ends[d]} is outside dimension ${d} of ${show(x)}; use 0 <= start <= end <= ${v}`,
        );
      return ends[d] - starts[d];
    });
  },
  forward: (ctx, [x], { starts }) => cut(x, starts, ctx.shape),
  backward(ctx, g, { starts }) {
    const dx = zeros(ctx.device, ctx.inputShapes[0]);
    place(g, dx, starts);
    return [dx];
  },
};

/** Where a block begins or ends along each dimension: counted from the end where negative, open where left out. */
export type Bounds = readonly (number | null | undefined)[];

const boundsOf = (name: string, bounds: Bounds, shape: Shape, open: (size: number) => number): number[] => {
  if (!Array.isArray(bounds) || bounds.length > shape.length)
    throw new ShapeError(
      `slice: ${name} is ${JSON.stringify(bounds)}; give an array of at most ${shape.length} entries for ${show(shape)}`,
    );
  return shape.map((size, d) => {
    const v = bounds[d] ?? open(size);
    return v < 0 ? v + size : v;
  });
};

/**
 * The block from `starts` to `ends` (exclusive), an entry for each dimension: a negative one counts from the end; one that is
 * null, undefined or left out is open. slice(x, [0, -2]) is numpy's x[0:, -2:]. Throws ShapeError beyond the ends.
 */
export const slice = (x: Tensor, starts: Bounds, ends: Bounds = []): Tensor =>
  apply(sliceOp, [x], {
    starts: boundsOf("starts", starts, x.shape, () => 0),
    ends: boundsOf("ends", ends, x.shape, (size) => size),
  });

const concatOp: Op<{ axis: number }> = {
  name: "concat",
  takes: "any",
  shape(inputs, { axis }) {
    const [first] = inputs;
    for (const s of inputs)
      if (s.length !== first.length || !s.every((v, d) => d === axis || v === first[d]))
        throw new ShapeError(
          `concat: ${inputs.map((i) => show(i)).join(" and ")} differ outside axis ${axis}; make the other dimensions equal`,
        );
    return first.map((v, d) => (d === axis ? inputs.reduce((t, s) => t + s[d], 0) : v));
  },
  forward(ctx, inputs, { axis }) {
    const y = ctx.empty();
    let at = 0;
    for (const x of inputs) {
      place(
        x,
        y,
        ctx.shape.map((_, d) => (d === axis ? at : 0)),
      );
      at += x.shape[axis];
    }
    return y;
  },
  backward(ctx, g, { axis }) {
    let at = 0;
    return ctx.inputShapes.map((shape, i) => {
      const starts = shape.map((_, d) => (d === axis ? at : 0));
      at += shape[axis];
      return ctx.needs[i] ? cut(g, starts, shape) : null;
    });
  },
};

/** Joins tensors along `axis`; all other dimensions must be equal. */
export const concat = (inputs: readonly Tensor[], axis = 0): Tensor => {
  if (inputs.length === 0) throw new ShapeError("concat: no tensors given; give at least one");
  return apply(concatOp, inputs, { axis: normalizeAxes("concat", axis, inputs[0].rank)[0] });
};

export type Pads = readonly (readonly [before: number, after: number])[];

const padOp: Op<{ pads: Pads; value: number }> = {
  name: "pad",
  shape([x], { pads }) {
    if (pads.length !== x.length || pads.flat().some((p) => !Number.isInteger(p) || p < 0))
      throw new ShapeError(
        `pad: ${JSON.stringify(pads)} must hold [before, after], both 0 or more, for each of the ${x.length} dimensions of ${show(x)}`,
      );
    return x.map((v, d) => v + pads[d][0] + pads[d][1]);
  },
  forward(ctx, [x], { pads, value }) {
    const y = ctx.empty();
    fillWith(ctx.device, y.binding(), y.size, value);
    place(
      x,
      y,
      pads.map((p) => p[0]),
    );
    return y;
  },
  backward: (ctx, g, { pads }) => [
    cut(
      g,
      pads.map((p) => p[0]),
      ctx.inputShapes[0],
    ),
  ],
};

export interface PadOptions {
  /** Beyond an end lie entries equal to `value`, the reflection at the last entry, or the last entry. By default "constant". */
  readonly mode?: "constant" | "reflect" | "replicate";
  /** For mode "constant"; by default 0. */
  readonly value?: number;
}
const padKeys: KeysOf<PadOptions> = { mode: 1, value: 1 };

/**
 * Adds entries before and after each dimension: equal to `value`, or as `mode` says. Throws ShapeError where mode
 * "reflect" is to add as many as there are or more, or mode "replicate" has nothing to repeat.
 */
export function pad(x: Tensor, pads: Pads, options: PadOptions = {}): Tensor {
  const { mode = "constant", value = 0 } = checkOptions("pad", options, padKeys);
  return mode === "constant" ? apply(padOp, [x], { pads, value }) : padBy(x, pads, mode);
}
