import { ConfigError, ShapeError } from "../../../errors.ts";
import { dropRowsKernel } from "../../../kernels/elementwise/drop-rows.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type ForwardContext, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type MaskSource, maskKey } from "./mask-key.ts";

interface DropRowsAttrs {
  readonly p: number;
  readonly key: readonly [number, number];
}

export interface DropRowsOptions {
  /** Probability that a whole channel, or a whole sample, becomes 0. */
  readonly p: number;
  readonly rng: MaskSource;
}
const dropRowsKeys: KeysOf<DropRowsOptions> = { p: 1, rng: 1 };

/** `lead` dimensions that a mask is drawn for; all behind them shares its fate. */
const dropRowsOp = (name: string, lead: number, wanted: string): Op<DropRowsAttrs> => {
  const run = (device: ForwardContext["device"], x: Tensor, y: Tensor, { p, key }: DropRowsAttrs): Tensor => {
    const [rows, s] = [sizeOf(x.shape.slice(0, lead)), sizeOf(x.shape.slice(lead))];
    if (x.size > 0) dropRowsKernel(device, { x: x.binding("x"), y: y.binding() }, { rows, s, p, key });
    return y;
  };
  return {
    name,
    shape([x]: readonly Shape[]) {
      if (x.length < lead) throw new ShapeError(`${name}: x is ${show(x)}; it must be ${wanted}`);
      return x;
    },
    forward: (ctx, [x], attrs) => run(ctx.device, x, ctx.empty(), attrs),
    // The mask comes again from the key: nothing is kept.
    backward: (ctx, g, attrs) => [run(ctx.device, g, empty(ctx.device, g.shape, "f32", `${name}'s gradient`), attrs)],
  };
};

const channelDropoutOp = dropRowsOp("dropout2d", 2, "[N, C, ...]");
const dropPathOp = dropRowsOp("dropPath", 1, "[N, ...]");

const drop = (op: Op<DropRowsAttrs>, x: Tensor, { p, rng }: DropRowsOptions): Tensor => {
  if (!(p >= 0 && p <= 1)) throw new ConfigError("p", `${op.name}: p is ${p}; give a probability from 0 to 1`);
  return p === 0 ? x : apply(op, [x], { p, key: maskKey(x, rng) });
};

/**
 * Zeroes whole channels of x [N, C, ...] with probability p, those of each sample by themselves, and scales the others by
 * 1 / (1 - p); p = 0 gives x itself (torch's dropout2d). Channel i = n * C + c is kept where the i-th number of
 * `new Random({ key, drawn: 0 }).uniform()` is at least p. Throws ConfigError for a p outside [0, 1].
 */
export const dropout2d = (x: Tensor, options: DropRowsOptions): Tensor => {
  checkOptions("dropout2d", options, dropRowsKeys);
  return drop(channelDropoutOp, x, options);
};

/**
 * Zeroes whole samples of x [N, ...] with probability p and scales the others by 1 / (1 - p); p = 0 gives x itself: stochastic
 * depth, which EfficientNet calls drop-connect (Huang et al., "Deep networks with stochastic depth", 2016). Sample n is kept
 * where the n-th number of `new Random({ key, drawn: 0 }).uniform()` is at least p. Throws ConfigError for a p outside [0, 1].
 */
export const dropPath = (x: Tensor, options: DropRowsOptions): Tensor => {
  checkOptions("dropPath", options, dropRowsKeys);
  return drop(dropPathOp, x, options);
};
