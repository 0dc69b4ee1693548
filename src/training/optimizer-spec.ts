import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { type Select, selects } from "../nn/index.ts";
import { parseConfig } from "./parse-config.ts";

const number = (fits: (v: number) => boolean, wanted: string) =>
  z.custom<number>((v) => typeof v === "number" && fits(v), `it must be ${wanted}`);
const positive = number((v) => v > 0 && Number.isFinite(v), "a finite number above 0");
const notNegative = number((v) => v >= 0 && Number.isFinite(v), "a finite number of 0 or more");
const share = number((v) => v >= 0 && v < 1, "at least 0 and below 1");
const select = z.custom<Select>(
  (v) =>
    typeof v === "string" ||
    typeof v === "function" ||
    v instanceof RegExp ||
    (Array.isArray(v) && v.every((name) => typeof name === "string")),
  "it must be a name's beginning, a list of them, a pattern, or a test",
);

const common = {
  lr: notNegative,
  weightDecay: notNegative.default(0),
  /** Decay is taken from the weights (lr * weightDecay of them) instead of added to the gradient. Default: only for AdamW. */
  decoupled: z.boolean().default(false),
};
const adamFields = {
  ...common,
  betas: z.tuple([share, share]).readonly().default([0.9, 0.999]),
  eps: positive.default(1e-8),
};
const fields = {
  sgd: {
    ...common,
    momentum: share.default(0),
    dampening: number((v) => v >= 0 && v <= 1, "from 0 to 1").default(0),
    nesterov: z.boolean().default(false),
    /**
     * "torch": v = momentum v + g, and lr times it is taken from the weights. "lasagne": the velocity holds the rate, v =
     * momentum v - lr g; the same where lr stays as it is, and another path where it changes. Default "torch".
     */
    form: z.enum(["torch", "lasagne"], "it must be torch or lasagne").default("torch"),
  },
  adam: adamFields,
  adamw: { ...adamFields, weightDecay: notNegative.default(0.01), decoupled: z.boolean().default(true) },
  adagrad: {
    ...common,
    /** The rate of step t is lr / (1 + (t - 1) lrDecay). Default 0. */
    lrDecay: notNegative.default(0),
    eps: positive.default(1e-10),
    /** What the sums of squares begin with. Default 0. */
    initialSum: notNegative.default(0),
  },
  rmsprop: {
    ...common,
    /** Share of the old mean of squares that stays. Default 0.99. */
    alpha: share.default(0.99),
    eps: positive.default(1e-8),
    momentum: share.default(0),
    /** Divides by the deviation of the gradient instead of its root mean square. */
    centered: z.boolean().default(false),
  },
} as const;

type Bare<F extends z.ZodRawShape> = { [K in keyof F]: z.ZodOptional<F[K] extends z.ZodDefault<infer I> ? I : F[K]> };

/** The same fields, each of which may be left out and then has no default. */
const bare = <F extends z.ZodRawShape>(own: F): Bare<F> =>
  Object.fromEntries(
    Object.entries(own).map(([name, f]) => [name, z.optional(f instanceof z.ZodDefault ? f.unwrap() : f)]),
  ) as Bare<F>;

/** Options of a rule: its own fields, which parameters they hold for, and groups of parameters that differ in some. */
const optionsOf = <F extends z.ZodRawShape>(own: F) =>
  z.strictObject({
    ...own,
    /** Only these parameters; by default all. */
    parameters: select.optional(),
    /** What differs for the parameters a group selects. The first group that selects a parameter counts. */
    groups: z
      .array(z.strictObject({ ...bare(own), select }))
      .readonly()
      .optional(),
    /** Gradients are scaled down together so that their norm is at most this. */
    clip: positive.optional(),
  });

const sgdOptions = optionsOf(fields.sgd).superRefine((options, context) => {
  const issue = (field: string, message: string): void => context.addIssue({ code: "custom", path: [field], message });
  for (const o of [options, ...(options.groups ?? []).map((g) => ({ ...options, ...g }))])
    if (o.nesterov && (!o.momentum || o.dampening))
      issue("nesterov", "Nesterov momentum needs momentum above 0 and no dampening");
    else if (o.form === "lasagne" && o.dampening) issue("dampening", "Lasagne's form has no dampening; leave it out");
});
const schemas = {
  sgd: sgdOptions,
  adam: optionsOf(fields.adam),
  adamw: optionsOf(fields.adamw),
  adagrad: optionsOf(fields.adagrad),
  rmsprop: optionsOf(fields.rmsprop),
} as const;

export type SgdOptions = z.input<typeof schemas.sgd>;
export type AdamOptions = z.input<typeof schemas.adam>;
export type AdagradOptions = z.input<typeof schemas.adagrad>;
export type RmspropOptions = z.input<typeof schemas.rmsprop>;

/** What kind of optimizer, before it is bound to parameters: plain data, fit for a configuration file. */
export const optimizerSpec = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("sgd"), options: schemas.sgd }),
  z.strictObject({ rule: z.literal("adam"), options: schemas.adam }),
  z.strictObject({ rule: z.literal("adamw"), options: schemas.adamw }),
  z.strictObject({ rule: z.literal("adagrad"), options: schemas.adagrad }),
  z.strictObject({ rule: z.literal("rmsprop"), options: schemas.rmsprop }),
]);
export type OptimizerSpec = z.input<typeof optimizerSpec>;

/** Whether it is one optimizer, rather than several by name. @internal */
export const isSpec = (o: OptimizerSpec | Readonly<Record<string, OptimizerSpec>>): o is OptimizerSpec =>
  "rule" in o && "options" in o;

type FieldsOf<R extends keyof typeof fields> = Readonly<{
  [K in keyof (typeof fields)[R]]: z.output<(typeof fields)[R][K]>;
}>;
export type Resolved = FieldsOf<"sgd"> & FieldsOf<"adam"> & FieldsOf<"adagrad"> & FieldsOf<"rmsprop">;

/** Fields of other rules, which a rule never reads. */
const ofOthers: Omit<Resolved, keyof typeof common> = {
  ...{ momentum: 0, dampening: 0, nesterov: false, form: "torch" },
  ...{ betas: [0, 0], eps: 0, lrDecay: 0, initialSum: 0, alpha: 0, centered: false },
};

/** The options that hold for one parameter. Throws ConfigError. */
export function resolve(spec: OptimizerSpec, name: string): Resolved {
  const options = parseConfig(spec.rule, schemas[spec.rule], spec.options);
  const { parameters: _p, groups: _g, clip: _c, ...base } = options;
  const { select: _s, ...own } = spec.options.groups?.find((g) => selects(g.select, name)) ?? { select: "" };
  return { ...ofOthers, ...base, ...own };
}

/**
 * Throws ConfigError for a group without parameters, which is most likely misspelt and would be left out silently. Patterns and
 * tests are rules that fit many models, so that they are asked only where `names` are `all` of a model. @internal
 */
export function checkGroups(spec: OptimizerSpec, names: readonly string[], all = false): void {
  for (const { select } of spec.options.groups ?? []) {
    const asked =
      typeof select === "string" ? [select] : Array.isArray(select) ? (select as readonly string[]) : undefined;
    if (names.some((n) => selects(select, n)) || !(asked || all)) continue;
    const shown = typeof select === "function" ? "by a test" : asked ? JSON.stringify(select) : `${select}`;
    const beginnings = new Set(
      names.flatMap((n) => n.split(".").map((_, i, parts) => parts.slice(0, i + 1).join("."))),
    );
    const near = (asked ?? []).flatMap((s) => nearest(s, [...beginnings]));
    const cure = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${names.slice(0, 8).join(", ")}`;
    throw new ConfigError(
      `${spec.rule}.groups`,
      `${spec.rule}: the group that selects ${shown} has no parameter; ${cure}`,
    );
  }
}

const checked = <S extends OptimizerSpec>(spec: S): S => {
  parseConfig(spec.rule, schemas[spec.rule], spec.options);
  return spec;
};

/** Plain gradient descent: p - lr g. Throws ConfigError. */
export const gradientDescent = (
  options: Pick<SgdOptions, "lr" | "weightDecay" | "decoupled" | "parameters" | "groups" | "clip">,
): OptimizerSpec => sgd(options);
/** SGD as in PyTorch; with `momentum` and `nesterov`, also in Lasagne's form. Throws ConfigError. */
export const sgd = (options: SgdOptions): OptimizerSpec => checked({ rule: "sgd", options });
/** Adam as in PyTorch; `weightDecay` goes into the gradient. Throws ConfigError. */
export const adam = (options: AdamOptions): OptimizerSpec => checked({ rule: "adam", options });
/** AdamW as in PyTorch: decay straight on the weights, 0.01 by default. Throws ConfigError. */
export const adamw = (options: AdamOptions): OptimizerSpec => checked({ rule: "adamw", options });
/** AdaGrad as in PyTorch; lr is commonly 0.01. Throws ConfigError. */
export const adagrad = (options: AdagradOptions): OptimizerSpec => checked({ rule: "adagrad", options });
/** RMSProp as in PyTorch; lr is commonly 0.01. Throws ConfigError. */
export const rmsprop = (options: RmspropOptions): OptimizerSpec => checked({ rule: "rmsprop", options });
