import { LimitError, OutOfMemoryError } from "../errors.ts";

const usage = 0x80 /* STORAGE */ | 0x04 /* COPY_SRC */ | 0x08; /* COPY_DST */

/** A GPU buffer lent by the pool. `bytes` is the bucket's size, at least what was asked for. */
export interface PooledBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  readonly bytes: number;
  /** The batch of commands that last used it; a write from the host must not overtake that batch. */
  usedIn: number;
}

export interface Memory {
  /** Bytes and buffers held by tensors. */
  readonly live: number;
  readonly liveBuffers: number;
  /** Bytes kept for reuse. */
  readonly pooled: number;
  /** Largest `live` since the device was opened or `resetPeak()`. */
  readonly peak: number;
}

/** Sizes grow by quarters of a power of two from 256 bytes, so that at most a fifth of a buffer is slack. */
export const bucketBytes = (bytes: number): number => {
  if (bytes <= 256) return 256;
  const quarter = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil((Math.ceil(bytes / quarter) * quarter) / 256) * 256;
};

/** Buffers in size buckets. A released buffer is lent again at once: commands run in the order they were recorded. */
export class Pool {
  readonly #device: GPUDevice;
  readonly #maxBuffer: number;
  readonly #maxBytes: number;
  readonly #maxPooled: number;
  readonly #free = new Map<number, PooledBuffer[]>();
  readonly #onDestroy: () => void;
  #ids = 0;
  #live = 0;
  #liveBuffers = 0;
  #pooled = 0;
  #peak = 0;
  /** Test hook: called before every allocation; throwing makes that allocation fail. */
  onAllocate: ((bytes: number) => void) | undefined;

  constructor(
    device: GPUDevice,
    options: { maxBuffer: number; maxBytes: number; maxPooled: number; onDestroy: () => void },
  ) {
    this.#device = device;
    this.#maxBuffer = options.maxBuffer;
    this.#maxBytes = options.maxBytes;
    this.#maxPooled = options.maxPooled;
    this.#onDestroy = options.onDestroy;
  }

  memory(): Memory {
    return { live: this.#live, liveBuffers: this.#liveBuffers, pooled: this.#pooled, peak: this.#peak };
  }

  resetPeak(): void {
    this.#peak = this.#live;
  }

  /** Lends a buffer of at least `bytes`. Its content is undefined. `what` names it in errors. */
  acquire(bytes: number, what: string): PooledBuffer {
    if (bytes > this.#maxBuffer)
      throw new LimitError(
        `${what} needs ${bytes} bytes; the adapter's largest buffer has ${this.#maxBuffer} (maxBufferSize): split it`,
      );
    const size = Math.min(bucketBytes(bytes), Math.floor(this.#maxBuffer / 4) * 4);
    this.onAllocate?.(size);
    if (this.#live + size > this.#maxBytes) throw new OutOfMemoryError(size, this.#live, this.#maxBytes, what);
    let buffer = this.#free.get(size)?.pop();
    if (buffer) this.#pooled -= size;
    else {
      if (this.#live + this.#pooled + size > this.#maxBytes) this.trim(0);
      buffer = {
        id: ++this.#ids,
        gpu: this.#device.createBuffer({ size, usage, label: what }),
        bytes: size,
        usedIn: -1,
      };
    }
    this.#live += size;
    this.#liveBuffers++;
    if (this.#live > this.#peak) this.#peak = this.#live;
    return buffer;
  }

  release(buffer: PooledBuffer): void {
    this.#live -= buffer.bytes;
    this.#liveBuffers--;
    this.#pooled += buffer.bytes;
    const list = this.#free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.#free.set(buffer.bytes, [buffer]);
    if (this.#pooled > this.#maxPooled) this.trim(this.#maxPooled / 2);
  }

  /** Destroys kept buffers, the largest first, until at most `keep` bytes are kept. */
  trim(keep: number): void {
    if (this.#pooled <= keep) return;
    this.#onDestroy();
    for (const size of [...this.#free.keys()].sort((a, b) => b - a)) {
      const list = this.#free.get(size)!;
      while (list.length > 0 && this.#pooled > keep) {
        list.pop()!.gpu.destroy();
        this.#pooled -= size;
      }
      if (list.length === 0) this.#free.delete(size);
    }
  }
}
