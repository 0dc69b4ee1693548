import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes } from "../../shape.ts";
import { full, type Tensor } from "../../tensor.ts";
import { cast } from "../elementwise/cast.ts";
import { mapNew } from "../elementwise/map.ts";
import { type ReduceAttrs, type ReduceOptions, reducedShape, reduceTo } from "./reduce.ts";

/** Anything but 0 holds, told by the bits: NaN and subnormals too, as in `where`. */
const holds = "select(0.0, 1.0, (bitcast<u32>(a) & 0x7fffffffu) != 0u)";

const truthOp = (name: "any" | "all"): Op<ReduceAttrs> => ({
  name,
  shape: ([x], { axes, keepDims }) => reducedShape(x, axes, keepDims),
  forward(ctx, [x], { axes }) {
    if (x.size === 0) return full(ctx.device, ctx.shape, name === "all" ? 1 : 0, x.dtype);
    return reduceTo(name === "all" ? "min" : "max", mapNew(holds, x), axes, 1).alias(ctx.shape);
  },
});
const ops = { any: truthOp("any"), all: truthOp("all") };

const truth =
  (name: keyof typeof ops) =>
  (x: Tensor, axis?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor => {
    const attrs = { axes: normalizeAxes(name, axis, x.rank), keepDims };
    if (x.dtype === "f32" || x.dtype === "f16") return apply(ops[name], [x], attrs);
    const wide = cast(x, "f32"); // no whole number but 0 becomes 0
    const y = apply(ops[name], [wide], attrs);
    wide.dispose();
    return y;
  };

/**
 * 1 where an entry over `axis` (all by default; negative ones count from the end) is not 0, else 0; NaN counts as such. x may
 * hold integers; the result is f32, or f16 as x. Of nothing 0. No gradient.
 */
export const any = truth("any");
/** 1 where every entry over `axis` is not 0, else 0; of nothing 1. Else as `any`. */
export const all = truth("all");
