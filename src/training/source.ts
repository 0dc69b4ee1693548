import { ConfigError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Rng } from "../tensor/index.ts";

/** Which batch: all that decides it besides the source itself. */
export interface BatchPlace {
  /** Batches before it in the whole run: steps, where a step takes one batch. */
  readonly step: number;
  readonly epoch: number;
  /** Its place in the epoch, from 0. */
  readonly index: number;
}

/**
 * Where batches come from. A batch is any host data, decided by its place and `rng` alone (a stream that belongs to this
 * place), never by which batches were asked for before: so a resume jumps to any step, and the number of worker threads
 * behind a source changes nothing. Batches are asked for a little ahead, in order.
 */
export interface BatchSource<B> {
  /** Batches in an epoch. */
  readonly length: number;
  batch(at: BatchPlace, rng: Rng): B | Promise<B>;
}

export interface ItemOptions<B> {
  /** Number of items. */
  readonly count: number;
  readonly batchSize: number;
  /** The stream of the epochs' orders; left out: the items in their own order. */
  readonly shuffle?: Rng;
  /** Leave out the last batch of an epoch where it is not full. Default true with `shuffle`, else false. */
  readonly dropLast?: boolean;
  /** Makes the batch of these items. */
  readonly load: (items: readonly number[], rng: Rng, at: BatchPlace) => B | Promise<B>;
}
const itemKeys: KeysOf<ItemOptions<never>> = { count: 1, batchSize: 1, shuffle: 1, dropLast: 1, load: 1 };

/** Batches of items in an order that is new in each epoch, each item once. Throws ConfigError. */
export function itemBatches<B>(options: ItemOptions<B>): BatchSource<B> {
  const {
    count,
    batchSize,
    shuffle,
    dropLast = shuffle !== undefined,
    load,
  } = checkOptions("itemBatches", options, itemKeys);
  const length = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new ConfigError("batchSize", `batches: batchSize is ${batchSize}; give an integer of 1 or more`);
  if (length < 1)
    throw new ConfigError(
      "batchSize",
      `batches: ${count} items do not fill one batch of ${batchSize}; use a smaller batch`,
    );
  const own = Array.from({ length: count }, (_, i) => i);
  let order = { epoch: -1, items: own };
  return {
    length,
    batch(at, rng) {
      if (shuffle && order.epoch !== at.epoch) order = { epoch: at.epoch, items: shuffle.fork(at.epoch).shuffle(own) };
      return load(order.items.slice(at.index * batchSize, (at.index + 1) * batchSize), rng, at);
    },
  };
}

/** A step's batches, and where it stands. */
export interface StepBatches<B> {
  readonly epoch: number;
  /** Batches before it in the whole run. */
  readonly firstBatch: number;
  readonly batches: readonly B[];
}

/**
 * Gives each step its batches: `accumulate` of them, and at an epoch's end those that are left. Asks for those of later steps a
 * little ahead, so that the host prepares while the GPU computes. @internal
 */
export class Prefetcher<B> {
  /** Steps in an epoch. */
  readonly stepsPerEpoch: number;
  readonly #source: BatchSource<B>;
  readonly #rng: Rng;
  readonly #ahead: number;
  readonly #accumulate: number;
  readonly #asked = new Map<number, Promise<B>>();

  constructor(source: BatchSource<B>, rng: Rng, { ahead = 2, accumulate = 1 } = {}) {
    this.#source = source;
    this.#rng = rng;
    this.#ahead = ahead;
    this.#accumulate = accumulate;
    this.stepsPerEpoch = Math.ceil(source.length / accumulate);
  }

  #of(step: number): { readonly epoch: number; readonly first: number; readonly end: number } {
    const { length } = this.#source;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const index = (step % this.stepsPerEpoch) * this.#accumulate;
    return {
      epoch,
      first: epoch * length + index,
      end: epoch * length + Math.min(index + this.#accumulate, length),
    };
  }

  /** The batches of a step of a run of `totalSteps`. */
  async at(step: number, totalSteps: number): Promise<StepBatches<B>> {
    const { epoch, first, end } = this.#of(step);
    const last = this.#of(totalSteps - 1).end;
    for (const known of this.#asked.keys()) if (known < first) this.#asked.delete(known);
    for (let i = first; i < Math.min(last, end + this.#ahead); i++) this.#ask(i);
    const batches: B[] = [];
    for (let i = first; i < end; i++) batches.push(await this.#asked.get(i)!);
    return { epoch, firstBatch: first, batches };
  }

  #ask(i: number): void {
    if (this.#asked.has(i)) return;
    const { length } = this.#source;
    const place = { step: i, epoch: Math.floor(i / length), index: i % length };
    const batch = (async () => this.#source.batch(place, this.#rng.fork(i)))();
    batch.catch(() => {}); // told when its turn comes
    this.#asked.set(i, batch);
  }
}
