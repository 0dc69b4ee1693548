import { z } from "zod";
import { parseConfig } from "./parse-config.ts";

/** Where a run stands when a learning rate is asked for. */
export interface SchedulePlace {
  /** Steps done so far, from 0. */
  readonly step: number;
  readonly totalSteps: number;
  /** Epochs done so far. */
  readonly epoch: number;
}

/** A factor on every learning rate. Pure in the place, but for a plateau's memory, which checkpoints hold. */
export interface Schedule {
  factor(at: SchedulePlace): number;
  /** Told the watched metric after each validation. */
  observe?(metric: number): void;
  state?(): Readonly<Record<string, number>>;
  restore?(state: Readonly<Record<string, number>>): void;
}

const within = (low: number, high: number) =>
  z.custom<number>((v) => typeof v === "number" && v >= low && v <= high, `it must be from ${low} to ${high}`);

/** What kind of schedule: plain data, fit for a configuration file. */
export const scheduleSpec = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant") }),
  z.strictObject({
    kind: z.literal("step"),
    /** Epochs between drops. */
    every: within(1, 1e9),
    gamma: within(0, 1).default(0.1),
  }),
  z.strictObject({
    kind: z.literal("cosine"),
    /** Factor at the end. Default 0. */
    end: within(0, 1).default(0),
    /** Share of the steps that rise linearly from 0 first. Default 0. */
    warmup: within(0, 0.9).default(0),
  }),
  z.strictObject({
    kind: z.literal("one-cycle"),
    /** Share of the steps that rise. Default 0.3. */
    warmup: within(0, 1).default(0.3),
    /** The start is 1 / divide. Default 25. */
    divide: within(1, 1e9).default(25),
    /** The end is the start divided by this. Default 10000. */
    finalDivide: within(1, 1e12).default(1e4),
  }),
  z.strictObject({
    kind: z.literal("plateau"),
    /** What each drop multiplies by. Default 0.1. */
    gamma: within(0, 1).default(0.1),
    /** Validations without improvement that are borne. Default 10. */
    patience: z.number().default(10),
    /** An improvement is one by more than this share. Default 1e-4. */
    threshold: z.number().default(1e-4),
    least: z.number().default(0),
    mode: z.enum(["min", "max"]).default("min"),
  }),
]);
export type ScheduleSpec = z.input<typeof scheduleSpec>;
type Of<S extends { kind: string }, K extends S["kind"]> = Omit<Extract<S, { kind: K }>, "kind">;
type Options<K extends ScheduleSpec["kind"]> = Readonly<Of<ScheduleSpec, K>>;
type Filled<K extends ScheduleSpec["kind"]> = Of<z.output<typeof scheduleSpec>, K>;

/** A description of a schedule, looked at when it is made. */
function described<K extends ScheduleSpec["kind"]>(kind: K, options: Options<K> | undefined): ScheduleSpec {
  const spec = { kind, ...options } as unknown as ScheduleSpec;
  parseConfig(kind, scheduleSpec, spec);
  return spec;
}

/** No change. */
export const constantRate = (): ScheduleSpec => ({ kind: "constant" });
/** Times `gamma` (0.1) each `every` epochs. Throws ConfigError, as the others. */
export const stepRate = (options: Options<"step">): ScheduleSpec => described("step", options);
/** Half a cosine from 1 down to `end`, over all steps; a linear warm-up first, if asked for. */
export const cosineRate = (options?: Options<"cosine">): ScheduleSpec => described("cosine", options);
/** PyTorch's OneCycleLR with cosine annealing, without its change of momentum. */
export const oneCycle = (options?: Options<"one-cycle">): ScheduleSpec => described("one-cycle", options);
/** PyTorch's ReduceLROnPlateau with a relative threshold. */
export const plateau = (options?: Options<"plateau">): ScheduleSpec => described("plateau", options);

const anneal = (from: number, to: number, share: number): number =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));

function cosineOf({ end, warmup }: Filled<"cosine">): Schedule {
  return {
    factor({ step, totalSteps }) {
      const rising = Math.round(warmup * totalSteps);
      if (step < rising) return (step + 1) / rising;
      return anneal(1, end, (step - rising) / Math.max(1, totalSteps - rising));
    },
  };
}

function oneCycleOf({ warmup, divide, finalDivide }: Filled<"one-cycle">): Schedule {
  const start = 1 / divide;
  return {
    factor({ step, totalSteps }) {
      const top = warmup * totalSteps - 1;
      if (step <= top) return anneal(start, 1, step / Math.max(top, 1e-9));
      return anneal(
        1,
        start / finalDivide,
        Math.min(1, (step - Math.max(top, 0)) / Math.max(1, totalSteps - 1 - Math.max(top, 0))),
      );
    },
  };
}

function plateauOf({ gamma, patience, threshold, least, mode }: Filled<"plateau">): Schedule {
  let state = { best: mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, waited: 0, factor: 1 };
  return {
    factor: () => state.factor,
    observe(metric) {
      const better =
        mode === "min"
          ? metric < state.best * (1 - Math.sign(state.best) * threshold)
          : metric > state.best * (1 + Math.sign(state.best) * threshold);
      if (Number.isFinite(state.best) ? better : Number.isFinite(metric)) state = { ...state, best: metric, waited: 0 };
      else if (++state.waited > patience)
        state = { ...state, waited: 0, factor: Math.max(least, state.factor * gamma) };
    },
    state: () => ({ ...state, best: Number.isFinite(state.best) ? state.best : Number.NaN }),
    restore(saved) {
      state = {
        best: Number.isFinite(saved.best) ? saved.best : state.best,
        waited: saved.waited,
        factor: saved.factor,
      };
    },
  };
}

/** A schedule from its description. Throws ConfigError for numbers out of range. */
export function makeSchedule(given: ScheduleSpec): Schedule {
  const spec = parseConfig(given.kind, scheduleSpec, given);
  switch (spec.kind) {
    case "constant":
      return { factor: () => 1 };
    case "step":
      return { factor: ({ epoch }) => spec.gamma ** Math.floor(epoch / spec.every) };
    case "cosine":
      return cosineOf(spec);
    case "one-cycle":
      return oneCycleOf(spec);
    case "plateau":
      return plateauOf(spec);
  }
}
