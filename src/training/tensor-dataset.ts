import type { Device } from "../device/index.ts";
import { ConfigError, DTypeError, ShapeError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { Rng, type Shape, show, sizeOf, type Tensor, tensor } from "../tensor/index.ts";
import { type BatchSource, itemBatches } from "./source.ts";

/** Numbers that a tensor can hold as they are: float32, int32, uint32. */
export type HostNumbers = Float32Array | Int32Array | Uint32Array;

/** Numbers on the host, row-major. */
export interface HostArray {
  readonly data: HostNumbers;
  readonly shape: Shape;
}

/** Numbers in lists of lists. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * All items of a data set, the first dimension: nested lists and Float64Arrays (which become float32), typed arrays (one number
 * an item; Int32Array and Uint32Array keep their type, as class indices want it), or a typed array with its shape.
 */
export type ItemArray =
  | readonly NestedNumbers[]
  | HostNumbers
  | Float64Array
  | { readonly data: HostNumbers | Float64Array | readonly number[]; readonly shape: Shape };

/** Some items of a data set, x and y each [n, ...], and which ones they are. */
export interface ItemBatch {
  readonly x: HostArray;
  readonly y: HostArray;
  readonly items: readonly number[];
}

export interface DatasetOptions {
  /** Items a batch. Default 1. */
  readonly batchSize?: number;
  /** The stream of the epochs' orders, such as `new Rng(seed)`; left out: the items in their own order. */
  readonly shuffle?: Rng;
  /** Leave out the last batch of an epoch where it is not full. Default true with `shuffle`, else false. */
  readonly dropLast?: boolean;
}
const datasetKeys: KeysOf<DatasetOptions> = { batchSize: 1, shuffle: 1, dropLast: 1 };

/** A data set in memory, for `Trainer.fit` and for loops written by hand. */
export interface TensorDataset extends BatchSource<ItemBatch> {
  /** Number of items. */
  readonly size: number;
  /** The batches of an epoch (from 0), in its order. */
  epoch(epoch?: number): Generator<ItemBatch, void, undefined>;
  /** A batch's numbers as tensors; fit for a trainer's `upload` as it stands. */
  upload(this: void, batch: ItemBatch, device: Device): { readonly x: Tensor; readonly y: Tensor };
}

const isTyped = (v: unknown): v is HostNumbers =>
  v instanceof Float32Array || v instanceof Int32Array || v instanceof Uint32Array;

function toData(name: string, data: unknown): HostNumbers {
  if (isTyped(data)) return data;
  if (data instanceof Float64Array || (Array.isArray(data) && data.every((v) => typeof v === "number")))
    return Float32Array.from(data as Iterable<number>);
  throw new DTypeError(
    `tensorDataset: ${name} holds something else than numbers; give nested lists of numbers, or a Float32Array, Float64Array, Int32Array or Uint32Array`,
  );
}

/** Shape of nested lists, by their first entries. */
const shapeOf = (nested: NestedNumbers): number[] =>
  Array.isArray(nested) ? [nested.length, ...(nested.length > 0 ? shapeOf(nested[0]) : [])] : [];

function flatten(name: string, nested: readonly NestedNumbers[]): HostArray {
  const shape = shapeOf(nested);
  const visit = (v: NestedNumbers, depth: number): void => {
    if (depth === shape.length ? Array.isArray(v) : !Array.isArray(v) || v.length !== shape[depth])
      throw new ShapeError(
        `tensorDataset: ${name} begins as lists of ${show(shape)}, and another of its lists has other lengths; make them equal`,
      );
    if (Array.isArray(v)) for (const inner of v) visit(inner, depth + 1);
  };
  visit(nested, 0);
  return { data: toData(name, (nested as readonly unknown[]).flat(shape.length)), shape };
}

function hostArray(name: string, given: ItemArray): HostArray {
  if (Array.isArray(given)) return flatten(name, given as readonly NestedNumbers[]);
  if (!("shape" in given)) {
    const data = toData(name, given);
    return { data, shape: [data.length] };
  }
  const { shape } = given;
  const data = toData(name, given.data);
  if (shape.length === 0 || sizeOf(shape) !== data.length)
    throw new ShapeError(
      `tensorDataset: ${name} has ${data.length} numbers and the shape ${show(shape)}; the first dimension counts items, and the product must be the count`,
    );
  return { data, shape };
}

/** Rows of an array, one after the other. */
function rowsOf({ data, shape }: HostArray, items: readonly number[]): HostArray {
  const row = sizeOf(shape.slice(1));
  const out = new (data.constructor as new (n: number) => HostNumbers)(items.length * row);
  items.forEach((item, i) => {
    out.set(data.subarray(item * row, (item + 1) * row), i * row);
  });
  return { data: out, shape: [items.length, ...shape.slice(1)] };
}

/**
 * A data set of plain arrays: x and y with an item in each row of their first dimension. The order of an epoch follows from
 * `shuffle` and the epoch alone, so that a resumed run sees the batches of the uninterrupted one. Nothing is copied but the
 * rows of each batch; arrays that change afterwards change the data. Throws ShapeError where the numbers of items differ or lists
 * are ragged, DTypeError for what are no numbers, ConfigError for a batch that cannot be.
 */
export function tensorDataset(x: ItemArray, y: ItemArray, options: DatasetOptions = {}): TensorDataset {
  const { batchSize = 1, shuffle, dropLast } = checkOptions("tensorDataset", options, datasetKeys);
  const [xs, ys] = [hostArray("x", x), hostArray("y", y)];
  const [size] = xs.shape;
  if (size !== ys.shape[0])
    throw new ShapeError(
      `tensorDataset: x has ${size} items in ${show(xs.shape)} and y ${ys.shape[0]} in ${show(ys.shape)}; make them equal`,
    );
  if (size === 0) throw new ConfigError("tensorDataset", "tensorDataset: x and y hold no item; give at least one");
  const batchOf = (items: readonly number[]): ItemBatch => ({ x: rowsOf(xs, items), y: rowsOf(ys, items), items });
  const source = itemBatches({ count: size, batchSize, shuffle, dropLast, load: batchOf });
  const unused = new Rng(0);
  return {
    ...source,
    size,
    *epoch(epoch = 0) {
      for (let index = 0; index < source.length; index++)
        yield source.batch({ step: epoch * source.length + index, epoch, index }, unused) as ItemBatch;
    },
    upload: (batch, device) => ({
      x: tensor(device, batch.x.data, batch.x.shape),
      y: tensor(device, batch.y.data, batch.y.shape),
    }),
  };
}
