import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { gatherAxis } from "../wgsl/gather-axis.ts";
import { oneHot } from "../wgsl/one-hot.ts";
import { scatterAdd } from "../wgsl/scatter-add.ts";
import { scatterLists } from "../wgsl/scatter-lists.ts";

/** `size` entries along an axis of x [outer, size, inner], of which an index names `length`. */
export interface AxisDims {
  readonly outer: number;
  readonly inner: number;
  readonly size: number;
  readonly length: number;
  /** Whether the index is one line [length] for all, or [outer, length, inner]. */
  readonly shared: boolean;
}

/** y [outer, length, inner] = x taken along the axis at `index`; NaN where that is outside. */
export function gatherKernel(
  device: Device,
  io: { x: Binding; index: Binding; y: Binding },
  { outer, inner, size, length, shared }: AxisDims,
): void {
  const n = outer * length * inner;
  const overrides = { SHARED: shared ? 1 : 0 };
  device.dispatch({ shader: gatherAxis, overrides }, io, { n, length, inner, size }, linearGrid(n, 4));
}

/**
 * y [outer, size, inner] = base (none: 0) plus the entries of src [outer, length, inner] at their indices, each sum in ascending
 * order: lists of the places that name a target first, then a walk along them. NaN along a line with an index outside.
 */
export function scatterAddKernel(
  device: Device,
  { base, src, index, y }: { base?: Binding; src: Binding; index: Binding; y: Binding },
  { outer, inner, size, length, shared }: AxisDims,
): void {
  const [across, lines] = shared ? [1, 1] : [inner, outer * inner];
  const heads = lines * (size + 1);
  withFloats(device, heads, "scatterAdd's lists", (head) =>
    withFloats(device, lines * length, "scatterAdd's lists", (next) => {
      device.clear(head);
      const params = { lines, length, inner: across, size };
      device.dispatch({ shader: scatterLists }, { index, head, next }, params, linearGrid(lines));
      const n = outer * size * inner;
      device.dispatch(
        { shader: scatterAdd, overrides: { BASE: base ? 1 : 0, SHARED: shared ? 1 : 0 } },
        { base: base ?? src, src, head, next, y },
        { n, length, inner, size },
        linearGrid(n, 4),
      );
    }),
  );
}

/** y [n, classes] = 1 at each row's index, 0 beside it; NaN where the index is outside. */
export function oneHotKernel(device: Device, io: { index: Binding; y: Binding }, n: number, classes: number): void {
  device.dispatch({ shader: oneHot }, io, { n: n * classes, classes }, linearGrid(n * classes, 4));
}
