import { ShapeError } from "../../../errors.ts";
import { fillWith } from "../../../kernels/layout/strided.ts";
import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, show } from "../../shape.ts";
import { empty, Tensor } from "../../tensor.ts";
import { sumTo } from "../reduce/reduce.ts";
import { mapBroadcastNew } from "./map.ts";

/** A number beside a tensor becomes a tensor of one element on its device. */
const asTensor = (v: Tensor | number, like: Tensor): Tensor => {
  if (v instanceof Tensor) return v;
  if (like.isMeta) return Tensor.meta([], like.dtype);
  const t = empty(like.device, [], like.dtype, "constant");
  fillWith(like.device, t.binding(), 1, v);
  return t;
};

/** Whether a condition holds: anything but 0, NaN and subnormals included, which comparisons may lose. */
const holds = (v: string): string => `(bitcast<u32>(${v}) & 0x7fffffffu) != 0u`;

const whereOp: Op<undefined> = {
  name: "where",
  shape([condition, a, b]) {
    const values = broadcastShapes("where", a, b);
    try {
      return broadcastShapes("where", condition, values);
    } catch {
      throw new ShapeError(
        `where: the condition ${show(condition)} does not broadcast with a ${show(a)} and b ${show(b)}; make their dimensions equal, or 1`,
      );
    }
  },
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

/**
 * a where `condition` is not 0, else b, with numpy's broadcasting of all three; a and b may be numbers. What is not taken
 * leaves no trace, in the value or in the gradient, whatever it is. No gradient flows to the condition.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const like = a instanceof Tensor ? a : b instanceof Tensor ? b : condition;
  const [x, y] = [asTensor(a, like), asTensor(b, like)];
  const out = apply(whereOp, [condition, x, y], undefined);
  if (x !== a) x.dispose();
  if (y !== b) y.dispose();
  return out;
}
