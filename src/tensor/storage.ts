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

  /** With `within`, a part of another storage from byte `offset` (a multiple of 256), which it keeps alive; else memory of its own. */
  constructor(
    device: Device,
    bytes: number,
    dtype: DType,
    what: string,
    within?: { readonly whole: Storage; readonly offset: number },
  ) {
    if (dtype === "f16") expectHalves(device);
    this.device = device;
    this.dtype = dtype;
    this.bytes = bytes;
    this.#whole = within?.whole.retain();
    this.#offset = within?.offset;
    this.#buffer = within ? within.whole.binding().buffer : device.pool.acquire(Math.max(4, bytes), what);
  }

  /** The whole storage as a kernel binding. Throws DeviceError when it has been freed. */
  binding(name?: string): Binding {
    if (!this.#buffer)
      throw new DeviceError(`${name ?? "tensor"} was disposed; keep it alive, or return it from tidy()`);
    const { bytes, dtype } = this;
    return { buffer: this.#buffer, offset: this.#offset, bytes, name, half: dtype === "f16" };
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
    if (this.#whole) this.#whole.release();
    else this.device.pool.release(this.#buffer);
    this.#buffer = undefined;
  }
}
