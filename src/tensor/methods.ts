import { type BackwardOptions, backward } from "./backward.ts";
import * as elementwise from "./ops/elementwise/index.ts";
import * as layout from "./ops/layout/index.ts";
import * as reduce from "./ops/reduce/index.ts";
import type { DType } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * The rule: elementwise ops, reductions and layout ops are methods as well as functions, all else are functions. So a new op of
 * these families is a method by itself: its first argument becomes the tensor before the dot.
 */
const ops = { ...elementwise, ...reduce, ...layout };

/**
 * Functions only: `concat` and `stack` take a list first; and what PyTorch writes x.where(condition, y) would run here with x for
 * the condition.
 */
const functionsOnly = ["concat", "stack", "where"] as const;

type Method<F> = F extends (x: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
type Methods<Family> = {
  readonly [K in keyof Family as K extends (typeof functionsOnly)[number] ? never : K]: Method<Family[K]>;
};

declare module "./tensor.ts" {
  interface Tensor extends Methods<typeof elementwise>, Methods<typeof reduce>, Methods<typeof layout> {
    /** The numbers in another dtype: `cast`. */
    to(dtype: DType): Tensor;
    /** Fills `grad` of every tensor marked by `requireGrad()` that this one came from. See the function `backward`. */
    backward(given?: Tensor | BackwardOptions): void;
  }
}

const method = (value: unknown): PropertyDescriptor => ({ value, writable: true, configurable: true });
const isMethod = (name: string): boolean => !(functionsOnly as readonly string[]).includes(name);

/** The names that are methods, for the check that none is missing. @internal */
export const methodNames: readonly string[] = Object.keys(ops).filter(isMethod);

for (const name of methodNames) {
  const op = ops[name as keyof typeof ops] as (x: Tensor, ...rest: unknown[]) => unknown;
  const run = function (this: Tensor, ...rest: unknown[]): unknown {
    return op(this, ...rest);
  };
  Object.defineProperty(Tensor.prototype, name, method(run));
}
Object.defineProperty(
  Tensor.prototype,
  "to",
  method(function (this: Tensor, dtype: DType) {
    return elementwise.cast(this, dtype);
  }),
);
Object.defineProperty(
  Tensor.prototype,
  "backward",
  method(function (this: Tensor, given?: Tensor | BackwardOptions) {
    backward(this, given);
  }),
);
