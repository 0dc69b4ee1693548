import { DTypeError, ShapeError } from "../errors.ts";
import { halvesFromFloats } from "../half.ts";
import { type Shape, sameShape, show, sizeOf } from "./shape.ts";
import type { DType } from "./storage.ts";

/** Numbers on the host as they become a tensor: converted by one rule, or refused; never taken as other numbers' bits. */

/** What the device keeps as it is. */
type Kept = Float32Array | Int32Array | Uint32Array;

type Narrow = Uint8Array | Uint8ClampedArray | Int8Array | Uint16Array | Int16Array;

/** Typed arrays, plain numbers, and lists of them to any depth, in which true is 1 and false 0. */
export type TensorData =
  | Kept
  | Narrow
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | number
  | boolean
  | readonly TensorData[];

/** Numbers and the shape that lists give them. */
interface Flat {
  readonly numbers: Exclude<TensorData, number | boolean | readonly TensorData[]> | readonly (number | boolean)[];
  readonly shape: Shape;
}

const isTyped = (data: unknown): data is Exclude<Flat["numbers"], readonly unknown[]> =>
  ArrayBuffer.isView(data) && !(data instanceof DataView);

const kindOf = (v: unknown): string =>
  typeof v === "string" ? JSON.stringify(v) : typeof v === "object" && v !== null ? v.constructor?.name : String(v);

const refuse = (op: string, at: string, v: unknown, wanted: string): never => {
  throw new DTypeError(`${op}: data${at} is ${kindOf(v)}; give ${wanted}`);
};

const accepted = "a number, an array of numbers (nested ones are dimensions) or a typed array";
const isNumber = (v: unknown): v is number | boolean => typeof v === "number" || typeof v === "boolean";

/** The shape of nested lists, from their first entries. */
function shapeOf(data: unknown): number[] {
  if (isTyped(data)) return [data.length];
  if (!Array.isArray(data)) return [];
  return [data.length, ...(data.length > 0 ? shapeOf(data[0]) : [])];
}

/** Appends the numbers of `data`, which must have `shape`, to `out`. */
function collect(op: string, data: unknown, shape: readonly number[], at: string, out: (number | boolean)[]): void {
  const [length, ...rest] = shape;
  if (length === undefined) {
    if (Array.isArray(data) || isTyped(data)) ragged(op, at, `has ${data.length} entries`, "is one number");
    out.push(isNumber(data) ? data : refuse(op, at, data, "a number"));
    return;
  }
  if (!Array.isArray(data) && !isTyped(data)) {
    if (isNumber(data)) ragged(op, at, "is one number", `has ${length} entries`);
    refuse(op, at, data, accepted);
  }
  const list = data as readonly unknown[];
  if (list.length !== length) ragged(op, at, `has ${list.length} entries`, `${length}`);
  for (let i = 0; i < length; i++) {
    const v = list[i];
    if (rest.length === 0 && isNumber(v)) out.push(v);
    else collect(op, typeof v === "bigint" ? Number(v) : v, rest, `${at}[${i}]`, out);
  }
}

const ragged = (op: string, at: string, got: string, others: string): never => {
  throw new ShapeError(`${op}: data${at} ${got}, and others before it ${others}; give every row the same length`);
};

function flatten(op: string, data: TensorData): Flat {
  if (isTyped(data)) return { numbers: data, shape: [data.length] };
  if (isNumber(data)) return { numbers: [data], shape: [] };
  if (!Array.isArray(data)) return refuse(op, "", data, accepted);
  let flat = 0;
  while (flat < data.length && isNumber(data[flat])) flat++;
  if (flat === data.length) return { numbers: data, shape: [flat] };
  const shape = shapeOf(data);
  const numbers: (number | boolean)[] = [];
  collect(op, data, shape, "", numbers);
  return { numbers, shape };
}

const ranges = { i32: [-2147483648, 2147483647], u32: [0, 4294967295] } as const;

/** Whole numbers that the dtype holds; others are refused by their place. */
function wholes(op: string, numbers: Flat["numbers"], dtype: "i32" | "u32"): Int32Array | Uint32Array {
  const [low, high] = ranges[dtype];
  const out = dtype === "i32" ? new Int32Array(numbers.length) : new Uint32Array(numbers.length);
  for (let i = 0; i < out.length; i++) {
    const v = Number(numbers[i]);
    if (!(Number.isInteger(v) && v >= low && v <= high))
      throw new DTypeError(
        `${op}: number ${i} is ${numbers[i]}, and ${dtype} holds whole numbers from ${low} to ${high}; round it first, or use f32`,
      );
    out[i] = v;
  }
  return out;
}

const floats = (numbers: Flat["numbers"]): Float32Array =>
  numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as ArrayLike<number>, Number);

/** The bytes of `dtype` for numbers. */
const converted = (op: string, numbers: Flat["numbers"], dtype: DType): Kept | Uint16Array => {
  if (dtype === "f16") return halvesFromFloats(floats(numbers));
  if (dtype === "f32") return floats(numbers);
  if (numbers instanceof (dtype === "i32" ? Int32Array : Uint32Array)) return numbers;
  return wholes(op, numbers, dtype);
};

/** The dtype that data has where none is asked for: that of 32-bit arrays, i32 or u32 of 64-bit integers, else f32. */
const ownDType = (numbers: Flat["numbers"]): DType => {
  if (numbers instanceof Int32Array || numbers instanceof BigInt64Array) return "i32";
  return numbers instanceof Uint32Array || numbers instanceof BigUint64Array ? "u32" : "f32";
};

/** Data for a new tensor: its dtype, its shape where none is given, and its numbers as the device takes them. @internal */
export function hostNumbers(data: TensorData, shape?: Shape, wanted?: DType) {
  const flat = flatten("tensor", data);
  const dims = shape ?? flat.shape;
  const { length } = flat.numbers;
  if (sizeOf(dims) !== length)
    throw new ShapeError(`tensor: ${length} numbers do not fill the shape ${show(dims)} (${sizeOf(dims)})`);
  const dtype = wanted ?? ownDType(flat.numbers);
  return { dtype, shape: dims, numbers: converted("tensor", flat.numbers, dtype) };
}

/** Data for a tensor that is there. @internal */
export function numbersFor(data: TensorData, shape: Shape, dtype: DType): Kept | Uint16Array {
  const flat = flatten("write", data);
  const { length } = flat.numbers;
  const nested = flat.shape.length > 1;
  if (length !== sizeOf(shape) || (nested && !sameShape(flat.shape, shape)))
    throw new ShapeError(
      `write: ${nested ? show(flat.shape) : length} numbers for a tensor ${show(shape)} of ${sizeOf(shape)}`,
    );
  return converted("write", flat.numbers, dtype);
}
