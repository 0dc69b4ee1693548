import type { Binding, Device, PooledBuffer } from "../device/index.ts";
import { DeviceError } from "../errors.ts";

export type DType = "f32" | "i32" | "u32";

/** GPU memory with a reference count, shared by tensors that are views of each other and by the tape. */
export class Storage {
  readonly device: Device;
  readonly dtype: DType;
  readonly bytes: number;
  /** Counts in-place updates; the tape compares it to refuse gradients of overwritten values. */
  version = 0;
  #buffer: PooledBuffer | undefined;
  #references = 1;

  constructor(device: Device, bytes: number, dtype: DType, what: string) {
    this.device = device;
    this.dtype = dtype;
    this.bytes = bytes;
    this.#buffer = device.pool.acquire(Math.max(4, bytes), what);
  }

  /** The whole storage as a kernel binding. Throws DeviceError when it has been freed. */
  binding(name?: string): Binding {
    if (!this.#buffer)
      throw new DeviceError(`${name ?? "tensor"} was disposed; keep it alive, or return it from tidy()`);
    return { buffer: this.#buffer, bytes: this.bytes, name };
  }

  get freed(): boolean {
    return this.#buffer === undefined;
  }

  retain(): this {
    if (!this.#buffer) throw new DeviceError("a disposed tensor cannot be used again");
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0 || !this.#buffer) return;
    this.device.pool.release(this.#buffer);
    this.#buffer = undefined;
  }
}
