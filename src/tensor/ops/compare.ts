import { apply, type Op } from "../apply.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType } from "./dtype.ts";
import { asTensor, mapBroadcastNew, mapNew } from "./map.ts";

/**
 * Comparisons as IEEE has them: beside NaN only `ne` holds. What a NaN does is read from its bits, because drivers turn
 * a < b into the opposite of a >= b.
 */
const ordered = (f: string): string => `select(0.0, 1.0, ${f} && !(is_nan(a) || is_nan(b)))`;
const expressions = {
  eq: ordered("a == b"),
  ne: "select(0.0, 1.0, a != b || is_nan(a) || is_nan(b))",
  lt: ordered("a < b"),
  le: ordered("a <= b"),
  gt: ordered("a > b"),
  ge: ordered("a >= b"),
} as const;

const comparison = (name: keyof typeof expressions) => {
  const op: Op<undefined> = {
    name,
    shape: ([a, b]) => broadcastShapes(name, a, b),
    forward(ctx, [a, b]) {
      const same = a.size === ctx.shape.reduce((n, v) => n * v, 1) && b.size === a.size;
      return same
        ? mapNew(expressions[name], a, b).view(ctx.shape)
        : mapBroadcastNew(expressions[name], [a, b], ctx.shape);
    },
  };
  return (a: Tensor, b: Tensor | number): Tensor => {
    const y = asTensor(b, a);
    expectDType(name, "a", a, "f32");
    expectDType(name, "b", y, "f32");
    const out = apply(op, [a, y], undefined);
    if (y !== b) y.dispose();
    return out;
  };
};

/** 1 where a equals b, else 0, with numpy's broadcasting; NaN equals nothing. No gradient. The same holds for those below. */
export const eq = comparison("eq");
/** 1 where a is not b; NaN differs from everything. */
export const ne = comparison("ne");
export const lt = comparison("lt");
export const le = comparison("le");
export const gt = comparison("gt");
export const ge = comparison("ge");
