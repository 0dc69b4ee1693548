import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { withSorted } from "../index/radix-sort.ts";
import { gridSample } from "../wgsl/grid-sample.ts";
import { gridSampleCells } from "../wgsl/grid-sample-cells.ts";
import { gridSampleGridGrad as gridGradShader } from "../wgsl/grid-sample-grid-grad.ts";
import { gridSampleInputGrad as inputGradShader } from "../wgsl/grid-sample-input-grad.ts";
import { sortedStarts } from "../wgsl/sorted-starts.ts";

/** x [n, c, h, w] at `points` points an image. */
export interface GridSampleDims {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly points: number;
  readonly nearest: boolean;
  /** What lies outside: zeros, the border, or the image reflected. */
  readonly padding: 0 | 1 | 2;
  readonly alignCorners: boolean;
}

const place = (d: GridSampleDims) => ({ corners: d.alignCorners ? 1 : 0, padding: d.padding });
const flags = (d: GridSampleDims) => ({ ...place(d), nearest: d.nearest ? 1 : 0 });

/** y [n, c, points]. */
export function gridSampleForward(
  device: Device,
  io: { x: Binding; grid: Binding; y: Binding },
  d: GridSampleDims,
): void {
  // A point's place is worked out once for `per` channels, where that leaves invocations enough.
  const per = Math.max(1, Math.min(16, d.c, Math.floor((d.n * d.c * d.points) / 65536)));
  const blocks = Math.ceil(d.c / per);
  const rows = d.n * blocks;
  const { overrides, each, groups } = rowGrid(d.points, rows);
  device.dispatch(
    { shader: gridSample, overrides },
    io,
    { rows, each, blocks, per, channels: d.c, h: d.h, w: d.w, points: d.points, ...flags(d) },
    groups,
  );
}

/**
 * inputGrad from g [n, c, points]. Many points may read one pixel, and which ones is not known before: the points are sorted by
 * the cell between pixels they fall into, and each pixel gathers from the cells around it, point by point in their order.
 * The same bits every time, without atomics; the sort costs as much as the gradients of a few channels. A pixel that all
 * points take from is one invocation's work: slow, but right.
 */
export function gridSampleInputGrad(
  device: Device,
  { grid, g, inputGrad }: { grid: Binding; g: Binding; inputGrad: Binding },
  d: GridSampleDims,
): void {
  const cells = d.n * (d.h + 1) * (d.w + 1);
  const blocks = Math.ceil(d.c / 4);
  const rows = d.n * blocks * d.h;
  const n = d.n * d.points;
  withSorted(
    device,
    { n, largest: cells },
    (keys) =>
      device.dispatch(
        { shader: gridSampleCells },
        { grid, keys },
        { n: d.n, h: d.h, w: d.w, points: d.points, ...flags(d) },
        linearGrid(n),
      ),
    ({ keys, order }) =>
      withFloats(device, cells + 1, "first point of each cell", (starts) => {
        const last = { keys: cells + 1, n };
        device.dispatch({ shader: sortedStarts }, { sorted: keys, starts }, last, linearGrid(cells + 1));
        const { overrides, each, groups } = rowGrid(d.w, rows);
        device.dispatch(
          { shader: inputGradShader, overrides },
          { grid, order, starts, g, inputGrad },
          { rows, each, blocks, channels: d.c, h: d.h, w: d.w, points: d.points, ...flags(d) },
          groups,
        );
      }),
  );
}

/** The gradient of the grid [n, points, 2] from g [n, c, points]; bilinear only. */
export function gridSampleGridGrad(
  device: Device,
  io: { x: Binding; grid: Binding; g: Binding; gridGrad: Binding },
  d: GridSampleDims,
): void {
  device.dispatch(
    { shader: gridGradShader },
    io,
    { n: d.n, channels: d.c, h: d.h, w: d.w, points: d.points, ...place(d) },
    linearGrid(d.n * d.points),
  );
}
