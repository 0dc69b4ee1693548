import type { Module } from "../nn/index.ts";
import { noGrad, type Rng, Tensor, tidy } from "../tensor/index.ts";
import type { RunState } from "./run-state.ts";
import type { BatchSource } from "./source.ts";
import type { FitOptions, StepContext, StepResult, ValidationContext } from "./trainer-options.ts";

/**
 * A validation that averages what a step function returns over all batches of a source, without gradients; the same
 * batches each time. One read-back in all.
 */
export function meanOver<B>(
  source: BatchSource<B>,
  rng: Rng,
  step: (context: Pick<StepContext<B>, "batch" | "rng" | "device" | "step" | "epoch">) => StepResult,
) {
  return async ({ device, step: at, epoch }: ValidationContext): Promise<Record<string, number>> => {
    const kept: [string, Tensor][] = [];
    try {
      for (let index = 0; index < source.length; index++) {
        const stream = rng.fork(index);
        const batch = await source.batch({ step: index, epoch: 0, index }, stream.fork("data"));
        const result = tidy(() => noGrad(() => step({ batch, rng: stream.fork("step"), device, step: at, epoch })));
        kept.push(...Object.entries(result instanceof Tensor ? { loss: result } : result));
      }
      const bytes = await device.readAll(kept.map(([n, t]) => ({ ...t.binding(n), bytes: 4 })));
      const sums: Record<string, number> = {};
      for (const [i, [name]] of kept.entries()) sums[name] = (sums[name] ?? 0) + new Float32Array(bytes[i])[0];
      return Object.fromEntries(Object.entries(sums).map(([n, v]) => [n, v / source.length]));
    } finally {
      for (const [, t] of kept) t.dispose();
    }
  };
}

/** Judges a run's model in evaluation, with the averaged weights where there are any. @internal */
export async function runValidation(
  validate: FitOptions["validate"],
  model: Module,
  { live, step, history }: RunState,
): Promise<Readonly<Record<string, number>>> {
  if (!validate) return {};
  const run = async () => {
    model.eval();
    try {
      return await validate({ device: live.device, model, step, epoch: history.epochs.length });
    } finally {
      model.train();
    }
  };
  return live.ema ? live.ema.lend(run) : run();
}
