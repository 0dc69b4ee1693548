import { FiducialError } from "../errors.ts";
import { type OpRecord, observeOps, type Tensor, tidy } from "../tensor/index.ts";
import { collect } from "../tensor/scope.ts";
import type { Module } from "./module.ts";

/** One run of a module's forward, as observers see it. */
export interface Call {
  readonly module: Module;
  /** The call it was made in; undefined for the outermost. */
  readonly parent: Call | undefined;
  /** The class of the outermost module, then the fields that lead to this one: "UNet.body.decoder.0.3". */
  readonly path: string;
  /** Tensors among its arguments, those in arrays and plain objects too. */
  readonly inputs: readonly Tensor[];
  /** The convolution whose kernel does this layer's work too: no op of its own is told. */
  readonly fusedWith: Call | undefined;
}

/** What is told of calls; those made in a call are told between its `enter` and its `leave`. */
export interface CallObserver {
  enter?(call: Call): void;
  /** An op, with the innermost call it runs in; undefined outside any. */
  op?(record: OpRecord, call: Call | undefined): void;
  /** The forward is done; one that throws is not told. */
  leave?(call: Call, outputs: readonly Tensor[]): void;
}

const observers = new Set<CallObserver>();
let innermost: Call | undefined;

/** Tells `observer` of every call of a module until the returned function is called: summary, export, profile by layer. */
export function observeCalls(observer: CallObserver): () => void {
  observers.add(observer);
  const stop = observer.op && observeOps((record) => observer.op?.(record, innermost));
  return () => {
    observers.delete(observer);
    stop?.();
  };
}

const tensorsIn = (value: unknown): Tensor[] => {
  const found = new Set<Tensor>();
  collect(value, found);
  return [...found];
};

class ModuleCall implements Call {
  readonly module: Module;
  readonly parent: Call | undefined;
  readonly fusedWith: Call | undefined;
  readonly #inputs: unknown;

  constructor(module: Module, inputs: unknown, parent: Call | undefined, fusedWith: Call | undefined) {
    this.module = module;
    this.parent = parent;
    this.fusedWith = fusedWith;
    this.#inputs = inputs;
  }

  get inputs(): readonly Tensor[] {
    return tensorsIn(this.#inputs);
  }

  // Found on demand: a walk on each call would cost more than the call.
  get path(): string {
    const { module, parent } = this;
    if (!parent) return module.constructor.name;
    const place = parent.module.placeOf(module);
    return place === undefined ? `${parent.path} > ${module.constructor.name}` : `${parent.path}.${place}`;
  }
}

/** @internal That a parameter is empty, by its place in the outermost module that runs. */
export function emptySlot(slot: object): string {
  let outermost = innermost;
  while (outermost?.parent) outermost = outermost.parent;
  const cure = "is empty; call init() or load() first";
  if (!outermost) return `a parameter ${cure}`;
  const root = outermost.path;
  for (const [name, s] of outermost.module.namedState()) if (s === slot) return `${root}.${name} ${cure}`;
  return `a parameter of ${innermost!.path} ${cure}. It is not among the state of ${root}: private # fields, Sets and other objects are not walked; put it in a plain field, an array, an object or a Map`;
}

/** @internal Opens a call; `end` closes it, or `abandon` where something was thrown. */
export function begin(module: Module, inputs: unknown, fusedWith?: Call): Call {
  const call = new ModuleCall(module, inputs, innermost, fusedWith);
  for (const o of observers) o.enter?.(call);
  innermost = call;
  return call;
}

/** @internal */
export function end(call: Call, result: unknown): void {
  innermost = call.parent;
  if (observers.size === 0) return;
  const outputs = tensorsIn(result);
  for (const o of observers) o.leave?.(call, outputs);
}

/** @internal What was thrown in a call, with the module's path where it is one of the library's errors. */
export function abandon(call: Call, error: unknown): unknown {
  innermost = call.parent;
  return error instanceof FiducialError ? error.blame(call.path) : error;
}

/** @internal Whether anybody wants to know of calls that do no work of their own. */
export const isObserved = (): boolean => observers.size > 0;

/** @internal Runs `forward` as a call of `module`: scoped, told, and to be blamed for errors. `inputs` are for observers. */
export function runCall<R>(module: Module, inputs: unknown, forward: (call: Call) => R): R {
  const call = begin(module, inputs);
  try {
    const result = tidy(() => forward(call));
    end(call, result);
    if (!call.parent) for (const t of tensorsIn(result)) t.claim();
    return result;
  } catch (error) {
    throw abandon(call, error);
  }
}
