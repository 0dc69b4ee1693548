import type { Binding, Device } from "../device/index.ts";
import { collapse } from "./broadcast.ts";
import { eight, linearGrid } from "./grid.ts";
import { fill } from "./wgsl/fill.ts";
import { gatherStrided } from "./wgsl/gather-strided.ts";

/** One side of a strided copy: memory, first element, stride of each dimension (elements). */
export interface Strided {
  readonly binding: Binding;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Copies `shape` elements from one strided place to another; any 4-byte dtype. */
export function copyStrided(device: Device, from: Strided, to: Strided, shape: readonly number[]): void {
  const n = shape.reduce((a, b) => a * b, 1);
  const joined = collapse(shape, [from.strides, to.strides]);
  device.dispatch(
    { shader: gatherStrided },
    { x: from.binding, y: to.binding },
    {
      n,
      rank: joined.shape.length,
      offset_x: from.offset,
      offset_y: to.offset,
      shape: eight(joined.shape, 1),
      stride_x: eight(joined.strides[0]),
      stride_y: eight(joined.strides[1]),
    },
    linearGrid(n, 4),
  );
}

/** Sets `n` floats to `value`. */
export const fillWith = (device: Device, y: Binding, n: number, value: number): void =>
  device.dispatch({ shader: fill }, { y }, { n, value }, linearGrid(n, 4));
