import { ConfigError } from "../errors.ts";
import type { Binding } from "./recorder.ts";

/** What the tuner needs to compare the variants of a kernel: it runs them on random numbers of these sizes. */
export interface Trial {
  /** Elements of each input, float32. */
  readonly inputs: readonly number[];
  /** Elements of the output, float32. */
  readonly output: number;
  /** Products in a sum: how far rounding may take two right answers apart. */
  readonly terms: number;
  /** Whether operands and result hold float16. */
  readonly half?: boolean;
  /** The plain variant, whose answer the others must give. */
  readonly reference: string;
  run(variant: string, inputs: readonly Binding[], output: Binding): void;
}

/** A place where a kernel chose among variants. */
export interface Site {
  /** The kernel and its class of shapes: what a choice holds for. */
  readonly name: string;
  /** The variants that give the right answer there. */
  readonly able: readonly string[];
  /** The one chosen without a table. */
  readonly byDefault: string;
  /** The one that runs. */
  readonly variant: string;
  trial(): Trial;
}

/** What was measured at one site. */
export interface TunerChoice {
  readonly variant: string;
  /** Milliseconds of each candidate, the median of some rounds. */
  readonly ms: Readonly<Record<string, number>>;
  /** Variants whose answer was wrong on this adapter: never chosen. */
  readonly wrong?: readonly string[];
}

/** The choices of one adapter, as a file holds them. */
export interface TunerTable {
  readonly format: "fiducial/tuner@1";
  readonly adapter: { readonly name: string; readonly hash: string };
  readonly choices: Readonly<Record<string, TunerChoice>>;
}

/**
 * Which variant of a kernel runs, by adapter and class of shapes. Empty, every kernel takes what is known to suit the adapter;
 * `tune` measures and fills it. Results are bit-equal only under the same table: keep it with them.
 */
export class Tuner {
  /** @internal Told of every choice, while `tune` listens. */
  observer: ((site: Site) => void) | undefined;
  readonly #adapter: TunerTable["adapter"];
  readonly #choices = new Map<string, TunerChoice>();

  constructor(adapter: TunerTable["adapter"]) {
    this.#adapter = adapter;
  }

  /** Whether a kernel need ask at all. */
  get idle(): boolean {
    return this.#choices.size === 0 && this.observer === undefined;
  }

  /** Number of choices. */
  get size(): number {
    return this.#choices.size;
  }

  get(name: string): TunerChoice | undefined {
    return this.#choices.get(name);
  }

  set(name: string, choice: TunerChoice): void {
    this.#choices.set(name, choice);
  }

  /** Takes over a table in place of what was there. Throws ConfigError for another adapter's, whose choices could be wrong or slow here. */
  load(table: TunerTable): void {
    if (table.format !== "fiducial/tuner@1" || typeof table.choices !== "object")
      throw new ConfigError("tuner", `a tuner's table has the format ${table.format}; "fiducial/tuner@1" is wanted`);
    if (table.adapter.hash !== this.#adapter.hash)
      throw new ConfigError(
        "tuner",
        `the tuner's table was made on ${table.adapter.name} (${table.adapter.hash}), not on ${this.#adapter.name} (${this.#adapter.hash}); tune again on this adapter`,
      );
    this.#choices.clear();
    for (const [name, choice] of Object.entries(table.choices)) this.#choices.set(name, choice);
  }

  toJSON(): TunerTable {
    const choices = Object.fromEntries([...this.#choices].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { format: "fiducial/tuner@1", adapter: this.#adapter, choices };
  }
}
