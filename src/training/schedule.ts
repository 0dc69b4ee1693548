import { ConfigError } from "../errors.ts";

/** Where a run stands when a learning rate is asked for. */
export interface Place {
  /** Steps done so far, from 0. */
  readonly step: number;
  readonly totalSteps: number;
  /** Epochs done so far. */
  readonly epoch: number;
}

/** A factor on every learning rate. Pure in the place, but for a plateau's memory, which checkpoints hold. */
export interface Schedule {
  factor(at: Place): number;
  /** Told the watched metric after each validation. */
  observe?(metric: number): void;
  state?(): Readonly<Record<string, number>>;
  restore?(state: Readonly<Record<string, number>>): void;
}

/** What kind of schedule: plain data, fit for a configuration file. */
export type ScheduleSpec =
  | { readonly kind: "constant" }
  | ({ readonly kind: "step" } & StepOptions)
  | ({ readonly kind: "cosine" } & CosineOptions)
  | ({ readonly kind: "one-cycle" } & OneCycleOptions)
  | ({ readonly kind: "plateau" } & PlateauOptions);

export interface StepOptions {
  /** Epochs between drops. */
  readonly every: number;
  readonly gamma?: number;
}
export interface CosineOptions {
  /** Factor at the end. Default 0. */
  readonly end?: number;
  /** Share of the steps that rise linearly from 0 first. Default 0. */
  readonly warmup?: number;
}
export interface OneCycleOptions {
  /** Share of the steps that rise. Default 0.3. */
  readonly warmup?: number;
  /** The start is 1 / divide. Default 25. */
  readonly divide?: number;
  /** The end is the start divided by this. Default 10000. */
  readonly finalDivide?: number;
}
export interface PlateauOptions {
  /** What each drop multiplies by. Default 0.1. */
  readonly gamma?: number;
  /** Validations without improvement that are borne. Default 10. */
  readonly patience?: number;
  /** An improvement is one by more than this share. Default 1e-4. */
  readonly threshold?: number;
  readonly least?: number;
  readonly mode?: "min" | "max";
}

const within = (kind: string, field: string, value: number | undefined, low: number, high: number): void => {
  if (value !== undefined && !(value >= low && value <= high))
    throw new ConfigError(`schedule.${field}`, `${kind}: ${field} is ${value}; it must be from ${low} to ${high}`);
};

/** No change. */
export const constantRate = (): ScheduleSpec => ({ kind: "constant" });
/** Times `gamma` (0.1) each `every` epochs. */
export const stepRate = (options: StepOptions): ScheduleSpec => ({ kind: "step", ...options });
/** Half a cosine from 1 down to `end`, over all steps; a linear warm-up first, if asked for. */
export const cosineRate = (options: CosineOptions = {}): ScheduleSpec => ({ kind: "cosine", ...options });
/** PyTorch's OneCycleLR with cosine annealing, without its change of momentum. */
export const oneCycle = (options: OneCycleOptions = {}): ScheduleSpec => ({ kind: "one-cycle", ...options });
/** PyTorch's ReduceLROnPlateau with a relative threshold. */
export const plateau = (options: PlateauOptions = {}): ScheduleSpec => ({ kind: "plateau", ...options });

const anneal = (from: number, to: number, share: number): number =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));

function cosineOf({ end = 0, warmup = 0 }: CosineOptions): Schedule {
  within("cosine", "end", end, 0, 1);
  within("cosine", "warmup", warmup, 0, 0.9);
  return {
    factor({ step, totalSteps }) {
      const rising = Math.round(warmup * totalSteps);
      if (step < rising) return (step + 1) / rising;
      return anneal(1, end, (step - rising) / Math.max(1, totalSteps - rising));
    },
  };
}

function oneCycleOf({ warmup = 0.3, divide = 25, finalDivide = 1e4 }: OneCycleOptions): Schedule {
  within("one-cycle", "warmup", warmup, 0, 1);
  within("one-cycle", "divide", divide, 1, 1e9);
  within("one-cycle", "finalDivide", finalDivide, 1, 1e12);
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

function plateauOf({
  gamma = 0.1,
  patience = 10,
  threshold = 1e-4,
  least = 0,
  mode = "min",
}: PlateauOptions): Schedule {
  within("plateau", "gamma", gamma, 0, 1);
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
export function makeSchedule(spec: ScheduleSpec): Schedule {
  switch (spec.kind) {
    case "constant":
      return { factor: () => 1 };
    case "step": {
      const { every, gamma = 0.1 } = spec;
      within("step", "every", every, 1, 1e9);
      within("step", "gamma", gamma, 0, 1);
      return { factor: ({ epoch }) => gamma ** Math.floor(epoch / every) };
    }
    case "cosine":
      return cosineOf(spec);
    case "one-cycle":
      return oneCycleOf(spec);
    case "plateau":
      return plateauOf(spec);
  }
}
