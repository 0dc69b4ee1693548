import type { Device } from "../device/index.ts";
import { DeviceError } from "../errors.ts";
import type { Random } from "../random.ts";
import { cast, keep, noGrad, type Shape, show, Tensor, type TensorData, tensor } from "../tensor/index.ts";
import type { Initializer } from "./init.ts";

/** A tensor that a module owns: declared with a shape, filled by `init` or `load`. Until then it is shape-only. */
export abstract class Slot {
  readonly shape: Shape;
  readonly initializer: Initializer;
  #value: Tensor | undefined;
  #meta: Tensor | undefined;
  #dtype: "f32" | "f16" = "f32";

  constructor(shape: Shape, initializer: Initializer) {
    this.shape = Object.freeze([...shape]);
    this.initializer = initializer;
  }

  /** The tensor on the device, or a shape-only one before `init` or `load`. */
  get value(): Tensor {
    if (this.#value) return this.#value;
    this.#meta ??= keep(Tensor.meta(this.shape, this.#dtype));
    return this.#meta;
  }

  /** What its numbers are kept as, now or once it is filled. */
  get dtype(): "f32" | "f16" {
    return this.#dtype;
  }

  /** Keeps its numbers as another dtype from now on; a parameter of float16 has no gradient. */
  convert(dtype: "f32" | "f16"): void {
    if (dtype === this.#dtype) return;
    const old = this.#value;
    if (old) {
      this.#value = this.prepare(keep(noGrad(() => cast(old, dtype))));
      old.dispose();
    }
    this.#dtype = dtype;
    this.#meta?.dispose();
    this.#meta = undefined;
  }

  get ready(): boolean {
    return this.#value !== undefined;
  }

  protected abstract prepare(t: Tensor): Tensor;

  /** Fills from the initializer. */
  init(device: Device, rng: Random): void {
    this.set(device, this.initializer(this.shape, rng));
  }

  /** Fills from numbers on the host: in place where the tensor is on `device` already, else in a new tensor there. */
  set(device: Device, data: TensorData): void {
    if (this.#value?.device === device) {
      this.#value.write(data);
      return;
    }
    this.#value?.dispose();
    this.#value = this.prepare(keep(tensor(device, data, this.shape, this.#dtype)));
  }

  /** @internal Puts another tensor of the same shape in place and gives back the old one: how EMA weights are lent to a model. */
  exchange(other: Tensor): Tensor {
    const old = this.#value;
    if (!old) throw new DeviceError(`exchange: the slot ${show(this.shape)} is empty; call init() or load() first`);
    this.#value = other;
    return old;
  }

  dispose(): void {
    this.#value?.dispose();
    this.#value = undefined;
  }
}

/** A tensor that training changes by its gradient. */
export class Parameter extends Slot {
  protected override prepare(t: Tensor): Tensor {
    return t.dtype === "f16" ? t : t.requireGrad();
  }
}

/** A tensor that is part of the state but has no gradient, such as running statistics. */
export class StateBuffer extends Slot {
  protected override prepare(t: Tensor): Tensor {
    return t;
  }
}

/** An integer of the state, kept on the host; an int64 scalar in checkpoints, as PyTorch keeps its counters. */
export class Counter {
  value = 0;
}
