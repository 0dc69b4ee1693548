import { ConfigError } from "../../../errors.ts";
import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, sameShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { sumTo } from "../reduce/reduce.ts";
import {
  type BinaryName,
  type BinaryRow,
  binaryTable,
  type UnaryName,
  type UnaryRow,
  unaryTable,
} from "./elementwise-table.ts";
import { mapBroadcastNew, mapNew } from "./map.ts";

function unaryOp(name: UnaryName): Op<Record<string, number>> {
  const row: UnaryRow = unaryTable[name];
  // In the kernel g is the first operand and the value the second.
  const grad = row.grad?.replace(/\b[gv]\b/g, (v) => (v === "g" ? "a" : "b"));
  return {
    name,
    shape: ([x]) => x,
    forward(ctx, [x], attrs) {
      const y = mapNew(row.f, x, undefined, row.constants?.(attrs));
      if (row.uses === "a") ctx.save(x);
      else if (row.uses === "y") ctx.save(y);
      return y;
    },
    backward:
      grad === undefined ? undefined : (ctx, g, attrs) => [mapNew(grad, g, ctx.saved[0], row.constants?.(attrs))],
  };
}

/** A gradient's expression over g, a and b: without broadcasting where only two of them, as large as g, are named. */
function gradOf(expression: string): (g: Tensor, a: Tensor, b: Tensor) => Tensor {
  if (expression === "g") return (g) => g;
  if (expression === "-g") return (g) => mapNew("-a", g);
  const rename = (names: Record<string, string>): string => expression.replace(/\b[gab]\b/g, (v) => names[v]);
  const ofAll = rename({ g: "a", a: "b", b: "c" });
  const ofOne = rename({ g: "a", a: "b", b: "b" }); // right where only one of a and b is named
  const [hasA, hasB] = [/\ba\b/.test(expression), /\bb\b/.test(expression)];
  return (g, a, b) => {
    if (!hasA && sameShape(b.shape, g.shape)) return mapNew(ofOne, g, b);
    if (!hasB && sameShape(a.shape, g.shape)) return mapNew(ofOne, g, a);
    return mapBroadcastNew(ofAll, [g, a, b], g.shape);
  };
}

const isLinear = (row: BinaryRow): boolean => row.grads.every((e) => e === "g" || e === "-g");

function binaryOp(name: BinaryName): Op<undefined> {
  const row: BinaryRow = binaryTable[name];
  const linear = isLinear(row);
  const grads = row.grads.map(gradOf);
  return {
    name,
    shape: ([a, b]) => broadcastShapes(name, a, b),
    forward(ctx, [a, b]) {
      if (!linear) ctx.save(a, b);
      return sameShape(a.shape, b.shape) ? mapNew(row.f, a, b) : mapBroadcastNew(row.f, [a, b], ctx.shape);
    },
    backward(ctx, g) {
      return grads.map((gradient, i) =>
        ctx.needs[i] ? sumTo(gradient(g, ctx.saved[0], ctx.saved[1]), ctx.inputShapes[i]) : null,
      );
    },
  };
}

/** The same with a number in place of one operand: it goes into the kernel as a param. */
function withNumberOp(name: BinaryName, number: "a" | "b"): Op<{ value: number }> {
  const row: BinaryRow = binaryTable[name];
  const expression = row.grads[number === "a" ? 1 : 0];
  const [tensor, kept] = number === "a" ? ["b", "b"] : ["a", "a"];
  const keeps = new RegExp(`\\b${kept}\\b`).test(expression);
  const forward = row.f.replace(/\b[ab]\b/g, (v) => (v === number ? "p0" : "a"));
  const backward = expression.replace(/\b[gab]\b/g, (v) => ({ g: "a", [tensor]: "b", [number]: "p0" })[v] as string);
  return {
    name,
    shape: ([x]) => x,
    forward(ctx, [x], { value }) {
      if (keeps) ctx.save(x);
      return mapNew(forward, x, undefined, [value, 0]);
    },
    backward: (ctx, g, { value }) => [
      expression === "g" ? g : mapNew(backward, g, keeps ? ctx.saved[0] : undefined, [value, 0]),
    ],
  };
}

const unaryOps = Object.fromEntries(Object.keys(unaryTable).map((n) => [n, unaryOp(n as UnaryName)])) as Record<
  UnaryName,
  Op<Record<string, number>>
>;
const binaryOps = Object.fromEntries(Object.keys(binaryTable).map((n) => [n, binaryOp(n as BinaryName)])) as Record<
  BinaryName,
  Op<undefined>
>;

const numberOps = Object.fromEntries(
  Object.keys(binaryTable).map((n) => [
    n,
    { a: withNumberOp(n as BinaryName, "a"), b: withNumberOp(n as BinaryName, "b") },
  ]),
) as Record<BinaryName, Record<"a" | "b", Op<{ value: number }>>>;

const unary =
  (name: UnaryName) =>
  (x: Tensor): Tensor =>
    apply(unaryOps[name], [x], {});

const binary =
  (name: BinaryName) =>
  (a: Tensor | number, b: Tensor | number): Tensor => {
    if (typeof b === "number") return apply(numberOps[name].b, [a as Tensor], { value: b });
    if (typeof a === "number") return apply(numberOps[name].a, [b], { value: a });
    return apply(binaryOps[name], [a, b], undefined);
  };

/** -x. */
export const neg = unary("neg");
/** |x|; gradient 0 at 0. */
export const abs = unary("abs");
/** x squared. */
export const square = unary("square");
export const exp = unary("exp");
/** Natural logarithm. */
export const log = unary("log");
export const sqrt = unary("sqrt");
/** 1 / (1 + exp(-x)), without overflow. */
export const sigmoid = unary("sigmoid");
export const tanh = unary("tanh");
/** max(x, 0); gradient 0 at 0; NaN stays NaN. */
export const relu = unary("relu");
/** x * sigmoid(x). */
export const silu = unary("silu");
/** ln(1 + exp(x)), without overflow. */
export const softplus = unary("softplus");
/** x where positive, else negativeSlope * x. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.01): Tensor =>
  apply(unaryOps.leaky_relu, [x], { negative_slope: negativeSlope });
/** x limited to [min, max]; the gradient flows where x is inside, borders included. */
export const clamp = (x: Tensor, min: number, max: number): Tensor => apply(unaryOps.clamp, [x], { min, max });
/** -1, 0 or 1; NaN stays NaN. No gradient: it is 0 wherever there is one. */
export const sign = unary("sign");
/** 1 / sqrt(x). */
export const rsqrt = unary("rsqrt");
/** Sine of x in radians, right for arguments of any size. */
export const sin = unary("sin");
/** Cosine of x in radians, right for arguments of any size. */
export const cos = unary("cos");
/** x where positive, else alpha (exp(x) - 1). */
export const elu = (x: Tensor, alpha = 1): Tensor => apply(unaryOps.elu, [x], { alpha });
/**
 * x times the share of the normal distribution below x; "tanh" takes x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
 * for it (Hendrycks and Gimpel 2016). Throws ConfigError for another `approximate`.
 */
export const gelu = (x: Tensor, { approximate = "none" }: { approximate?: "none" | "tanh" } = {}): Tensor => {
  if (approximate !== "none" && approximate !== "tanh")
    throw new ConfigError("approximate", `gelu: approximate is ${approximate}; use "none" or "tanh"`);
  return apply(approximate === "tanh" ? unaryOps.gelu_tanh : unaryOps.gelu, [x], {});
};
/** 1 where x > threshold, else 0, also for NaN. No gradient: it is 0 wherever there is one. */
export const hardStep = (x: Tensor, threshold = 0): Tensor => apply(unaryOps.hard_step, [x], { threshold });

/** a + b with numpy's broadcasting; either may be a number. The same holds for the ops below. */
export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
export const div = binary("div");
/** a to the power b; a negative base with a whole exponent is allowed. */
export const pow = binary("pow");
/** Larger of the two; NaN goes through; ties share the gradient. */
export const maximum = binary("maximum");
/** Smaller of the two; NaN goes through; ties share the gradient. */
export const minimum = binary("minimum");
