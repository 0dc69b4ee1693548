import type { Device } from "../device/index.ts";
import { ConfigError, DeviceError } from "../errors.ts";
import { halvesFromFloats } from "../half.ts";
import { checkOptions } from "../options.ts";
import type { Rng, Tensor } from "../tensor/index.ts";
import { bytesOf, expectHalves } from "../tensor/storage.ts";
import { floatsIn } from "../tensor/tensor.ts";
import { runCall } from "./call.ts";
import { Counter, Parameter, type Slot } from "./slots.ts";
import { counterValue, floats, type LoadOptions, loadKeys, match, type StateDict, type StateSource } from "./state.ts";
import { snake, unwalked, walk } from "./walk.ts";

const join = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);

/**
 * A network or a part of one: a plain class whose fields are its state, walked in the order they are declared:
 * parameters, buffers, counters, modules, tensors marked by `requireGrad()`, and arrays, plain objects and Maps of these by
 * index and key. Names are the fields in snake_case (a Map's keys as they are), so that PyTorch's come out; two that become one
 * throw ConfigError. Constructors declare shapes and touch no GPU; `init` or `load` fills. Fields that are not state (numbers,
 * options) are passed over, and private `#` fields never seen.
 */
export abstract class Module {
  /** Whether batch norm and dropout behave as in training. */
  training = true;

  /** What the walk meets: the fields, unless a container names its parts otherwise. */
  protected fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this);
  }

  /**
   * Runs `forward`, which a network defines and only `call` calls: the one way into a module. What forward makes is freed but
   * for its result (a tensor, or tensors in arrays and plain objects) and what a gradient needs; `keep(t)` saves a tensor from
   * that. Its inputs are the caller's and stay, also where it returns one of them. Errors name the module by the fields that
   * lead to it ("UNet.decoder.0.3: conv2d: ..."), and `observeCalls` hears of it. Works on shape-only tensors too.
   */
  call<I extends unknown[], R>(this: Module & { forward(...inputs: I): R }, ...inputs: I): R {
    return runCall(this, inputs, () => this.forward(...inputs));
  }

  /** The same for a second way into a module, beside `forward`: `run` does its work on `inputs`. */
  protected scoped<R>(inputs: unknown, run: () => R): R {
    return runCall(this, inputs, run);
  }

  /** @internal The fields that lead to a module below ("inputBlock.branches.0"); undefined for one that is not below. */
  placeOf(module: Module): string | undefined {
    for (const [place, m] of this.#below("", (field) => field)) if (m === module) return place;
    return undefined;
  }

  /** Parts of this module with their PyTorch names. Throws ConfigError where two have one. */
  *#parts(prefix: string, naming = snake): Generator<readonly [string, Slot | Counter | Module]> {
    const taken = new Map<string, string>();
    for (const [field, value] of this.fields())
      for (const [name, part] of walk(naming(field), value, { owner: this, key: field, naming })) {
        const other = taken.get(name);
        if (other !== undefined)
          throw new ConfigError(
            name,
            `${this.constructor.name}: the fields ${other} and ${field} share the name ${name} in checkpoints; rename one`,
          );
        taken.set(name, field);
        yield [join(prefix, name), part];
      }
  }

  /** Every parameter, buffer and counter below this module, by name, in order. */
  *namedState(prefix = ""): Generator<readonly [string, Slot | Counter]> {
    for (const [name, part] of this.#parts(prefix)) {
      if (part instanceof Module) yield* part.namedState(name);
      else yield [name, part];
    }
  }

  /** This module and those below it, by name ("" for itself). */
  namedModules(prefix = ""): Generator<readonly [string, Module]> {
    return this.#below(prefix, snake);
  }

  *#below(prefix: string, naming: (field: string) => string): Generator<readonly [string, Module]> {
    yield [prefix, this];
    for (const [name, part] of this.#parts(prefix, naming))
      if (part instanceof Module) yield* part.#below(name, naming);
  }

  /** Parameters by name; one that stands in two places is given once. */
  namedParameters(): Map<string, Parameter> {
    const out = new Map<string, Parameter>();
    const seen = new Set<Parameter>();
    for (const [name, slot] of this.namedState())
      if (slot instanceof Parameter && !seen.has(slot)) {
        seen.add(slot);
        out.set(name, slot);
      }
    return out;
  }

  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** Numbers that training changes. */
  parameterCount(): number {
    return this.parameters().reduce((n, p) => n + p.value.size, 0);
  }

  /**
   * Fills everything with its initializer, each parameter from a fork of `rng` by its name. Throws ConfigError, naming the field,
   * for modules and parameters in a Set or another object, which are not walked.
   */
  init(device: Device, rng: Rng): this {
    this.#expectWalked();
    const seen = new Set<Slot | Counter>();
    for (const [name, slot] of this.namedState()) {
      if (seen.has(slot)) continue;
      seen.add(slot);
      if (slot instanceof Counter) slot.value = 0;
      else slot.init(device, rng.fork(name));
    }
    return this;
  }

  #expectWalked(): void {
    const seen = new Set<unknown>();
    for (const [, m] of this.namedModules()) seen.add(m);
    for (const [, s] of this.namedState()) seen.add(s);
    for (const [name, m] of this.namedModules())
      for (const [field, value] of m.fields())
        if (unwalked(value).some((part) => !seen.has(part)))
          throw new ConfigError(
            field,
            `${this.constructor.name}.init: the field ${join(name, field)} (${(value as object).constructor.name}) holds modules or parameters where they are not walked, so that they would be neither trained nor saved; put them in an array, a plain object or a Map`,
          );
  }

  /**
   * Fills from a checkpoint, strictly: throws one CheckpointError telling everything that is missing, unexpected or of
   * another shape, with the nearest names, and changes nothing then. A tensor that stands under several names here may
   * stand under any of them in the checkpoint; under several, with equal numbers.
   */
  load(device: Device, state: StateSource, options: LoadOptions = {}): this {
    checkOptions("load", options, loadKeys);
    const slots = new Map(this.namedState());
    const names = new Map<Slot | Counter, string[]>();
    for (const [name, slot] of slots) names.set(slot, [...(names.get(slot) ?? []), name]);
    const places = new Map(
      [...slots].map(([n, s]) => [
        n,
        {
          ...(s instanceof Counter ? { shape: [], counter: true } : { shape: s.shape, counter: false }),
          names: names.get(s)!,
        },
      ]),
    );
    const found = [...match(`${this.constructor.name}.load`, places, state, options)].map(
      ([name, t]) => [name, t, floats(name, t)] as const,
    );
    const filled = new Set<Slot | Counter>();
    for (const [name, tensor, numbers] of found) {
      const slot = slots.get(name)!;
      if (filled.has(slot)) continue;
      filled.add(slot);
      if (slot instanceof Counter) slot.value = counterValue(tensor);
      else slot.set(device, numbers);
    }
    return this;
  }

  /** Tensors of the state by name (counters, which live on the host, are left out). */
  state(): Map<string, Tensor> {
    const out = new Map<string, Tensor>();
    for (const [name, slot] of this.namedState()) if (!(slot instanceof Counter)) out.set(name, slot.value);
    return out;
  }

  /** The whole state on the host, in one read-back; a float16 model's is F16. Throws DeviceError before `init` or `load`. */
  async stateDict(): Promise<StateDict> {
    const state = this.state();
    for (const [name, t] of state)
      if (t.isMeta) throw new DeviceError(`stateDict: ${name} is empty; call init() or load() first`);
    const host = await readTensors(state);
    const out: StateDict = new Map();
    for (const [name, slot] of this.namedState())
      if (slot instanceof Counter)
        out.set(name, { dtype: "I64", shape: [], data: BigInt64Array.of(BigInt(slot.value)) });
      else {
        const [shape, data] = [slot.shape, host.get(name)!];
        out.set(
          name,
          slot.dtype === "f16" ? { dtype: "F16", shape, data: halvesFromFloats(data) } : { dtype: "F32", shape, data },
        );
      }
    return out;
  }

  #convert(dtype: "f32" | "f16"): this {
    for (const [, slot] of this.namedState()) if (!(slot instanceof Counter)) slot.convert(dtype);
    return this;
  }

  /**
   * Keeps parameters and buffers as float16 from now on, what is filled later too: half the memory, for inference on inputs
   * that are `cast(x, "f16")`. Parameters have no gradient then. Throws DTypeError, and changes nothing, where the adapter
   * has no shader-f16.
   */
  half(): this {
    for (const t of this.state().values()) if (!t.isMeta) expectHalves(t.device);
    return this.#convert("f16");
  }

  /** Keeps parameters and buffers as float32, the default; what `half()` rounded stays rounded. */
  float(): this {
    return this.#convert("f32");
  }

  /** Sets training behavior here and below. */
  train(on = true): this {
    for (const [, m] of this.namedModules()) m.training = on;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /**
   * Gives every layer that draws random numbers its own stream, forked by its name. Call it anew each step with a
   * stream of that step, so that a resumed run draws the same numbers; the Trainer does.
   */
  reseed(rng: Rng): this {
    for (const [name, m] of this.namedModules()) m.onReseed(rng, name);
    return this;
  }

  /** For layers that draw random numbers. */
  protected onReseed(_rng: Rng, _name: string): void {}

  /** Frees all tensors; the module is as before `init`. */
  dispose(): void {
    for (const [, slot] of this.namedState()) if (!(slot instanceof Counter)) slot.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A module that turns one tensor into one tensor. */
export abstract class Layer extends Module {
  /** Written by a layer, run through `call`. It frees nothing by hand. */
  abstract forward(x: Tensor): Tensor;
}

/** Reads float tensors back in one wait, as float32. */
export async function readTensors(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, Float32Array>> {
  const list = [...tensors];
  if (list.length === 0) return new Map();
  const bytes = await list[0][1].device.readAll(
    list.map(([name, t]) => ({ ...t.binding(name), bytes: t.size * bytesOf(t.dtype) })),
  );
  return new Map(list.map(([name, t], i) => [name, floatsIn(t.dtype, bytes[i])]));
}
