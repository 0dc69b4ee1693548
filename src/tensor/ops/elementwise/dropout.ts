import { ConfigError } from "../../../errors.ts";
import { dropoutKernel } from "../../../kernels/elementwise/dropout.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type MaskSource, maskKey } from "./mask-key.ts";

interface DropoutAttrs {
  readonly p: number;
  readonly key: readonly [number, number];
}

const dropoutOp: Op<DropoutAttrs> = {
  name: "dropout",
  shape: ([x]) => x,
  forward(ctx, [x], { p, key }) {
    const y = ctx.empty();
    dropoutKernel(ctx.device, { x: x.binding("x"), y: y.binding() }, { n: x.size, p, key });
    return y;
  },
  // The mask comes again from the key: nothing is kept.
  backward(ctx, g, { p, key }) {
    const dx = empty(ctx.device, g.shape, "f32", "dropout's gradient");
    dropoutKernel(ctx.device, { x: g.binding(), y: dx.binding() }, { n: g.size, p, key });
    return [dx];
  },
};

const dropoutKeys: KeysOf<{ p: number; rng: MaskSource }> = { p: 1, rng: 1 };

/**
 * Zeroes entries with probability p and scales the others by 1 / (1 - p); p = 0 gives x itself. Entry i is kept where the
 * i-th number of `new Random({ key, drawn: 0 }).uniform()` is at least p, on every adapter. Throws ConfigError for a p outside
 * [0, 1].
 */
export function dropout(x: Tensor, options: { p: number; rng: MaskSource }): Tensor {
  const { p, rng } = checkOptions("dropout", options, dropoutKeys);
  if (!(p >= 0 && p <= 1)) throw new ConfigError("p", `dropout: p is ${p}; give a probability from 0 to 1`);
  return p === 0 ? x : apply(dropoutOp, [x], { p, key: maskKey(x, rng) });
}
