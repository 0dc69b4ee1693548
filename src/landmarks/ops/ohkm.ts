import { ConfigError, ShapeError } from "../../errors.ts";
import { markLargest } from "../../kernels/landmarks/ohkm.ts";
import { reduceAxis } from "../../kernels/reduce/reduce.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { mapBroadcastNew } from "../../tensor/ops/elementwise/map.ts";
import { show } from "../../tensor/shape.ts";
import { empty, type Tensor } from "../../tensor/tensor.ts";

interface OhkmAttrs {
  readonly top: number;
}

const ohkmOp: Op<OhkmAttrs> = {
  name: "ohkm",
  shape([x]) {
    if (x.length !== 2 || x[0] === 0 || x[1] === 0)
      throw new ShapeError(`ohkm: the losses are ${show(x)}; they must be [N, K], one for each landmark`);
    return [];
  },
  forward(ctx, [x], { top }) {
    const [rows, k] = x.shape;
    const shares = empty(ctx.device, x.shape, "f32", "ohkm's shares");
    const scale = 1 / (rows * Math.min(top, k));
    markLargest(ctx.device, { x: x.binding("losses"), y: shares.binding() }, { rows, k, top, scale });
    ctx.save(shares);
    const hard = mapBroadcastNew("select(a * b, 0.0, b == 0.0)", [x, shares], x.shape, undefined, "f32");
    const y = ctx.empty();
    reduceAxis(ctx.device, "sum", { x: hard.binding(), y: y.binding() }, { outer: 1, length: x.size, inner: 1 });
    return y;
  },
  backward: (ctx, g) => [mapBroadcastNew("a * b", [ctx.saved[0], g], ctx.inputShapes[0])],
};

const ohkmKeys: KeysOf<{ readonly top?: number }> = { top: 1 };

/**
 * Online hard key-point mining (Chen et al. 2018): losses [N, K], one for each landmark, such as `mseLoss(maps, target, { keep:
 * 2, weight })` gives -> the mean over the `top` largest of each sample (all where K is less), then over the samples. Default 8.
 */
export function ohkm(losses: Tensor, options: { readonly top?: number } = {}): Tensor {
  const { top = 8 } = checkOptions("ohkm", options, ohkmKeys);
  if (!(Number.isInteger(top) && top >= 1))
    throw new ConfigError("top", `ohkm: top is ${top}; give a whole number of at least 1`);
  return apply(ohkmOp, [losses], { top });
}
