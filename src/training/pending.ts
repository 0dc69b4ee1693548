import type { Device } from "../device/index.ts";
import { ShapeError } from "../errors.ts";
import { keep, show, Tensor } from "../tensor/index.ts";
import type { History } from "./history.ts";
import type { Optimizer } from "./optimizer.ts";
import type { StepResult } from "./trainer-options.ts";

/** What a read-back of some steps told. */
export interface StepsRead {
  /** Steps [from, to). */
  readonly from: number;
  readonly to: number;
  /** Loss of the last one. */
  readonly loss: number;
  /** Norm of the last gradients of the first optimizer. */
  readonly gradientNorm: number;
  /** Steps so far that changed nothing because their gradients were not finite. */
  readonly badSteps: number;
  /** What was NaN or infinite and is new since the last read-back; empty when all is well. */
  readonly trouble: string;
}

/** Numbers of steps that were recorded and not read yet: they wait on the device, so that no step waits for the host. */
export class PendingSteps {
  #steps: { readonly step: number; readonly values: ReadonlyMap<string, Tensor> }[] = [];
  #badSteps = 0;

  get length(): number {
    return this.#steps.length;
  }

  /** The step's result as named scalars. Throws ShapeError for what is not one number. */
  static named(result: StepResult): Readonly<Record<string, Tensor>> & { readonly loss: Tensor } {
    const values = result instanceof Tensor ? { loss: result } : result;
    for (const [name, t] of Object.entries(values))
      if (t.size !== 1)
        throw new ShapeError(`the step function's ${name} is ${show(t.shape)}; return one number, such as its mean()`);
    return values;
  }

  push(step: number, values: Readonly<Record<string, Tensor>>): void {
    this.#steps.push({ step, values: new Map(Object.entries(values).map(([n, t]) => [n, keep(t.detach())])) });
  }

  drop(): void {
    for (const { values } of this.#steps) for (const t of values.values()) t.dispose();
    this.#steps = [];
  }

  /** Forgets how many bad steps were told: for optimizers that are filled anew. */
  reset(): void {
    this.drop();
    this.#badSteps = 0;
  }

  /** Reads everything in one wait, into the history. */
  async read(
    device: Device,
    optimizers: Readonly<Record<string, Optimizer>>,
    history: History,
  ): Promise<StepsRead | undefined> {
    const steps = this.#steps;
    if (steps.length === 0) return undefined;
    const all = Object.values(optimizers);
    const scalars = steps.flatMap((s) => [...s.values].map(([n, t]) => ({ ...t.binding(n), bytes: 4 })));
    const bytes = await device.readAll([...all.map((o) => o.control), ...scalars]);
    const reports = all.map((o, i) => o.report(bytes[i]));
    let at = all.length;
    for (const { step, values } of steps)
      for (const name of values.keys()) history.push(step, name, new Float32Array(bytes[at++])[0]);
    this.drop();
    const losses = history.series.get("loss") ?? [];
    const [from, to] = [steps[0].step, steps[steps.length - 1].step + 1];
    const badLoss = steps.find((s) => !Number.isFinite(losses[s.step]))?.step;
    const firstBad = reports.find((r) => r.firstBad)?.firstBad;
    const badSteps = reports.reduce((n, r) => n + r.badSteps, 0);
    const parts: string[] = [];
    if (badLoss !== undefined) parts.push(`the loss of step ${badLoss} is ${losses[badLoss]}`);
    if (badSteps > this.#badSteps && firstBad)
      parts.push(`the gradient of ${firstBad.name} was not finite first in the optimizer's step ${firstBad.step}`);
    if (parts.length > 0) parts.push(`${badSteps} steps changed no weights`);
    this.#badSteps = badSteps;
    return { from, to, loss: losses[to - 1], gradientNorm: reports[0].norm, badSteps, trouble: parts.join("; ") };
  }
}
