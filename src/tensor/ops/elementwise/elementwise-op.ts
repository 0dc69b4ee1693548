import type { Constants } from "../../../kernels/elementwise/map.ts";
import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, sameShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { sumTo } from "../reduce/reduce.ts";
import { integerOp } from "./integers.ts";
import { mapBroadcastNew, mapNew } from "./map.ts";

/**
 * What an elementwise op of one tensor is. `f` is the WGSL expression of the value from `a`, `grad` that of the gradient from
 * `g`, the incoming gradient, and `v`. `uses` says what `v` is, so that nothing else is kept for backward: the input ("a"),
 * the output ("y"), or nothing ("g"). Without a gradient `grad` is null. `p0` and `p1` are the constants. wgsl/lib/math.wgsl and
 * wgsl/lib/curves.wgsl hold functions that WGSL lacks.
 */
export interface UnaryRow {
  readonly f: string;
  readonly grad: string | null;
  readonly uses: "a" | "y" | "g";
  /** Attributes to the expression's constants. */
  readonly constants?: (attrs: Record<string, number>) => Constants;
}

/** The same of two tensors, `a` and `b`. */
export interface BinaryRow {
  readonly f: string;
  /** Gradients of a and of b from g, a, b; the constant "g" or "-g" needs no input kept. */
  readonly grads: readonly [string, string];
}

/** The op of a row that takes attributes; `unary` makes the function of one that takes none. */
export function unaryOp(name: string, row: UnaryRow): Op<Record<string, number>> {
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

function binaryOp(name: string, row: BinaryRow): Op<undefined> {
  const linear = row.grads.every((e) => e === "g" || e === "-g");
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
function withNumberOp(name: string, row: BinaryRow, number: "a" | "b"): Op<{ value: number }> {
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

/** The function of a row. */
export function unary(name: string, row: UnaryRow): (x: Tensor) => Tensor {
  const op = unaryOp(name, row);
  return (x) => apply(op, [x], {});
}

/** The function of a row; either operand may be a number. Some take integer tensors too (integers.ts). */
export function binary(name: string, row: BinaryRow): (a: Tensor | number, b: Tensor | number) => Tensor {
  const op = binaryOp(name, row);
  const numberA = withNumberOp(name, row, "a");
  const numberB = withNumberOp(name, row, "b");
  const integers = integerOp(name);
  return (a, b) => {
    const whole = integers(a, b);
    if (whole) return whole;
    if (typeof b === "number") return apply(numberB, [a as Tensor], { value: b });
    if (typeof a === "number") return apply(numberA, [b], { value: a });
    return apply(op, [a, b], undefined);
  };
}
