import { ShapeError } from "../../../errors.ts";
import { fillWith } from "../../../kernels/layout/strided.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { broadcastShapes, type Shape, show } from "../../shape.ts";
import type { DType } from "../../storage.ts";
import { empty, full, Tensor } from "../../tensor.ts";
import { sumTo } from "../reduce/reduce.ts";
import { cast } from "./cast.ts";
import { expectAlike, expectHeld, isInteger } from "./integers.ts";
import { mapBroadcastNew, mapIntegersNew } from "./map.ts";

/** A number beside a tensor becomes a tensor of one element on its device. */
const asTensor = (v: Tensor | number, on: Tensor, dtype: DType): Tensor => {
  if (v instanceof Tensor) return v;
  if (isInteger(dtype)) expectHeld("where", v, dtype);
  if (on.isMeta) return Tensor.meta([], dtype);
  if (isInteger(dtype)) return full(on.device, [], v, dtype);
  const t = empty(on.device, [], dtype, "constant"); // full() clears for a 0, which ends the open pass
  fillWith(on.device, t.binding(), 1, v);
  return t;
};

/** The shape of all three, which broadcast. */
function whereShape([condition, a, b]: readonly Shape[]): Shape {
  const values = broadcastShapes("where", a, b);
  try {
    return broadcastShapes("where", condition, values);
  } catch {
    throw new ShapeError(
      `where: the condition ${show(condition)} does not broadcast with a ${show(a)} and b ${show(b)}; make their dimensions equal, or 1`,
    );
  }
}

/** Whether a condition holds: anything but 0, NaN and subnormals included, which comparisons may lose. */
const holds = (v: string): string => `(bitcast<u32>(${v}) & 0x7fffffffu) != 0u`;

const whereOp: Op<undefined> = {
  name: "where",
  shape: whereShape,
  forward(ctx, [condition, a, b]) {
    ctx.save(condition);
    return mapBroadcastNew(`select(c, b, ${holds("a")})`, [condition, a, b], ctx.shape);
  },
  backward(ctx, g) {
    const part = (i: number, expression: string): Tensor | null =>
      ctx.needs[i] ? sumTo(mapBroadcastNew(expression, [ctx.saved[0], g], g.shape), ctx.inputShapes[i]) : null;
    return [null, part(1, `select(0.0, b, ${holds("a")})`), part(2, `select(b, 0.0, ${holds("a")})`)];
  },
};

/** Of integers: what is chosen moves as bits, whatever the condition holds. */
const integerWhere = (dtype: "i32" | "u32"): Op<undefined> => ({
  name: "where",
  takes: "own",
  dtype,
  shape: whereShape,
  forward(ctx, inputs) {
    const [condition] = inputs;
    const mask = isInteger(condition.dtype) ? "a != 0u" : "(a & 0x7fffffffu) != 0u";
    return mapIntegersNew(`select(c, b, ${mask})`, inputs, ctx.shape, dtype);
  },
});
const integerOps = { i32: integerWhere("i32"), u32: integerWhere("u32") };

/**
 * a where `condition` is not 0, else b, with numpy's broadcasting of all three; a and b may be numbers. What is not taken
 * leaves no trace, in the value or in the gradient, whatever it is. No gradient flows to the condition. The condition may be of
 * integers, and so may a and b, both of one dtype.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const like = a instanceof Tensor ? a : b instanceof Tensor ? b : undefined;
  const dtype = like?.dtype ?? (isInteger(condition.dtype) ? "f32" : condition.dtype);
  return tidy(() => {
    const [x, y] = [asTensor(a, condition, dtype), asTensor(b, condition, dtype)];
    if (!isInteger(dtype))
      return apply(whereOp, [isInteger(condition.dtype) ? cast(condition, dtype) : condition, x, y], undefined);
    expectAlike("where", x, y);
    return apply(integerOps[dtype], [condition.dtype === "f16" ? cast(condition, "f32") : condition, x, y], undefined);
  });
}
