import type { Device } from "../device/index.ts";
import { GradError, ShapeError } from "../errors.ts";
import { placeNumber } from "../kernels/layout/strided.ts";
import { keep, show, Tensor } from "../tensor/index.ts";
import { empty } from "../tensor/tensor.ts";
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

/** The step function's result as named scalars. Throws ShapeError for what is not one number. */
export function named(result: StepResult): Readonly<Record<string, Tensor>> & { readonly loss: Tensor } {
  const values = result instanceof Tensor ? { loss: result } : result;
  if (typeof (values as { then?: unknown } | undefined)?.then === "function")
    throw new GradError(
      "the step function returned a promise; write it without async and await, and bring a batch's numbers in `upload`",
    );
  if (!(values?.loss instanceof Tensor))
    throw new GradError(
      "the step function returned no loss; return the tensor, or an object of tensors of which one is called loss",
    );
  for (const [name, t] of Object.entries(values))
    if (t.size !== 1)
      throw new ShapeError(`the step function's ${name} is ${show(t.shape)}; return one number, such as its mean()`);
  return values;
}

/**
 * Numbers of steps that were not read yet: they wait on the device, a list for each name, so that no step waits for the host
 * and a recorded step puts its own at their place.
 */
export class PendingSteps {
  readonly #device: Device;
  readonly #room: number;
  readonly #lists = new Map<string, Tensor>();
  #steps: { readonly step: number; readonly names: readonly string[] }[] = [];
  #badSteps = 0;

  /** @param room most steps between two read-backs. */
  constructor(device: Device, room: number) {
    this.#device = device;
    this.#room = room;
    this.#list("loss"); // from the start, so that no step holds more memory than the first
  }

  #list(name: string): Tensor {
    const known = this.#lists.get(name);
    if (known) return known;
    const list = keep(empty(this.#device, [this.#room], "f32", `numbers of steps called ${name}`));
    this.#lists.set(name, list);
    return list;
  }

  get length(): number {
    return this.#steps.length;
  }

  /** Puts a step's numbers behind those that wait: part of the step's work on the device. */
  place(values: Readonly<Record<string, Tensor>>): void {
    for (const [name, t] of Object.entries(values)) {
      const io = { x: t.binding(name), y: this.#list(name).binding() };
      placeNumber(this.#device, io, () => this.#steps.length);
    }
  }

  /** Counts a step whose numbers were placed. */
  push(step: number, names: readonly string[]): void {
    this.#steps.push({ step, names });
  }

  /** Forgets the numbers that wait. */
  drop(): void {
    this.#steps = [];
  }

  dispose(): void {
    this.drop();
    for (const list of this.#lists.values()) list.dispose();
    this.#lists.clear();
  }

  /** Reads everything in one wait, into the history. */
  async read(optimizers: Readonly<Record<string, Optimizer>>, history: History): Promise<StepsRead | undefined> {
    const steps = this.#steps;
    if (steps.length === 0) return undefined;
    const all = Object.values(optimizers);
    const names = [...this.#lists.keys()];
    const lists = names.map((n) => ({ ...this.#lists.get(n)!.binding(n), bytes: 4 * steps.length }));
    const bytes = await this.#device.readAll([...all.map((o) => o.control), ...lists]);
    const reports = all.map((o, i) => o.report(bytes[i]));
    const numbers = new Map(names.map((n, i) => [n, new Float32Array(bytes[all.length + i])]));
    steps.forEach(({ step, names }, at) => {
      for (const name of names) history.push(step, name, numbers.get(name)![at]);
    });
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
