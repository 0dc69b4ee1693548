import { GradError } from "../errors.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Lives of tensors end by scope. The stack is synchronous on purpose: a scope that crosses an `await` would catch the
 * tensors of another request.
 */
const stack: Set<Tensor>[] = [];

/** @internal A new tensor belongs to the innermost scope, if there is one. */
export const enrol = (t: Tensor): void => {
  stack.at(-1)?.add(t);
};
/** @internal A disposed or kept tensor leaves the innermost scope that holds it. */
export const withdraw = (t: Tensor): void => {
  for (let i = stack.length - 1; i >= 0; i--) if (stack[i].delete(t)) return;
};

/** @internal Whether the innermost scope will dispose this tensor: it was made there, or returned to it, and not kept. */
export const isOwned = (t: Tensor): boolean => stack.at(-1)?.has(t) ?? false;

/** Takes a tensor out of the current scopes: it lives until `dispose()`. */
export const keep = <T extends Tensor>(t: T): T => {
  withdraw(t);
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

const leave = (mine: Set<Tensor>, keptValue: unknown): void => {
  const at = stack.lastIndexOf(mine);
  if (at >= 0) stack.splice(at, 1);
  const kept = new Set<Tensor>();
  collect(keptValue, kept);
  for (const t of mine) {
    if (kept.has(t)) enrol(t);
    else t.dispose();
  }
};

/**
 * Runs `fn` and disposes every tensor made in it, except those it returns (alone, in arrays, or in plain objects).
 * Throws GradError for a function that returns a promise.
 */
export function tidy<T>(fn: () => T): T {
  const mine = new Set<Tensor>();
  stack.push(mine);
  let result: T | undefined;
  try {
    result = fn();
    if (typeof (result as { then?: unknown } | undefined)?.then === "function")
      throw new GradError(
        "tidy: the function returned a promise; await outside, or use `using s = scope()` between awaits",
      );
    return result;
  } finally {
    leave(mine, result);
  }
}

/** `using s = scope()`: tensors made until the end of the block are disposed there, except those given to `s.keep`. */
export function scope(): Disposable & { keep<T extends Tensor>(t: T): T } {
  const mine = new Set<Tensor>();
  stack.push(mine);
  return {
    keep(t) {
      mine.delete(t);
      return t;
    },
    [Symbol.dispose]() {
      leave(mine, undefined);
    },
  };
}

let gradEnabled = true;
export const isGradEnabled = (): boolean => gradEnabled;

/** Runs `fn` without recording for backward: activations go as soon as their last reader has run. */
export function noGrad<T>(fn: () => T): T {
  const before = gradEnabled;
  gradEnabled = false;
  try {
    return fn();
  } finally {
    gradEnabled = before;
  }
}
