import type { Device } from "../device/index.ts";
import { NumericError } from "../errors.ts";
import { Counter, type HostTensor, type Module, readTensors, type StateDict } from "../nn/index.ts";
import type { Tensor } from "../tensor/index.ts";
import { subState } from "./checkpoint.ts";
import { Ema, type EmaOptions } from "./ema.ts";
import { Optimizer } from "./optimizer.ts";
import { checkGroups, isSpec, type OptimizerSpec } from "./optimizer-spec.ts";

/** The part of a training that lives on the device: the model, its optimizers and averages. Rebuilt after a device is lost. */
export class Live {
  readonly device: Device;
  readonly model: Module;
  readonly optimizers: Readonly<Record<string, Optimizer>>;
  /** One optimizer, called main, which the trainer uses; several belong to the step function. */
  readonly single: boolean;
  readonly ema: Ema | undefined;

  constructor(
    device: Device,
    model: Module,
    optimizer: OptimizerSpec | Readonly<Record<string, OptimizerSpec>>,
    ema: EmaOptions | undefined,
  ) {
    this.device = device;
    this.model = model;
    this.single = isSpec(optimizer);
    const parameters = model.namedParameters();
    this.optimizers = Object.fromEntries(
      Object.entries(isSpec(optimizer) ? { main: optimizer } : optimizer).map(([name, spec]) => {
        checkGroups(spec, [...parameters.keys()], true);
        return [name, new Optimizer(spec, parameters)];
      }),
    );
    this.ema = ema ? new Ema(ema, model) : undefined;
  }

  /** A copy of everything on the host, in one read-back; names begin with model., ema. or optimizer.NAME. */
  async snapshot(): Promise<StateDict> {
    const tensors = new Map<string, Tensor>();
    const add = (prefix: string, state: ReadonlyMap<string, Tensor>): void => {
      for (const [name, t] of state) tensors.set(`${prefix}.${name}`, t);
    };
    add("model", this.model.state());
    if (this.ema) add("ema", this.ema.state());
    for (const [name, o] of Object.entries(this.optimizers)) add(`optimizer.${name}`, o.state());
    const host = await readTensors(tensors);
    const out: StateDict = new Map(
      [...tensors].map(([name, t]) => [name, { dtype: "F32", shape: t.shape, data: host.get(name)! }]),
    );
    for (const [name, slot] of this.model.namedState())
      if (slot instanceof Counter)
        out.set(`model.${name}`, { dtype: "I64", shape: [], data: BigInt64Array.of(BigInt(slot.value)) });
    for (const [name, o] of Object.entries(this.optimizers)) {
      const counts = o.counts();
      out.set(`optimizer.${name}.steps`, { dtype: "I64", shape: [counts.length], data: counts });
    }
    return out;
  }

  /** Puts everything back as a snapshot has it. Throws CheckpointError where it is another model's or optimizer's. */
  restore(state: Iterable<readonly [string, HostTensor]>, emaSteps: number): void {
    const all = new Map(state);
    this.model.load(this.device, subState(all, "model"));
    for (const [name, o] of Object.entries(this.optimizers)) o.load(subState(all, `optimizer.${name}`));
    this.ema?.load(subState(all, "ema"), emaSteps);
  }

  /** Frees the optimizers and averages; the model belongs to the user. */
  dispose(): void {
    for (const o of Object.values(this.optimizers)) o.dispose();
    this.ema?.dispose();
  }
}

/** Throws NumericError naming the first tensor that holds NaN or infinity, so that such a state is never kept. */
export function checkFinite(state: StateDict, step: number): void {
  for (const [name, { dtype, data }] of state) {
    if (dtype !== "F32" || name.startsWith("history.")) continue;
    const at = data.findIndex((v) => !Number.isFinite(v));
    if (at >= 0)
      throw new NumericError(
        `after step ${step} ${name} holds ${data[at]} at place ${at}; lower the learning rate, clip the gradients, or look at the data of the steps before`,
      );
  }
}
