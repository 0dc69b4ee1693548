import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { sqrt, sub } from "../elementwise/elementwise.ts";
import { mapBroadcastNew } from "../elementwise/map.ts";
import { mean, type ReduceAttrs, type ReduceOptions, reducedShape, variance } from "./reduce.ts";

interface StdAttrs extends ReduceAttrs {
  readonly correction: number;
}

const stdOp: Op<StdAttrs> = {
  name: "std",
  shape: ([x], { axes, keepDims }) => reducedShape(x, axes, keepDims),
  forward(ctx, [x], { axes, correction }) {
    const y = sqrt(variance(x, axes, { keepDims: true, correction }));
    ctx.save(x, y);
    return y.alias(ctx.shape);
  },
  // (x - mean) / (y (K - correction)); 0 where all are equal, as PyTorch has it.
  backward(ctx, g, { axes, correction }) {
    const [x, y] = ctx.saved;
    const count = sizeOf(axes.map((a) => x.shape[a]));
    const slope = mapBroadcastNew("select(a / (b * p0), 0.0, b == 0.0)", [g.alias(y.shape), y], y.shape, [
      Math.max(0, count - correction),
      0,
    ]);
    return [mapBroadcastNew("a * b", [sub(x, mean(x, axes, { keepDims: true })), slope], x.shape)];
  },
};

const stdKeys: KeysOf<ReduceOptions & { readonly correction?: number }> = { keepDims: 1, correction: 1 };

/** Standard deviation over `axis`, by the count less `correction` (1: unbiased, 0: of the population). */
export function std(x: Tensor, axis?: Axes, options: ReduceOptions & { readonly correction?: number } = {}): Tensor {
  const { keepDims = false, correction = 1 } = checkOptions("std", options, stdKeys);
  const axes = normalizeAxes("std", axis, x.rank);
  if (x.dtype === "f16") return inFloat32([x], ([wide]) => std(wide, axes, { keepDims, correction }));
  return apply(stdOp, [x], { axes, keepDims, correction });
}
