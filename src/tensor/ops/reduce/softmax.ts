import { ShapeError } from "../../../errors.ts";
import { type Rows, softmaxForward, softmaxInputGrad } from "../../../kernels/reduce/softmax.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes, type Shape, sizeOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { permute } from "../layout/layout.ts";

interface SoftmaxAttrs {
  readonly axes: readonly number[];
}

const adjacent = (axes: readonly number[]): boolean => axes.every((a, i) => i === 0 || a === axes[i - 1] + 1);

/** Neighboring axes as the middle of [outer, length, inner]. */
const rowsOf = (shape: Shape, axes: readonly number[]): Rows => ({
  outer: sizeOf(shape.slice(0, axes[0])),
  length: sizeOf(axes.map((a) => shape[a])),
  inner: sizeOf(shape.slice(axes[axes.length - 1] + 1)),
});

/** Runs `f` with the axes beside each other: tensors are permuted so that they come last, and the result back. */
function beside(
  tensors: readonly Tensor[],
  axes: readonly number[],
  f: (tensors: readonly Tensor[], rows: Rows) => Tensor,
): Tensor {
  const { shape } = tensors[0];
  if (adjacent(axes)) return f(tensors, rowsOf(shape, axes));
  const perm = [...shape.map((_, d) => d).filter((d) => !axes.includes(d)), ...axes];
  const last = axes.map((_, i) => shape.length - axes.length + i);
  const moved = tensors.map((t) => permute(t, perm));
  return permute(
    f(moved, rowsOf(moved[0].shape, last)),
    shape.map((_, d) => perm.indexOf(d)),
  );
}

const softmaxOp = (name: "softmax" | "logSoftmax"): Op<SoftmaxAttrs> => {
  const log = name === "logSoftmax";
  return {
    name,
    shape: ([x]) => x,
    forward(ctx, [x], { axes: given }) {
      const axes = normalizeAxes(name, given, x.rank);
      if (x.size === 0) return ctx.empty();
      const y = beside([x], axes, ([x], rows) => {
        const y = empty(ctx.device, x.shape, x.dtype, name);
        softmaxForward(ctx.device, { x: x.binding("x"), y: y.binding() }, rows, log);
        return y;
      });
      ctx.save(y);
      return y;
    },
    backward(ctx, g, { axes }) {
      if (g.size === 0) return [g];
      const run = ([y, g]: readonly Tensor[], rows: Rows): Tensor => {
        const dx = empty(ctx.device, g.shape, "f32", `${name}'s gradient`);
        softmaxInputGrad(ctx.device, { y: y.binding(), g: g.binding(), inputGrad: dx.binding() }, rows, log);
        return dx;
      };
      return [beside([ctx.saved[0], g], normalizeAxes(name, axes, g.rank), run)];
    },
  };
};

const softmaxes = { softmax: softmaxOp("softmax"), logSoftmax: softmaxOp("logSoftmax") };

const overAxes = (name: keyof typeof softmaxes, x: Tensor, axis: Axes): Tensor => {
  const list = normalizeAxes(name, axis, x.rank);
  if (list.length === 0)
    throw new ShapeError(`${name}: axis is empty; name the dimensions that shall sum to 1, for example -1`);
  return apply(softmaxes[name], [x], { axes: list });
};

/** exp(x) / sum of exp(x) over `axis`, several taken together (negative ones count from the end), without overflow. */
export const softmax = (x: Tensor, axis: Axes): Tensor => overAxes("softmax", x, axis);
/** The logarithm of `softmax`, worked out without it. */
export const logSoftmax = (x: Tensor, axis: Axes): Tensor => overAxes("logSoftmax", x, axis);
