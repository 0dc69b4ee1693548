import type { Binding, Device } from "../device/index.ts";
import { DeviceError, DTypeError, GradError, NameError, ShapeError } from "../errors.ts";
import { floatsFromHalves } from "../half.ts";
import { fillWith } from "../kernels/layout/strided.ts";
import { describe, type Preview, previewOf } from "./describe.ts";
import { Hold } from "./hold.ts";
import { hostNumbers, numbersFor, type TensorData } from "./host-numbers.ts";
import { enrol, withdraw } from "./scope.ts";
import { checkShape, type Shape, show, sizeOf } from "./shape.ts";
import { bytesOf, type DType, Storage } from "./storage.ts";
import { Leaf, type Node } from "./tape.ts";

/**
 * A light handle on GPU memory: shape, dtype and a shared `Storage`; contiguous, row-major. A tensor without storage
 * (`Tensor.meta`) has only a shape: ops on it run their shape rule and need no GPU.
 */
export class Tensor {
  /** @internal */
  readonly isFiducialTensor = true;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #hold: Hold | undefined;
  #disposed = false;
  /** @internal Of an empty parameter, and of what comes of it alone: tells that it is empty. */
  lack: (() => string) | undefined;
  /** @internal The scope that will dispose it. */
  scope: Set<Tensor> | undefined;
  /** @internal Of a gradient that was had in hand: the leaf it belongs to. */
  lender: Leaf | undefined;
  #leaf: Leaf | undefined;
  /** The numbers as they were read last, for printing. */
  #seen: { readonly storage: Storage; readonly version: number; readonly preview: Preview } | undefined;

  /** @internal Takes over one reference on the storage and one on the node. */
  constructor(shape: Shape, dtype: DType, storage: Storage | undefined, node?: Node) {
    if (!Array.isArray(shape))
      throw new ShapeError("new Tensor: make one by tensor(device, data, shape), zeros, full or Rng.normal");
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    if (storage) this.#hold = new Hold(this, this.shape, storage, node);
    enrol(this);
  }

  /** A tensor that has a shape and no memory, for inspection without a GPU. */
  static meta(shape: Shape, dtype: DType = "f32"): Tensor {
    checkShape(shape, "Tensor.meta");
    return new Tensor(shape, dtype, undefined);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  get isMeta(): boolean {
    return this.#hold === undefined;
  }

  get disposed(): boolean {
    return this.#hold?.released ?? this.#disposed;
  }

  /** @internal How this tensor came about, while a gradient may still be asked for. */
  get node(): Node | undefined {
    return this.#hold?.node;
  }

  /** @internal No backward pass lets go of it from now on. */
  claim(): void {
    if (this.#hold) this.#hold.kept = true;
  }

  /** @internal */
  get storage(): Storage {
    if (!this.#hold)
      throw new DeviceError(
        this.lack?.() ??
          `a shape-only tensor ${show(this.shape)} holds no numbers; fill the model it came from with init(device, rng) or load(device, state)`,
      );
    if (this.#hold.released)
      throw new DeviceError(
        this.#disposed
          ? `tensor ${show(this.shape)} was disposed; keep() it, or return it from tidy()`
          : `tensor ${show(this.shape)} was let go of: it led to a loss, and a later backward() has run; keep() it before that`,
      );
    return this.#hold.storage;
  }

  get device(): Device {
    return this.storage.device;
  }

  /** The memory for a kernel that reads it, or fills a new tensor. `name` stands in error messages. */
  binding(name?: string): Binding {
    return this.storage.binding(this.#label(name));
  }

  /** The memory for a kernel that writes into numbers that are there already. See `Storage.bindingForWrite`. */
  bindingForWrite(name?: string): Binding {
    return this.storage.bindingForWrite(this.#label(name));
  }

  #label(name?: string): string {
    return name ? `${name} ${show(this.shape)}` : `tensor ${show(this.shape)}`;
  }

  /** @internal Another handle on the same memory, outside the tape. */
  alias(shape: Shape = this.shape): Tensor {
    return new Tensor(shape, this.dtype, this.#hold ? this.storage.retain() : undefined);
  }

  /**
   * @internal Takes over a reference on other memory that holds the same numbers; handle, leaf and gradient stay. A pending
   * backward keeps the old memory.
   */
  relocate(storage: Storage): void {
    this.storage.release();
    this.#hold!.storage = storage;
  }

  /** The same numbers without history: no gradient flows through. */
  detach(): Tensor {
    return this.alias();
  }

  /** Frees this handle; the memory goes with its last handle and reader. Safe to call twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    withdraw(this);
    this.#hold?.release();
    this.#leaf?.grad?.dispose();
    this.#leaf = undefined;
  }

  /** @internal Its scope ends: it is disposed, or goes back to its leaf. */
  leave(): void {
    if (!this.lender) {
      this.dispose();
      return;
    }
    withdraw(this);
    this.lender.takeBack(this);
  }

  /** Shape, dtype and adapter; and the numbers, or those at the ends, where they were read and not overwritten since. */
  toString(): string {
    const storage = this.disposed ? undefined : this.#hold?.storage;
    const place = this.disposed ? "(disposed)" : storage ? `on ${nameOf(storage.device)}` : "(shape only)";
    const current = storage && this.#seen?.storage === storage && this.#seen.version === storage.version;
    const numbers = current ? this.#seen?.preview : undefined;
    return describe({ shape: this.shape, dtype: this.dtype, place, requiresGrad: this.requiresGrad, numbers });
  }

  /** What JSON.stringify writes: shape and dtype. */
  toJSON(): { readonly shape: Shape; readonly dtype: DType } {
    return { shape: this.shape, dtype: this.dtype };
  }

  /** @internal What Node shows when it prints a tensor. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** In a text what toString() gives; refuses x + y, x < y and the like, which JavaScript would answer with nonsense. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new NameError(
      `operators do not work on Tensor ${show(this.shape)} ${this.dtype}; write add(x, y), sub, mul, div, lt, gt, or await x.item()`,
    );
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Marks a tensor made from data as one whose gradient `backward()` fills in `grad`; `false` takes the mark and the gradient away. */
  requireGrad(on = true): this {
    if (!on && !this.node) {
      this.zeroGrad();
      this.#leaf = undefined;
      return this;
    }
    if (this.node) throw new GradError("requireGrad: this tensor is the result of an op; mark its inputs instead");
    if (this.dtype !== "f32")
      throw new GradError(
        `requireGrad: only f32 tensors have gradients; this one is ${this.dtype}${this.dtype === "f16" ? ": float16 is for inference, cast to f32 to train" : ""}`,
      );
    this.#leaf ??= new Leaf(this.shape);
    return this;
  }

  get requiresGrad(): boolean {
    return this.#leaf !== undefined || this.node !== undefined;
  }

  /** @internal Where the gradient of this tensor goes. */
  get gradTarget(): Leaf | Node | undefined {
    return this.#leaf ?? this.node;
  }

  /**
   * The gradient filled in by `backward()`, or null. Further passes give the sum as a new tensor, until `zeroGrad()`; one that
   * was had here keeps its numbers, and goes with this tensor, by `dispose()` or when no variable reaches it.
   */
  get grad(): Tensor | null {
    return this.#leaf?.lend() ?? null;
  }

  /** @internal The gradient for the library's own use, during which no pass runs. */
  get gradient(): Tensor | null {
    return this.#leaf?.grad ?? null;
  }

  zeroGrad(): void {
    this.#leaf?.replace(null);
  }

  /** Reads the numbers back as float32, exactly: waits until everything recorded before has run. */
  async data(): Promise<Float32Array> {
    const { dtype } = this;
    if (dtype !== "f32" && dtype !== "f16") throw new DTypeError(`data(): the tensor is ${dtype}; use integers()`);
    const { storage } = this;
    const { version } = storage;
    const numbers = floatsIn(dtype, await this.device.read({ ...this.binding(), bytes: this.size * bytesOf(dtype) }));
    this.#seen = { storage, version, preview: previewOf(this.shape, numbers) };
    return numbers;
  }

  /** Reads an integer tensor back. */
  async integers(): Promise<Int32Array | Uint32Array> {
    if (this.dtype === "f32" || this.dtype === "f16")
      throw new DTypeError(`integers(): the tensor is ${this.dtype}; use data()`);
    const { storage } = this;
    const { version } = storage;
    const bytes = await this.device.read({ ...this.binding(), bytes: this.size * 4 });
    const numbers = this.dtype === "i32" ? new Int32Array(bytes) : new Uint32Array(bytes);
    this.#seen = { storage, version, preview: previewOf(this.shape, numbers) };
    return numbers;
  }

  /** The one number of a tensor of size 1, of any dtype. */
  async item(): Promise<number> {
    if (this.size !== 1)
      throw new ShapeError(`item(): the tensor ${show(this.shape)} has ${this.size} elements, not one`);
    return (await (this.dtype === "i32" || this.dtype === "u32" ? this.integers() : this.data()))[0];
  }

  /**
   * Overwrites the numbers from the host, converted to this tensor's dtype: a float tensor takes any, rounded to the nearest, an
   * integer tensor whole numbers that it can hold. The tape refuses gradients that would need the old ones. Throws ShapeError
   * where the count is another (or the shape of nested arrays), DTypeError for what is no number or does not fit.
   */
  write(data: TensorData): void {
    const numbers = numbersFor(data, this.shape, this.dtype);
    this.device.write(this.bindingForWrite(), numbers);
  }
}

const nameOf = ({ info }: Device): string => (info.description || info.architecture).split(/[:(]/)[0].trim();

/** The numbers of a float tensor from its bytes. @internal */
export const floatsIn = (dtype: DType, bytes: ArrayBuffer): Float32Array =>
  dtype === "f16" ? floatsFromHalves(new Uint16Array(bytes)) : new Float32Array(bytes);

/** A tensor with undefined content, on `device`. @internal */
export const empty = (device: Device, shape: Shape, dtype: DType = "f32", what = "tensor"): Tensor => {
  checkShape(shape, what);
  return new Tensor(shape, dtype, new Storage(device, sizeOf(shape) * bytesOf(dtype), dtype, `${what} ${show(shape)}`));
};

/**
 * A tensor from numbers on the host. Float32Array, Int32Array and Uint32Array keep their kind; 64-bit integer arrays become i32
 * or u32; all else becomes f32: plain numbers, nested arrays (which give the shape), other typed arrays. With `dtype` the numbers
 * become that: floats are rounded to the nearest (beyond 65504 an f16 is infinite), integers must be whole and fit. Throws
 * ShapeError where the count and the shape disagree or rows differ in length, DTypeError for what is no number or does not fit,
 * and for "f16" on an adapter without shader-f16.
 */
export function tensor(device: Device, data: TensorData, shape?: Shape, dtype?: DType): Tensor {
  if (shape) checkShape(shape, "tensor");
  const host = hostNumbers(data, shape, dtype);
  const t = empty(device, host.shape, host.dtype);
  try {
    device.write(t.binding(), host.numbers);
  } catch (error) {
    t.dispose();
    throw error;
  }
  return t;
}

/** All zeros. */
export const zeros = (device: Device, shape: Shape, dtype: DType = "f32"): Tensor => {
  const t = empty(device, shape, dtype, "zeros");
  device.clear({ ...t.binding(), bytes: Math.max(4, t.size * bytesOf(dtype)) });
  return t;
};

/** All equal to `value`. */
export const full = (device: Device, shape: Shape, value: number, dtype: DType = "f32"): Tensor => {
  if (value === 0) return zeros(device, shape, dtype);
  if (dtype === "i32" || dtype === "u32")
    return tensor(device, new Float64Array(sizeOf(shape)).fill(value), shape, dtype);
  const t = empty(device, shape, dtype, "full");
  fillWith(device, t.binding(), t.size, value);
  return t;
};
