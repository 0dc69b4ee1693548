import { ConfigError } from "../errors.ts";

/** Which parameters: a name's beginning ("encoder" means encoder.*), a pattern, or a test. */
export type Select = string | readonly string[] | RegExp | ((name: string) => boolean);

export const selects = (select: Select | undefined, name: string): boolean => {
  if (select === undefined) return true;
  if (typeof select === "function") return select(name);
  if (select instanceof RegExp) return select.test(name);
  return (typeof select === "string" ? [select] : select).some((s) => name === s || name.startsWith(`${s}.`));
};

interface Common {
  readonly lr: number;
  readonly weightDecay?: number;
  /** Decay is taken from the weights (lr * weightDecay of them) instead of added to the gradient. Default: only for AdamW. */
  readonly decoupled?: boolean;
}
export interface SgdGroup extends Common {
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  /**
   * "torch": v = momentum v + g, and lr times it is taken from the weights. "lasagne": the velocity holds the rate, v =
   * momentum v - lr g; the same where lr stays as it is, and another path where it changes. Default "torch".
   */
  readonly form?: "torch" | "lasagne";
}
export interface AdamGroup extends Common {
  readonly betas?: readonly [number, number];
  readonly eps?: number;
}
export interface AdagradGroup extends Common {
  /** The rate of step t is lr / (1 + (t - 1) lrDecay). Default 0. */
  readonly lrDecay?: number;
  readonly eps?: number;
  /** What the sums of squares begin with. Default 0. */
  readonly initialSum?: number;
}
export interface RmspropGroup extends Common {
  /** Share of the old mean of squares that stays. Default 0.99. */
  readonly alpha?: number;
  readonly eps?: number;
  readonly momentum?: number;
  /** Divides by the deviation of the gradient instead of its root mean square. */
  readonly centered?: boolean;
}

/** A parameter group: what differs for the parameters it selects. The first group that selects a parameter counts. */
type Groups<G> = readonly ({ readonly select: Select } & Partial<G>)[];

interface Shared<G> {
  /** Only these parameters; by default all. */
  readonly parameters?: Select;
  readonly groups?: Groups<G>;
  /** Gradients are scaled down together so that their norm is at most this. */
  readonly clip?: number;
}
export type SgdOptions = SgdGroup & Shared<SgdGroup>;
export type AdamOptions = AdamGroup & Shared<AdamGroup>;
export type AdagradOptions = AdagradGroup & Shared<AdagradGroup>;
export type RmspropOptions = RmspropGroup & Shared<RmspropGroup>;

/** What kind of optimizer, before it is bound to parameters: plain data, fit for a configuration file. */
export type OptimizerSpec =
  | { readonly rule: "sgd"; readonly options: SgdOptions }
  | { readonly rule: "adam" | "adamw"; readonly options: AdamOptions }
  | { readonly rule: "adagrad"; readonly options: AdagradOptions }
  | { readonly rule: "rmsprop"; readonly options: RmspropOptions };

/** Whether it is one optimizer, rather than several by name. @internal */
export const isSpec = (o: OptimizerSpec | Readonly<Record<string, OptimizerSpec>>): o is OptimizerSpec =>
  "rule" in o && "options" in o;

export interface Resolved {
  readonly lr: number;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly decoupled: boolean;
  readonly form: "torch" | "lasagne";
  readonly lrDecay: number;
  readonly initialSum: number;
  readonly alpha: number;
  readonly centered: boolean;
}

/** The options that hold for one parameter. */
export function resolve(spec: OptimizerSpec, name: string): Resolved {
  const { parameters: _p, groups, clip: _c, ...base } = spec.options;
  const { select: _s, ...own } = groups?.find((g) => selects(g.select, name)) ?? { select: "" };
  const defaults = {
    weightDecay: spec.rule === "adamw" ? 0.01 : 0,
    momentum: 0,
    dampening: 0,
    nesterov: false,
    betas: [0.9, 0.999] as const,
    eps: spec.rule === "adagrad" ? 1e-10 : 1e-8,
    decoupled: spec.rule === "adamw",
    form: "torch" as const,
    lrDecay: 0,
    initialSum: 0,
    alpha: 0.99,
    centered: false,
  };
  return { ...defaults, ...base, ...own };
}

const check = (
  rule: string,
  field: string,
  value: number | undefined,
  fits: (v: number) => boolean,
  wanted: string,
): void => {
  if (value !== undefined && !fits(value))
    throw new ConfigError(`optimizer.${field}`, `${rule}: ${field} is ${value}; it must be ${wanted}`);
};
const positive = (v: number): boolean => v > 0 && Number.isFinite(v);
const notNegative = (v: number): boolean => v >= 0 && Number.isFinite(v);
const share = (v: number): boolean => v >= 0 && v < 1;

const checkCommon = (rule: string, o: Partial<Common> & { clip?: number }): void => {
  check(rule, "lr", o.lr, notNegative, "a finite number of 0 or more");
  check(rule, "weightDecay", o.weightDecay, notNegative, "a finite number of 0 or more");
  check(rule, "clip", o.clip, positive, "a finite number above 0");
};

/** Plain gradient descent: p - lr g. Throws ConfigError. */
export const gradientDescent = (options: Common & Shared<Common>): OptimizerSpec => sgd(options);

/** SGD as in PyTorch; with `momentum` and `nesterov`, also in Lasagne's form. Throws ConfigError. */
export function sgd(options: SgdOptions): OptimizerSpec {
  for (const o of [options, ...(options.groups ?? [])]) {
    checkCommon("sgd", o);
    check("sgd", "momentum", o.momentum, share, "at least 0 and below 1");
    check("sgd", "dampening", o.dampening, (v) => v >= 0 && v <= 1, "from 0 to 1");
    if (o.form !== undefined && o.form !== "torch" && o.form !== "lasagne")
      throw new ConfigError("optimizer.form", `sgd: form is ${o.form}; it must be torch or lasagne`);
  }
  const spec: OptimizerSpec = { rule: "sgd", options };
  for (const o of [options, ...(options.groups ?? []).map((g) => ({ ...options, ...g }))])
    if (o.nesterov && (!o.momentum || o.dampening))
      throw new ConfigError("optimizer.nesterov", "sgd: Nesterov momentum needs momentum above 0 and no dampening");
    else if (o.form === "lasagne" && o.dampening)
      throw new ConfigError("optimizer.dampening", "sgd: Lasagne's form has no dampening; leave it out");
  return spec;
}

const adamLike = (rule: "adam" | "adamw", options: AdamOptions): OptimizerSpec => {
  for (const o of [options, ...(options.groups ?? [])]) {
    checkCommon(rule, o);
    for (const b of o.betas ?? []) check(rule, "betas", b, share, "at least 0 and below 1");
    check(rule, "eps", o.eps, positive, "a finite number above 0");
  }
  return { rule, options };
};

/** Adam as in PyTorch; `weightDecay` goes into the gradient. Throws ConfigError. */
export const adam = (options: AdamOptions): OptimizerSpec => adamLike("adam", options);
/** AdamW as in PyTorch: decay straight on the weights, 0.01 by default. Throws ConfigError. */
export const adamw = (options: AdamOptions): OptimizerSpec => adamLike("adamw", options);

/** AdaGrad as in PyTorch; lr is commonly 0.01. Throws ConfigError. */
export function adagrad(options: AdagradOptions): OptimizerSpec {
  for (const o of [options, ...(options.groups ?? [])]) {
    checkCommon("adagrad", o);
    check("adagrad", "lrDecay", o.lrDecay, notNegative, "a finite number of 0 or more");
    check("adagrad", "initialSum", o.initialSum, notNegative, "a finite number of 0 or more");
    check("adagrad", "eps", o.eps, positive, "a finite number above 0");
  }
  return { rule: "adagrad", options };
}

/** RMSProp as in PyTorch; lr is commonly 0.01. Throws ConfigError. */
export function rmsprop(options: RmspropOptions): OptimizerSpec {
  for (const o of [options, ...(options.groups ?? [])]) {
    checkCommon("rmsprop", o);
    check("rmsprop", "alpha", o.alpha, share, "at least 0 and below 1");
    check("rmsprop", "momentum", o.momentum, share, "at least 0 and below 1");
    check("rmsprop", "eps", o.eps, positive, "a finite number above 0");
  }
  return { rule: "rmsprop", options };
}
