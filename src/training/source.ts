import { ConfigError } from "../errors.ts";
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

/** Batches of items in an order that is new in each epoch, each item once. Throws ConfigError. */
export function itemBatches<B>({
  count,
  batchSize,
  shuffle,
  dropLast = shuffle !== undefined,
  load,
}: ItemOptions<B>): BatchSource<B> {
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

/** Which batches a step takes: `accumulate` of them, and at an epoch's end those that are left. */
export function batchesOf(
  step: number,
  length: number,
  accumulate: number,
): { readonly epoch: number; readonly first: number; readonly count: number } {
  const stepsPerEpoch = Math.ceil(length / accumulate);
  const epoch = Math.floor(step / stepsPerEpoch);
  const index = (step % stepsPerEpoch) * accumulate;
  return { epoch, first: epoch * length + index, count: Math.min(accumulate, length - index) };
}

/** Asks for batches a little ahead, so that the host prepares while the GPU computes. @internal */
export class Prefetcher<B> {
  readonly #source: BatchSource<B>;
  readonly #rng: Rng;
  readonly #ahead: number;
  readonly #asked = new Map<number, Promise<B>>();

  constructor(source: BatchSource<B>, rng: Rng, ahead: number) {
    this.#source = source;
    this.#rng = rng;
    this.#ahead = ahead;
  }

  /** `count` batches from the one with `first` batches before it; asks for those after them, up to `end`. */
  async at(first: number, count: number, end: number): Promise<B[]> {
    for (const known of this.#asked.keys()) if (known < first) this.#asked.delete(known);
    const { length } = this.#source;
    for (let s = first; s < Math.min(end, first + count + this.#ahead); s++) {
      if (this.#asked.has(s)) continue;
      const place = { step: s, epoch: Math.floor(s / length), index: s % length };
      const batch = (async () => this.#source.batch(place, this.#rng.fork(s)))();
      batch.catch(() => {}); // told when its turn comes
      this.#asked.set(s, batch);
    }
    const batches: B[] = [];
    for (let s = first; s < first + count; s++) batches.push(await this.#asked.get(s)!);
    return batches;
  }
}
