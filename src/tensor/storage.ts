import type { Binding, Device, PooledBuffer } from "../device/index.ts";
import { DeviceError, DTypeError } from "../errors.ts";

/** "f16" is for inference, on adapters with shader-f16: kept in half the memory, worked out in float32. */
export type DType = "f32" | "f16" | "i32" | "u32";

/** Bytes of one number. */
export const bytesOf = (dtype: DType): 2 | 4 => (dtype === "f16" ? 2 : 4);

/** Throws DTypeError where the adapter cannot hold float16 numbers. */
export function expectHalves(device: Device): void {
  if (!device.features.has("shader-f16"))
    throw new DTypeError(
      `f16: the adapter "${device.info.description || device.info.architecture}" offers no shader-f16, which float16 tensors need: stay with f32 (cast(x, "f32"), model.float()), or open an adapter that has it (most GPUs, lavapipe)`,
    );
}

/** Work that has not run yet: it makes a storage's numbers when an op or a read needs them. */
export interface Pending {
  /** Computes the numbers into `into`, whose memory exists by then. */
  run(into: Storage): void;
  /** The numbers were computed, or their last holder is gone: called once. */
  drop(of: Storage): void;
}

/** GPU memory with a reference count, shared by tensors that are views of each other and by the tape. */
export class Storage {
  readonly device: Device;
  readonly dtype: DType;
  readonly bytes: number;
  /** Counts in-place updates; the tape compares it to refuse gradients of overwritten values. */
  version = 0;
  #buffer: PooledBuffer | undefined;
  readonly #whole: Storage | undefined;
  readonly #offset: number | undefined;
  #references = 1;
  #pending: Pending | undefined;
  #what = "";
  /** What waits and will read this memory. */
  #readers: Set<Storage> | undefined;

  /** From another storage: a part of it from byte `offset` (a multiple of 256), which it keeps alive. Pending: memory once it is asked for. */
  constructor(
    device: Device,
    bytes: number,
    dtype: DType,
    what: string,
    from?: { readonly whole: Storage; readonly offset: number } | Pending,
  ) {
    if (dtype === "f16") expectHalves(device);
    this.device = device;
    this.dtype = dtype;
    this.bytes = bytes;
    if (from && "run" in from) {
      this.#pending = from;
      this.#what = what;
      device.unsettled.add(this);
      return;
    }
    this.#whole = from?.whole.retain();
    this.#offset = from?.offset;
    this.#buffer = from ? from.whole.binding().buffer : device.pool.acquire(Math.max(4, bytes), what);
  }

  get #root(): Storage {
    return this.#whole ? this.#whole.#root : this;
  }

  /** `reader` waits and will read this memory; it keeps it alive. */
  readBy(reader: Storage): void {
    const root = this.retain().#root;
    root.#readers ??= new Set();
    root.#readers.add(reader);
    root.#buffer!.readers = root.#readers.size;
  }

  noLongerReadBy(reader: Storage): void {
    const root = this.#root;
    if (root.#readers?.delete(reader) && root.#buffer) root.#buffer.readers = root.#readers.size;
    this.release();
  }

  /**
   * The whole storage as a kernel binding, for numbers that are written in place: what waits for the old ones is worked out first,
   * and the tape will refuse gradients that need them, after each run of a recorded step too. A kernel refuses to write through
   * `binding()` while something waits.
   */
  bindingForWrite(name?: string): Binding {
    this.device.eachRun(() => {
      const readers = this.#root.#readers;
      if (readers && readers.size > 0) for (const r of [...readers]) r.settle();
      this.version++;
    });
    return this.binding(name);
  }

  /** What is still to be done for its numbers. */
  get pending(): Pending | undefined {
    return this.#pending;
  }

  /** Works out its numbers where they are pending. */
  settle(): this {
    const pending = this.#pending;
    if (!pending) return this;
    const buffer = this.device.pool.acquire(Math.max(4, this.bytes), this.#what);
    this.#buffer = buffer;
    this.#pending = undefined;
    try {
      pending.run(this);
    } catch (error) {
      // Nothing was worked out: it waits on, and never shows what the memory held before.
      this.#buffer = undefined;
      this.#pending = pending;
      this.device.pool.release(buffer);
      throw error;
    }
    this.device.unsettled.delete(this);
    pending.drop(this);
    return this;
  }

  /** The whole storage as a kernel binding. Throws DeviceError when it has been freed. */
  binding(name?: string): Binding {
    this.settle();
    if (!this.#buffer)
      throw new DeviceError(`${name ?? "tensor"} was disposed; keep it alive, or return it from tidy()`);
    const { bytes, dtype } = this;
    return { buffer: this.#buffer, offset: this.#offset, bytes, name, half: dtype === "f16" };
  }

  get freed(): boolean {
    return this.#buffer === undefined && this.#pending === undefined;
  }

  retain(): this {
    if (this.freed) throw new DeviceError("a disposed tensor cannot be used again");
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0 || this.freed) return;
    if (this.#pending) {
      this.device.unsettled.delete(this);
      this.#pending.drop(this);
      this.#pending = undefined;
      return;
    }
    if (this.#whole) this.#whole.release();
    else this.device.pool.release(this.#buffer!);
    this.#buffer = undefined;
  }
}
