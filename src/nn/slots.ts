import type { Device } from "../device/index.ts";
import { DeviceError } from "../errors.ts";
import type { Random } from "../random.ts";
import { cast, keep, noGrad, type Shape, show, Tensor, type TensorData, tensor } from "../tensor/index.ts";
import { emptySlot } from "./call.ts";
import type { Initializer } from "./init.ts";

/** A tensor that a module owns: declared with a shape, filled by `init` or `load`. Until then it is shape-only. */
export abstract class Slot {
  readonly shape: Shape;
  /** Makes its first numbers; a network may set another before `init`. */
  initializer: Initializer;
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
    this.#meta.lack = () => emptySlot(this);
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
      this.put(this.prepare(keep(noGrad(() => cast(old, dtype)))));
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

  /** Every change of the tensor comes through here. */
  protected put(t: Tensor): void {
    this.#value = t;
  }

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
    this.put(this.prepare(keep(tensor(device, data, this.shape, this.#dtype))));
  }

  /** @internal Puts another tensor of the same shape in place and gives back the old one: how EMA weights are lent to a model. */
  exchange(other: Tensor): Tensor {
    const old = this.#value;
    if (!old) throw new DeviceError(`exchange: the slot ${show(this.shape)} is empty; call init() or load() first`);
    this.put(other);
    return old;
  }

  dispose(): void {
    this.#value?.dispose();
    this.#value = undefined;
  }
}

/** A tensor that training changes by its gradient. */
export class Parameter extends Slot {
  #frozen = false;

  /** Whether it has no gradient, so that optimizers pass it over. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** Takes its gradient away, or with `false` gives it one again, also when it is filled later. */
  freeze(on = true): void {
    this.#frozen = on;
    if (this.ready && this.dtype === "f32") this.value.requireGrad(!on);
  }

  protected override prepare(t: Tensor): Tensor {
    return t.dtype === "f16" || this.#frozen ? t : t.requireGrad();
  }
}

/**
 * A tensor marked by `requireGrad()` that stands in a field itself: trained and saved like a Parameter. Where other memory takes
 * its place (another device, float16), the field gets the new handle.
 */
export class FieldParameter extends Parameter {
  readonly #places = new Map<object, Map<unknown, (t: Tensor) => void>>();

  constructor(t: Tensor) {
    super(t.shape, () => new Float32Array(t.size));
    this.put(keep(t));
  }

  /** It stands there: `set` puts another handle in its place. */
  standsIn(owner: object, key: unknown, set: (t: Tensor) => void): this {
    const keys = this.#places.get(owner) ?? new Map<unknown, (t: Tensor) => void>();
    this.#places.set(owner, keys.set(key, set));
    return this;
  }

  protected override put(t: Tensor): void {
    super.put(t);
    fieldParameters.set(t, this);
    for (const keys of this.#places?.values() ?? []) for (const set of keys.values()) set(t);
  }

  /** It was made with its numbers, and keeps them. Throws DeviceError where it lives on another device. */
  override init(device: Device): void {
    if (this.value.device !== device)
      throw new DeviceError(
        `init: a tensor ${show(this.shape)} in a field lives on another device; make it a Parameter, which init fills`,
      );
  }
}

const fieldParameters = new WeakMap<Tensor, FieldParameter>();

/** The parameter that a tensor in a field is; undefined for one without requireGrad(). One tensor in two fields is one. @internal */
export const fieldParameter = (t: Tensor): FieldParameter | undefined =>
  fieldParameters.get(t) ?? (t.requiresGrad && !t.node && !t.disposed ? new FieldParameter(t) : undefined);

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
