import { ConfigError } from "../../errors.ts";
import { dropoutKernel } from "../../kernels/dropout.ts";
import type { Random } from "../../random.ts";
import { apply, type Op } from "../apply.ts";
import { empty, type Tensor } from "../tensor.ts";

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

/**
 * Zeroes entries with probability p and scales the others by 1 / (1 - p); p = 0 gives x itself. Entry i is kept where the
 * i-th number of `new Random({ key, drawn: 0 }).uniform()` is at least p, on every adapter. `rng` is such a key, or a stream
 * that two words are drawn from as the key, so that each call, and each run of a recorded step, gets another mask; a function
 * gives the stream when it is needed. Throws ConfigError for a p outside [0, 1].
 */
export function dropout(
  x: Tensor,
  { p, rng }: { p: number; rng: Random | (() => Random) | readonly [number, number] },
): Tensor {
  if (!(p >= 0 && p <= 1)) throw new ConfigError("p", `dropout: p is ${p}; give a probability from 0 to 1`);
  if (p === 0) return x;
  const key: [number, number] = [0, 0];
  const draw = (): void => {
    const from = typeof rng === "function" ? rng() : rng;
    [key[0], key[1]] = "uint32" in from ? [from.uint32(), from.uint32()] : from;
  };
  if (x.isMeta) draw();
  else x.device.eachRun(draw);
  return apply(dropoutOp, [x], { p, key });
}
