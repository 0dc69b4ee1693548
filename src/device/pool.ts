import { DeviceError, LimitError, OutOfMemoryError, type Undisposed } from "../errors.ts";

const usage = 0x80 /* STORAGE */ | 0x04 /* COPY_SRC */ | 0x08; /* COPY_DST */

/** A GPU buffer lent by the pool. `bytes` is the bucket's size, at least what was asked for. */
export interface PooledBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  readonly bytes: number;
  /** The batch of commands that last used it; a write from the host must not overtake that batch. */
  usedIn: number;
  /** Pieces of work that wait and will read it: nothing may write to it before they have run. */
  readers: number;
  /** How often it was given back: a recorded step sees by it that a buffer is no longer the tensor's it was recorded with. */
  releases: number;
  /** The recorded step whose own it is. */
  arena?: Arena;
}

/** Somebody who holds memory: a tensor's handle. */
export interface Holder {
  readonly shape: readonly number[];
  readonly bytes: number;
  release(): void;
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

/**
 * The buffers of a recorded step. While it is open, what the step acquires comes from here and what it releases comes back
 * here, so that no other tensor ever gets a buffer that the step's commands write.
 */
export class Arena {
  readonly #free = new Map<number, PooledBuffer[]>();
  /** Buffers of commands, with how often each had been given back when it was recorded. */
  readonly #used = new Map<PooledBuffer, number>();
  readonly #giveBack: (buffer: PooledBuffer) => void;
  readonly #onClose: () => void;
  #open = true;
  #disposed = false;
  #lost: string | undefined;

  constructor(giveBack: (buffer: PooledBuffer) => void, onClose: () => void) {
    this.#giveBack = giveBack;
    this.#onClose = onClose;
  }

  /** A recorded command uses this buffer. */
  uses(buffer: PooledBuffer): void {
    this.#used.set(buffer, buffer.releases);
  }

  take(size: number): PooledBuffer | undefined {
    return this.#free.get(size)?.pop();
  }

  own(buffer: PooledBuffer): void {
    buffer.arena = this;
  }

  /** A released buffer; true when it stays here. */
  keeps(buffer: PooledBuffer): boolean {
    if (this.#disposed) {
      buffer.arena = undefined;
      return false;
    }
    const list = this.#free.get(buffer.bytes);
    if (list) list.push(buffer);
    else this.#free.set(buffer.bytes, [buffer]);
    return true;
  }

  /** A buffer that was acquired outside the step was released while the step was recorded. */
  foreign(buffer: PooledBuffer): void {
    if (this.#used.has(buffer)) this.#lost = `a tensor of ${buffer.bytes} bytes that was made before it`;
  }

  /** Ends the recording. Throws DeviceError where a run would read what is gone. */
  close(): void {
    this.#open = false;
    this.#onClose();
    if (this.#lost)
      throw new DeviceError(
        `recordStep: the step uses and disposes ${this.#lost}; zero gradients before recording, and dispose other tensors outside`,
      );
  }

  /** Whether every tensor from outside that the step reads or writes still exists. */
  get intact(): boolean {
    for (const [buffer, releases] of this.#used) if (buffer.releases !== releases) return false;
    return true;
  }

  /** Throws DeviceError where one is gone. */
  checkUsed(): void {
    for (const [buffer, releases] of this.#used)
      if (buffer.releases !== releases)
        throw new DeviceError(
          `the recorded step uses a tensor of ${buffer.bytes} bytes that was disposed since; keep its inputs, or record it again`,
        );
  }

  dispose(): void {
    if (this.#open) this.#onClose();
    this.#open = false;
    this.#disposed = true;
    for (const list of this.#free.values())
      for (const buffer of list) {
        buffer.arena = undefined;
        this.#giveBack(buffer);
      }
    this.#free.clear();
  }
}

/** Buffers in size buckets. A released buffer is lent again at once: commands run in the order they were recorded. */
export class Pool {
  readonly #device: GPUDevice;
  readonly #maxBuffer: number;
  readonly #maxBytes: number;
  readonly #maxPooled: number;
  readonly #free = new Map<number, PooledBuffer[]>();
  readonly #onDestroy: () => void;
  /** What tensors hold that nobody disposed of, so that an error can tell. */
  readonly holders = new Set<Holder>();
  /** What backward passes left: let go of at the next, or where memory is short. */
  readonly spare: Holder[] = [];
  #arena: Arena | undefined;
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
    const own = this.#arena?.take(size);
    if (own) return own;
    this.onAllocate?.(size);
    if (this.#live + size > this.#maxBytes) this.releaseSpare();
    if (this.#live + size > this.#maxBytes)
      throw new OutOfMemoryError(size, this.#live, this.#maxBytes, what, this.#mostHeld());
    let buffer = this.#free.get(size)?.pop();
    if (buffer) this.#pooled -= size;
    else {
      if (this.#live + this.#pooled + size > this.#maxBytes) this.trim(0);
      buffer = {
        id: ++this.#ids,
        gpu: this.#device.createBuffer({ size, usage, label: what }),
        bytes: size,
        usedIn: -1,
        readers: 0,
        releases: 0,
      };
    }
    this.#live += size;
    this.#liveBuffers++;
    if (this.#live > this.#peak) this.#peak = this.#live;
    this.#arena?.own(buffer);
    return buffer;
  }

  releaseSpare(): void {
    for (const holder of this.spare.splice(0)) holder.release();
  }

  /** How many tensors are held, and the shape of those that hold the most together. */
  #mostHeld(): Undisposed {
    const groups = new Map<string, { count: number; bytes: number }>();
    for (const { shape, bytes } of this.holders) {
      const name = `[${shape.join(", ")}]`;
      const group = groups.get(name) ?? { count: 0, bytes: 0 };
      groups.set(name, { count: group.count + 1, bytes: group.bytes + bytes });
    }
    const most = [...groups].reduce((a, b) => (b[1].bytes > a[1].bytes ? b : a), ["[]", { count: 0, bytes: 0 }]);
    return { count: this.holders.size, shape: most[0], ofShape: most[1].count };
  }

  /** From here until it is closed, buffers are an arena's own. */
  openArena(): Arena {
    if (this.#arena) throw new DeviceError("recordStep: a step is being recorded already; record one at a time");
    this.#arena = new Arena(
      (buffer) => this.#giveBack(buffer),
      () => {
        this.#arena = undefined;
      },
    );
    return this.#arena;
  }

  release(buffer: PooledBuffer): void {
    if (buffer.arena?.keeps(buffer)) return;
    this.#arena?.foreign(buffer);
    this.#giveBack(buffer);
  }

  #giveBack(buffer: PooledBuffer): void {
    buffer.releases++;
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
