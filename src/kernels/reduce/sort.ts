import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withSorted } from "../index/radix-sort.ts";
import { sortInputGrad as inputGradShader } from "../wgsl/sort-input-grad.ts";
import { sortKeys } from "../wgsl/sort-keys.ts";
import { sortLines } from "../wgsl/sort-lines.ts";
import { sortPlaces } from "../wgsl/sort-places.ts";

export interface PlaceDims {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  /** How many of each line are asked for. */
  readonly count: number;
}

export interface SortDims extends PlaceDims {
  readonly descending: boolean;
  readonly holds: "floats" | "i32" | "u32";
}

const kinds = { floats: 0, i32: 1, u32: 2 } as const;

/**
 * places [outer, count, inner] of the first `count` entries of x [outer, length, inner] in order along `length`: equal ones in the
 * order of their places, NaN as the largest. One radix sort for all lines: by value, then by line.
 */
export function sortAxis(
  device: Device,
  { x, places }: { x: Binding; places: Binding },
  { outer, length, inner, count, descending, holds }: SortDims,
): void {
  const n = outer * length * inner;
  const lines = outer * inner;
  const overrides = { KIND: kinds[holds], DESCENDING: descending ? 1 : 0 };
  const then = {
    largest: lines - 1,
    fill: (keys: Binding, order: Binding) =>
      device.dispatch({ shader: sortLines }, { order, keys }, { n, length }, linearGrid(n, 4)),
  };
  withSorted(
    device,
    { n, largest: 0xffffffff, ...(lines > 1 ? { then } : {}) },
    (keys) => device.dispatch({ shader: sortKeys, overrides }, { x, keys }, { n, length, inner }, linearGrid(n, 4)),
    ({ order }) => {
      const all = outer * count * inner;
      device.dispatch({ shader: sortPlaces }, { order, places }, { n: all, length, inner, count }, linearGrid(all, 4));
    },
  );
}

/** inputGrad [outer, length, inner], which comes zeroed, from g [outer, count, inner] of the entries at `places`. */
export function sortInputGrad(
  device: Device,
  io: { g: Binding; places: Binding; inputGrad: Binding },
  { outer, length, inner, count }: PlaceDims,
): void {
  const n = outer * count * inner;
  device.dispatch({ shader: inputGradShader }, io, { n, length, inner, count }, linearGrid(n, 4));
}
