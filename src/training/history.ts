import { writeCsv } from "../io/index.ts";
import type { StateDict } from "../nn/index.ts";

/** The results of one epoch; also a row of metrics.csv. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Steps done at its end. */
  readonly step: number;
  /** Factor of the schedule times the base learning rate, at its last step. */
  readonly lr: number;
  /** Means over the epoch of what the step function returned; `loss` among them. Steps that were not finite are left out. */
  readonly train: Readonly<Record<string, number>>;
  /** What the validation gave; empty without one. */
  readonly validation: Readonly<Record<string, number>>;
  /** Whether the watched metric is the best so far. */
  readonly improved: boolean;
}

/** Everything measured in a run: a number a step for each name, and the epochs. */
export class History {
  /** For each name a number a step, NaN where the step gave none. */
  readonly series = new Map<string, number[]>();
  epochs: EpochRecord[] = [];

  push(step: number, name: string, value: number): void {
    const list = this.series.get(name) ?? [];
    this.series.set(name, list);
    while (list.length < step) list.push(Number.NaN);
    list[step] = value;
  }

  /** Mean of the finite numbers of steps [from, to). */
  mean(name: string, from: number, to: number): number {
    const finite = (this.series.get(name) ?? []).slice(from, to).filter(Number.isFinite);
    return finite.length === 0 ? Number.NaN : finite.reduce((a, b) => a + b, 0) / finite.length;
  }

  means(from: number, to: number): Record<string, number> {
    return Object.fromEntries([...this.series.keys()].map((n) => [n, this.mean(n, from, to)]));
  }

  /** The numbers of each step, for a checkpoint. */
  state(steps: number): StateDict {
    return new Map(
      [...this.series].map(([name, list]) => [
        name,
        { dtype: "F32", shape: [Math.min(steps, list.length)], data: Float32Array.from(list.slice(0, steps)) },
      ]),
    );
  }

  load(series: ReadonlyMap<string, ArrayLike<number>>, epochs: readonly EpochRecord[]): void {
    this.series.clear();
    for (const [name, list] of series) this.series.set(name, Array.from(list));
    this.epochs = [...epochs];
  }

  /** metrics.csv: a row an epoch, without times, so that equal runs give equal files. */
  csv(): string {
    const names = (of: "train" | "validation"): string[] => [
      ...new Set(this.epochs.flatMap((e) => Object.keys(e[of]))),
    ];
    const train = names("train");
    const validation = names("validation");
    return writeCsv(
      [
        "epoch",
        "step",
        "lr",
        ...train.map((n) => `train_${n}`),
        ...validation.map((n) => `validation_${n}`),
        "improved",
      ],
      this.epochs.map((e) => [
        e.epoch,
        e.step,
        e.lr,
        ...train.map((n) => e.train[n]),
        ...validation.map((n) => e.validation[n]),
        e.improved,
      ]),
    );
  }
}
