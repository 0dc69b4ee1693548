import { CheckpointError, ConfigError, DeviceError, DTypeError } from "../errors.ts";
import { averageTowards } from "../kernels/optimizer/optimizer.ts";
import { Counter, type Module, readTensors, type Slot, type StateDict, type StateSource } from "../nn/index.ts";
import { floats } from "../nn/state.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { keep, type Tensor, zeros } from "../tensor/index.ts";

export interface EmaOptions {
  /** Share of the old average kept at each step. */
  readonly decay: number;
  /** Average over fewer steps at the start: decay is at most (1 + t) / (10 + t) at step t. Default true. */
  readonly warmup?: boolean;
}
const emaKeys: KeysOf<EmaOptions> = { decay: 1, warmup: 1 };

/** Checks the options of an exponential moving average of the weights. Throws ConfigError. */
export function ema(options: EmaOptions): EmaOptions {
  checkOptions("ema", options, emaKeys);
  if (!(options.decay >= 0 && options.decay < 1))
    throw new ConfigError("ema.decay", `ema: decay is ${options.decay}; it must be at least 0 and below 1`);
  return options;
}

/** Exponential moving average of a model's parameters and buffers, on the GPU: usually better than the last weights. */
export class Ema {
  readonly options: EmaOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #averages = new Map<string, Tensor>();
  #lent = false;
  steps = 0;

  constructor(options: EmaOptions, model: Module) {
    this.options = ema(options);
    const taken = new Set<Slot>();
    for (const [name, slot] of model.namedState()) {
      if (slot instanceof Counter || taken.has(slot)) continue;
      taken.add(slot); // a tensor under two names has one average
      const { value } = slot;
      if (!slot.ready) throw new DeviceError(`ema: ${name} is empty; call init() or load() first`);
      if (slot.dtype === "f16")
        throw new DTypeError(`ema: ${name} is float16, for inference; call model.float() to train`);
      const average = keep(zeros(value.device, value.shape));
      if (value.size > 0)
        value.device.copy(
          { ...value.binding(name), bytes: value.size * 4 },
          { ...average.binding(name), bytes: value.size * 4 },
        );
      this.#slots.set(name, slot);
      this.#averages.set(name, average);
    }
  }

  /** Moves the averages towards the weights as they are now. */
  update(): void {
    const { decay, warmup = true } = this.options;
    const weight = (): number => 1 - (warmup ? Math.min(decay, (1 + this.steps) / (10 + this.steps)) : decay);
    const averages = [...this.#averages.values()];
    if (averages.length === 0) return;
    averages[0].device.eachRun(() => {
      this.steps++;
    });
    for (const [name, slot] of this.#slots) {
      const e = this.#averages.get(name)!;
      averageTowards(e.device, { p: slot.value.binding(name), e: e.bindingForWrite(name) }, e.size, weight);
    }
  }

  #exchange(): void {
    for (const [name, slot] of this.#slots) this.#averages.set(name, slot.exchange(this.#averages.get(name)!));
  }

  /** Runs `fn` while the model has the averages as its weights. Nothing is copied. */
  async lend<T>(fn: () => T | Promise<T>): Promise<T> {
    if (this.#lent) throw new DeviceError("ema: the averages are lent to the model already");
    this.#lent = true;
    this.#exchange();
    try {
      return await fn();
    } finally {
      this.#exchange();
      this.#lent = false;
    }
  }

  /** The averages by the names of the model's state. @internal */
  state(): ReadonlyMap<string, Tensor> {
    return this.#averages;
  }

  /** The averages on the host. */
  async stateDict(): Promise<StateDict> {
    const host = await readTensors(this.#averages);
    return new Map(
      [...this.#averages].map(([name, t]) => [name, { dtype: "F32" as const, shape: t.shape, data: host.get(name)! }]),
    );
  }

  /** Fills in averages that `stateDict` gave, and how often `update` had run. Throws CheckpointError. */
  load(source: StateSource, steps: number): void {
    const state = new Map("tensors" in source ? source.tensors : source);
    for (const [name, t] of this.#averages)
      if (state.get(name)?.data.length !== t.size)
        throw new CheckpointError(`ema: the average of ${name} is missing or of another size in the state`);
    for (const [name, t] of this.#averages) t.write(floats(name, state.get(name)!));
    this.steps = steps;
  }

  dispose(): void {
    for (const t of this.#averages.values()) t.dispose();
    this.#averages.clear();
  }
}
