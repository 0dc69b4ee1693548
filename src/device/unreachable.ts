import type { Pool } from "./pool.ts";

/** Growth between waits that ends in a collection: so much, or an eighth of the budget. */
const mostBytes = 256 * 2 ** 20;
const mostBuffers = 256;
/** An engine weighs an ArrayBuffer by its bytes, and one that nobody has touched takes none of them. */
const weight = 128 * 2 ** 20;
/** How long the engine is given for it, in milliseconds: more where the budget is nearly used up. */
const patience = { usual: 60, short: 1000 };
const longestRest = 255;

/** Lets the engine run its tasks once. */
const task = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });

/**
 * Brings home the memory of tensors that no variable reaches any more. The engine collects by the size of its own objects, and a
 * handle of a hundred bytes may hold a gigabyte on the GPU. So where memory has grown from one wait to the next, as it does
 * in a loop that reads its loss and disposes of nothing, the engine is made to collect: by large ArrayBuffers, dropped at once.
 * A synchronous loop gets no such help, since finalizers run between tasks.
 */
export class Unreachable {
  readonly #pool: Pool;
  readonly #maxBytes: number;
  readonly #slack: number;
  /** What was held after the last collection, or less at a wait since. */
  #bytes = 0;
  #buffers = 0;
  /** Waits to let pass before the next try: more of them each time that nothing was found. */
  #rest = 0;
  #fruitless = 0;
  #running = false;

  constructor(pool: Pool, maxBytes: number) {
    this.#pool = pool;
    this.#maxBytes = maxBytes;
    this.#slack = Math.min(mostBytes, maxBytes / 8);
  }

  /** To be called where the caller waits anyway. */
  async collect(): Promise<void> {
    const { live, liveBuffers } = this.#pool.memory();
    this.#bytes = Math.min(this.#bytes, live);
    this.#buffers = Math.min(this.#buffers, liveBuffers);
    const grew = live > this.#bytes + this.#slack || liveBuffers > this.#buffers + mostBuffers;
    const short = live > 0.75 * this.#maxBytes;
    if (!grew || this.#running || (this.#rest-- > 0 && !short)) return;
    this.#running = true;
    try {
      await provoke(short ? patience.short : patience.usual);
    } finally {
      this.#running = false;
    }
    const after = this.#pool.memory();
    const found = after.liveBuffers < liveBuffers;
    this.#fruitless = found ? 0 : Math.min(longestRest, 2 * this.#fruitless + 1);
    this.#rest = this.#fruitless;
    this.#bytes = after.live;
    this.#buffers = after.liveBuffers;
  }
}

/** Ends when the engine has collected and told of what it found, or would not. */
async function provoke(most: number): Promise<void> {
  let collected = false;
  const sentinels = new FinalizationRegistry(() => {
    collected = true;
  });
  sentinels.register({}, undefined);
  try {
    for (const end = performance.now() + most; !collected && performance.now() < end; ) {
      new ArrayBuffer(weight);
      await task();
    }
  } catch {
    // RangeError: no room for the weight; then the engine collects as it sees fit.
  }
  await task(); // registries are told one after the other
}
