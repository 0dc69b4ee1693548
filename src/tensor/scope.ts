import { DeviceError, GradError } from "../errors.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Lives of tensors end by scope. A set stands on the stack for one synchronous stretch alone: across an `await` it would catch
 * the tensors of another request.
 */
const stack: Set<Tensor>[] = [];

/** @internal A new tensor belongs to the innermost scope, if there is one. */
export const enrol = (t: Tensor): void => {
  t.scope = stack.at(-1);
  t.scope?.add(t);
};
/** @internal A disposed or kept tensor leaves the scope that holds it. */
export const withdraw = (t: Tensor): void => {
  t.scope?.delete(t);
  t.scope = undefined;
};

/** @internal Whether the innermost scope will dispose this tensor: it was made there, or returned to it, and not kept. */
export const isOwned = (t: Tensor): boolean => t.scope !== undefined && t.scope === stack.at(-1);

/** Takes a tensor out of the current scopes, and away from backward passes: it lives until `dispose()`. */
export const keep = <T extends Tensor>(t: T): T => {
  withdraw(t);
  t.claim();
  return t;
};

const isTensor = (v: unknown): v is Tensor => typeof v === "object" && v !== null && "isFiducialTensor" in v;

/** @internal The tensors in a value: itself, in arrays, and in plain objects, at any depth. */
export const collect = (value: unknown, into: Set<Tensor>): void => {
  if (isTensor(value)) into.add(value);
  else if (Array.isArray(value)) for (const v of value) collect(v, into);
  else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    for (const v of Object.values(value)) collect(v, into);
};

/** Throws GradError for a promise: what runs after its first await would run outside. */
function refusePromise(who: string, result: unknown, cure: string): void {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== "function") return;
  Promise.resolve(result).catch(() => {}); // it runs on, and what becomes of it is nobody's concern
  throw new GradError(`${who}: the function returned a promise; ${cure}`);
}

/** Runs `fn` while `mine` takes the tensors that are made. */
function within<T>(mine: Set<Tensor>, fn: () => T): T {
  stack.push(mine);
  try {
    return fn();
  } finally {
    stack.pop();
  }
}

/**
 * Runs `fn` and disposes every tensor made in it, except those it returns (alone, in arrays, or in plain objects).
 * Throws GradError for a function that returns a promise.
 */
export function tidy<T>(fn: () => T): T {
  const mine = new Set<Tensor>();
  const kept = new Set<Tensor>();
  try {
    const result = within(mine, fn);
    refusePromise("tidy", result, "await outside, or give what is made between awaits to a scope()");
    collect(result, kept);
    return result;
  } finally {
    for (const t of mine)
      if (kept.has(t)) enrol(t);
      else t.leave();
  }
}

/** Tensors that live as long as this object: see `scope`. */
export interface Scope extends Disposable {
  /** Runs `fn`: the tensors made in it are this scope's, those it returns too. Throws GradError where it returns a promise. */
  run<T>(fn: () => T): T;
  /** Makes a tensor that was made elsewhere this scope's. */
  add<T extends Tensor>(t: T): T;
  /** Takes a tensor out of it: it lives until `dispose()`. */
  keep<T extends Tensor>(t: T): T;
}

/**
 * A life for tensors that are used across awaits, for which `tidy` is too short: `using s = scope()`, then
 * `s.run(() => ...)` for each stretch without an await. What was made in `run` is disposed with the scope. Ops outside of `run`,
 * such as those of another request during an await, have nothing to do with it.
 */
export function scope(): Scope {
  const mine = new Set<Tensor>();
  let ended = false;
  const expectOpen = (): void => {
    if (ended) throw new DeviceError("scope: it has ended; use it within its block, or make another with scope()");
  };
  return {
    run(fn) {
      expectOpen();
      const result = within(mine, fn);
      refusePromise("scope.run", result, "await outside, and call run for each stretch between awaits");
      return result;
    },
    add(t) {
      expectOpen();
      withdraw(t);
      t.scope = mine;
      mine.add(t);
      return t;
    },
    keep,
    [Symbol.dispose]() {
      ended = true;
      for (const t of mine) t.leave();
    },
  };
}

let gradEnabled = true;
export const isGradEnabled = (): boolean => gradEnabled;

/**
 * Runs `fn` without recording for backward: activations go as soon as their last reader has run.
 * Throws GradError for a function that returns a promise.
 */
export function noGrad<T>(fn: () => T): T {
  const before = gradEnabled;
  gradEnabled = false;
  try {
    const result = fn();
    refusePromise("noGrad", result, "gradients would be recorded again after its first await; await outside");
    return result;
  } finally {
    gradEnabled = before;
  }
}
