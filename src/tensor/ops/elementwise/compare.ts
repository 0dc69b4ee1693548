import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { integerOp } from "./integers.ts";
import { mapBroadcastNew, mapNew } from "./map.ts";

/**
 * Comparisons as IEEE has them: beside NaN only `ne` holds. What a NaN does is read from its bits, because drivers turn
 * a < b into the opposite of a >= b.
 */
const ordered = (f: string): string => `select(0.0, 1.0, ${f} && !(isNan(a) || isNan(b)))`;
const expressions = {
  eq: ordered("a == b"),
  ne: "select(0.0, 1.0, a != b || isNan(a) || isNan(b))",
  lt: ordered("a < b"),
  le: ordered("a <= b"),
  gt: ordered("a > b"),
  ge: ordered("a >= b"),
} as const;

const comparison = (name: keyof typeof expressions) => {
  const expression = expressions[name];
  const op: Op<undefined> = {
    name,
    shape: ([a, b]) => broadcastShapes(name, a, b),
    forward(ctx, [a, b]) {
      const same = a.size === sizeOf(ctx.shape) && b.size === a.size;
      return same ? mapNew(expression, a, b).alias(ctx.shape) : mapBroadcastNew(expression, [a, b], ctx.shape);
    },
  };
  const withNumber: Op<{ value: number }> = {
    name,
    shape: ([a]) => a,
    forward: (_, [a], { value }) => mapNew(expression.replace(/\bb\b/g, "p0"), a, undefined, [value, 0]),
  };
  const integers = integerOp(name);
  return (a: Tensor, b: Tensor | number): Tensor => {
    const whole = integers(a, b);
    if (whole) return whole;
    if (typeof b === "number") return apply(withNumber, [a], { value: b });
    return apply(op, [a, b], undefined);
  };
};

/** 1 where a equals b, else 0, as f32 (of integer tensors too), with numpy's broadcasting; NaN equals nothing. No gradient. The same holds for those below. */
export const eq = comparison("eq");
/** 1 where a is not b; NaN differs from everything. */
export const ne = comparison("ne");
export const lt = comparison("lt");
export const le = comparison("le");
export const gt = comparison("gt");
export const ge = comparison("ge");
