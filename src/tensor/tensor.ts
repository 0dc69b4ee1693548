import type { Binding, Device } from "../device/index.ts";
import { DeviceError, DTypeError, GradError, NameError, ShapeError } from "../errors.ts";
import { floatsFromHalves, halvesFromFloats } from "../half.ts";
import { fillWith } from "../kernels/layout/strided.ts";
import { Hold } from "./hold.ts";
import { enrol, withdraw } from "./scope.ts";
import { checkShape, type Shape, show, sizeOf } from "./shape.ts";
import { bytesOf, type DType, Storage } from "./storage.ts";
import { Leaf, type Node } from "./tape.ts";

export type TensorData = Float32Array | Int32Array | Uint32Array;

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
  /** @internal The scope that will dispose it. */
  scope: Set<Tensor> | undefined;
  #leaf: Leaf | undefined;

  /** @internal Takes over one reference on the storage and one on the node. */
  constructor(shape: Shape, dtype: DType, storage: Storage | undefined, node?: Node) {
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

  /** Shape and dtype: the numbers are on the device. */
  toString(): string {
    return `Tensor ${show(this.shape)} ${this.dtype}`;
  }

  /** What JSON.stringify writes: shape and dtype. */
  toJSON(): { readonly shape: Shape; readonly dtype: DType } {
    return { shape: this.shape, dtype: this.dtype };
  }

  /** @internal What Node shows when it prints a tensor. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** In a text shape and dtype; refuses x + y, x < y and the like, which JavaScript would answer with nonsense. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new NameError(`operators do not work on ${this}; write add(x, y), sub, mul, div, lt, gt, or await x.item()`);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Marks a tensor made from data as one whose gradient `backward()` fills in `grad`. */
  requireGrad(): this {
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

  /** The gradient filled in by `backward()`, or null. Owned by this tensor; added to until `zeroGrad()`. */
  get grad(): Tensor | null {
    return this.#leaf?.grad ?? null;
  }

  zeroGrad(): void {
    this.#leaf?.grad?.dispose();
    if (this.#leaf) this.#leaf.grad = null;
  }

  /** Reads the numbers back as float32, exactly: waits until everything recorded before has run. */
  async data(): Promise<Float32Array> {
    const { dtype } = this;
    if (dtype !== "f32" && dtype !== "f16") throw new DTypeError(`data(): the tensor is ${dtype}; use integers()`);
    return floatsIn(dtype, await this.device.read({ ...this.binding(), bytes: this.size * bytesOf(dtype) }));
  }

  /** Reads an integer tensor back. */
  async integers(): Promise<Int32Array | Uint32Array> {
    if (this.dtype === "f32" || this.dtype === "f16")
      throw new DTypeError(`integers(): the tensor is ${this.dtype}; use data()`);
    const bytes = await this.device.read({ ...this.binding(), bytes: this.size * 4 });
    return this.dtype === "i32" ? new Int32Array(bytes) : new Uint32Array(bytes);
  }

  /** The one number of a tensor of size 1. */
  async item(): Promise<number> {
    if (this.size !== 1)
      throw new ShapeError(`item(): the tensor ${show(this.shape)} has ${this.size} elements, not one`);
    return (await this.data())[0];
  }

  /** Overwrites the numbers from the host; a float16 tensor rounds floats. The tape refuses gradients that would need the old ones. */
  write(data: TensorData): void {
    if (data.length !== this.size)
      throw new ShapeError(`write: ${data.length} numbers for a tensor ${show(this.shape)} of ${this.size}`);
    this.device.write(this.bindingForWrite(), this.dtype === "f16" ? halvesOf(data) : data);
  }
}

/** The numbers of a float tensor from its bytes. @internal */
export const floatsIn = (dtype: DType, bytes: ArrayBuffer): Float32Array =>
  dtype === "f16" ? floatsFromHalves(new Uint16Array(bytes)) : new Float32Array(bytes);

const halvesOf = (data: TensorData): Uint16Array =>
  halvesFromFloats(data instanceof Float32Array ? data : Float32Array.from(data));

const kinds = { f32: Float32Array, i32: Int32Array, u32: Uint32Array } as const;
const dtypeOf = (data: TensorData): DType =>
  data instanceof Float32Array ? "f32" : data instanceof Int32Array ? "i32" : "u32";

/** A tensor with undefined content, on `device`. @internal */
export const empty = (device: Device, shape: Shape, dtype: DType = "f32", what = "tensor"): Tensor => {
  checkShape(shape, what);
  return new Tensor(shape, dtype, new Storage(device, sizeOf(shape) * bytesOf(dtype), dtype, `${what} ${show(shape)}`));
};

/**
 * A tensor from numbers on the host: a typed array (its kind is the dtype) or plain numbers (f32). With "f16" the numbers
 * become float16, each rounded to the nearest (of two equally near to the even one), beyond 65504 infinite.
 * Throws ShapeError when the count and the shape disagree, DTypeError for "f16" on an adapter without shader-f16.
 */
export function tensor(device: Device, data: TensorData | readonly number[], shape?: Shape, dtype?: "f16"): Tensor {
  const typed = Array.isArray(data) ? Float32Array.from(data as readonly number[]) : (data as TensorData);
  const dims = shape ?? [typed.length];
  checkShape(dims, "tensor");
  if (sizeOf(dims) !== typed.length)
    throw new ShapeError(`tensor: ${typed.length} numbers do not fill the shape ${show(dims)} (${sizeOf(dims)})`);
  const t = empty(device, dims, dtype ?? dtypeOf(typed));
  try {
    device.write(t.binding(), dtype === "f16" ? halvesOf(typed) : typed);
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
  if (dtype === "i32" || dtype === "u32") return tensor(device, new kinds[dtype](sizeOf(shape)).fill(value), shape);
  const t = empty(device, shape, dtype, "full");
  fillWith(device, t.binding(), t.size, value);
  return t;
};
