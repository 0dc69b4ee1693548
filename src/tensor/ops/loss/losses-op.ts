import type { Binding, Device } from "../../../device/index.ts";
import { ConfigError, ShapeError } from "../../../errors.ts";
import type { Constants } from "../../../kernels/elementwise/map.ts";
import { type LossTerms, lossGrad, lossSum, lossTerms } from "../../../kernels/loss/losses.ts";
import { reduceAxis } from "../../../kernels/reduce/reduce.ts";
import type { KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import { empty, full, type Tensor, zeros } from "../../tensor.ts";
import { mapBroadcastNew, mapNew } from "../elementwise/map.ts";
import type { LossRow } from "./losses-table.ts";

/** What becomes of the terms: their mean, their sum, their sum over the first dimension's size, or nothing. */
export type Reduction = "mean" | "sum" | "batchmean" | "none";

export interface LossOptions {
  /** Default "mean". With weights the mean is over the sum of the weights, 0 where all are 0. */
  readonly reduction?: Reduction;
  /**
   * Weights of the terms, of a shape that broadcasts to the prediction's: 0 for what is not there, whose values (NaN too) then
   * count nothing; a constant.
   */
  readonly weight?: Tensor;
  /** Reduces all but the first `keep` dimensions: with 2, maps [N, K, H, W] give losses [N, K]. Default 0. */
  readonly keep?: number;
}
/** @internal */
export const lossKeys: KeysOf<LossOptions> = { reduction: 1, weight: 1, keep: 1 };

interface LossAttrs {
  readonly reduction: Reduction;
  readonly keep: number;
  readonly [option: string]: number | string;
}

export const equalShapes = (op: string, [a, b]: readonly Shape[]): void => {
  if (!sameShape(a, b))
    throw new ShapeError(
      `${op}: the prediction is ${show(a)} and the target ${show(b)}; make them equal (losses do not broadcast)`,
    );
};

const reductions = ["mean", "sum", "batchmean", "none"];
export const checkReduction = (op: string, reduction: Reduction, allowed: readonly string[] = reductions): void => {
  if (!allowed.includes(reduction))
    throw new ConfigError("reduction", `${op}: reduction is ${reduction}; use ${allowed.join(", ")}`);
};

function checkShapes(op: string, shapes: readonly Shape[], { reduction, keep }: LossAttrs): void {
  equalShapes(op, shapes);
  const [a, , w] = shapes;
  checkReduction(op, reduction);
  if (!(Number.isInteger(keep) && keep >= 0 && keep <= a.length))
    throw new ConfigError("keep", `${op}: keep is ${keep}; give a whole number from 0 to the rank of ${show(a)}`);
  if (keep > 0 && (reduction === "batchmean" || reduction === "none"))
    throw new ConfigError("keep", `${op}: keep goes with the reductions mean and sum, not with ${reduction}`);
  if (reduction === "batchmean" && a.length === 0)
    throw new ShapeError(`${op}: batchmean divides by the first dimension, and a scalar has none; use sum`);
  if (w && !sameShape(broadcastShapes(`${op}'s weight`, a, w), a))
    throw new ShapeError(`${op}: the weight ${show(w)} does not broadcast to the prediction ${show(a)}`);
}

/** Weights as a number for each run of `span` entries; other layouts are written out. */
function spread(weight: Tensor, shape: Shape): LossTerms["weight"] & object {
  const lead = [...new Array<number>(shape.length - weight.rank).fill(1), ...weight.shape];
  let span = 1;
  let at = shape.length;
  while (at > 0 && (lead[at - 1] === 1 || shape[at - 1] === 1)) span *= shape[--at];
  if (lead.slice(0, at).every((v, i) => v === shape[i])) return { binding: weight.binding("weight"), span };
  return { binding: mapBroadcastNew("a", [weight], shape).binding("weight"), span: 1 };
}

/**
 * mass [rows] = the sums of the weights of `length` entries each: a weight that holds for many entries is multiplied, since adding
 * up equal numbers rounds them all the same way. `like` is any tensor of as many entries.
 */
function weightMass(
  device: Device,
  weight: LossTerms["weight"] & object,
  mass: Binding,
  { rows, length, like }: { rows: number; length: number; like: Binding },
): void {
  const { binding, span } = weight;
  if (span <= length) {
    const sizes = { outer: rows, length: length / span, inner: 1, scale: span };
    reduceAxis(device, "sum", { x: binding, y: mass }, sizes);
    return;
  }
  const one = { binding, span: span / length };
  lossTerms(device, { expression: "p0", constants: [length, 0], a: like, b: like, weight: one }, mass, rows);
}

/** A loss of the table as an op on [prediction, target] or [prediction, target, weight]. */
export function pointwiseLoss(
  name: string,
  rowOf: (attrs: LossAttrs) => LossRow,
  constantsOf: (attrs: LossAttrs) => Constants = () => [0, 0],
): Op<LossAttrs> {
  const terms = ([a, b, w]: readonly Tensor[], attrs: LossAttrs, expression: string): LossTerms => ({
    expression,
    constants: constantsOf(attrs),
    a: a.binding("prediction"),
    b: b.binding("target"),
    weight: w && spread(w, a.shape),
  });
  /** Rows that stay, entries reduced into each, and the factor. */
  const plan = (shape: Shape, { reduction, keep }: LossAttrs, weighted: boolean) => {
    const rows = reduction === "none" ? sizeOf(shape) : sizeOf(shape.slice(0, keep));
    const length = reduction === "none" ? 1 : sizeOf(shape.slice(keep));
    const divisor = reduction === "batchmean" ? shape[0] : reduction === "mean" && !weighted ? length : 1;
    return { rows, length, scale: 1 / divisor };
  };
  return {
    name,
    shape(shapes, attrs) {
      checkShapes(name, shapes, attrs);
      return attrs.reduction === "none" ? shapes[0] : shapes[0].slice(0, attrs.keep);
    },
    forward(ctx, inputs, attrs) {
      const [a, b, w] = inputs;
      const { reduction } = attrs;
      const { rows, length, scale } = plan(a.shape, attrs, w !== undefined);
      if (a.size === 0) {
        ctx.save(a);
        return reduction === "none" || rows === 0
          ? ctx.empty()
          : full(ctx.device, ctx.shape, reduction === "sum" || w ? 0 : Number.NaN, a.dtype);
      }
      const t = terms(inputs, attrs, rowOf(attrs).term);
      const divided = w !== undefined && reduction === "mean";
      const y = divided ? ctx.empty(undefined, "f32") : ctx.empty();
      if (reduction === "none") {
        lossTerms(ctx.device, t, y.binding(), a.size);
        ctx.save(...inputs);
        return y;
      }
      lossSum(ctx.device, t, y.binding(), { rows, length, scale });
      if (!divided) {
        ctx.save(...inputs);
        return y;
      }
      const mass = ctx.empty(undefined, "f32");
      weightMass(ctx.device, t.weight!, mass.binding(), { rows, length, like: t.a });
      const share = mapNew("select(1.0 / a, 0.0, a == 0.0)", mass);
      ctx.save(a, b, w, share);
      return mapNew("a * b", y, share, undefined, a.dtype);
    },
    backward(ctx, g, attrs) {
      const [a, b, w, share] = ctx.saved;
      if (a.size === 0) return ctx.needs.map((need) => (need ? zeros(ctx.device, a.shape) : null));
      const { length, scale } = plan(a.shape, attrs, w !== undefined);
      const factor = share ? mapNew("a * b", g, share) : g;
      return [...rowOf(attrs).slopes, null].slice(0, ctx.needs.length).map((slope, i) => {
        if (slope === null || !ctx.needs[i]) return null;
        const y = empty(ctx.device, a.shape, "f32", `${name}'s gradient`);
        const io = { g: factor.binding(), y: y.binding() };
        lossGrad(ctx.device, terms(w ? [a, b, w] : [a, b], attrs, slope), io, { n: a.size, length, scale });
        return y;
      });
    },
  };
}

/** Runs a pointwise loss with its common options. */
export const applyLoss = (
  op: Op<LossAttrs>,
  prediction: Tensor,
  target: Tensor,
  { reduction = "mean", weight, keep = 0 }: LossOptions,
  options: Readonly<Record<string, number>> = {},
): Tensor => apply(op, weight ? [prediction, target, weight] : [prediction, target], { reduction, keep, ...options });
