import { ConfigError } from "./errors.ts";

/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as
 * easy as 1, 2, 3", SC 2011). The n-th number depends on (key, n) alone, so that the host and a WGSL kernel give the
 * same bits, a stream can be resumed from one integer, and forks by name never disturb each other.
 */

const parity = 0x1bd11bda;
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Threefry-2x32-20 of counter (c0, c1) under key (k0, k1): two unsigned 32-bit integers, written to `out`. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number, out: Uint32Array): void {
  const k2 = parity ^ k0 ^ k1;
  const keys = [k0, k1, k2];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    for (const r of rotations[group & 1]) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    }
    x0 = (x0 + keys[(group + 1) % 3]) | 0;
    x1 = (x1 + keys[(group + 2) % 3] + group + 1) | 0;
  }
  out[0] = x0 >>> 0;
  out[1] = x1 >>> 0;
}

/** The whole state of a stream; plain numbers, so that a checkpoint can hold it. */
export interface RandomState {
  readonly key: readonly [number, number];
  /** How many 32-bit words have been drawn. */
  readonly drawn: number;
}

/** A stream of random numbers on the host. Streams made by `fork` with different names are independent. */
export class Random {
  protected readonly k0: number;
  protected readonly k1: number;
  #drawn = 0;
  #block = -1;
  readonly #words = new Uint32Array(2);

  /** @param seed a non-negative safe integer, or the state of another stream. */
  constructor(seed: number | RandomState) {
    if (typeof seed === "number") {
      if (!Number.isSafeInteger(seed) || seed < 0)
        throw new ConfigError(
          "seed",
          `Random: seed is ${seed}; give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
        );
      this.k0 = seed >>> 0;
      this.k1 = Math.floor(seed / 2 ** 32) >>> 0;
    } else {
      [this.k0, this.k1] = seed.key;
      this.#drawn = seed.drawn;
    }
  }

  /** The stream's state: give it to the constructor to go on from here. */
  state(): RandomState {
    return { key: [this.k0, this.k1], drawn: this.#drawn };
  }

  /** An independent stream, decided by this stream's key and the name alone (not by what was drawn so far). */
  fork(name: string | number): Random {
    return new Random({ key: this.forkKey(name), drawn: 0 });
  }

  protected forkKey(name: string | number): [number, number] {
    const out = Uint32Array.of(this.k0, this.k1);
    // Tag counters have their top bit set; drawn words never reach it, so a fork never repeats its parent's words.
    const text = `${name}`;
    for (let i = 0; i < text.length; i++) threefry2x32(out[0], out[1], text.charCodeAt(i), (0x80000000 | i) >>> 0, out);
    threefry2x32(out[0], out[1], text.length, 0xc0000000, out);
    return [out[0], out[1]];
  }

  /** The next 32 random bits. */
  uint32(): number {
    const block = Math.floor(this.#drawn / 2);
    if (block !== this.#block) {
      threefry2x32(this.k0, this.k1, block >>> 0, Math.floor(block / 2 ** 32), this.#words);
      this.#block = block;
    }
    return this.#words[this.#drawn++ & 1];
  }

  /** Uniform in [low, high), 24 bits, as float32 holds them. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * ((this.uint32() >>> 8) / 2 ** 24);
  }

  /** Normal with the given mean and standard deviation (Box-Muller; two words each, so that no half is kept back). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(((this.uint32() >>> 8) + 1) / 2 ** 24));
    return mean + deviation * radius * Math.cos(2 * Math.PI * ((this.uint32() >>> 8) / 2 ** 24));
  }

  /** Uniform integer in [0, n), n up to 2^32, without bias. */
  integer(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % n;
  }

  /** A new array with the items in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
