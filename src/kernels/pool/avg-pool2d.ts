import type { Binding, Device } from "../../device/index.ts";
import { type RowGrid, rowGrid } from "../common/rows.ts";
import { avgPool2d } from "../wgsl/avg-pool2d.ts";
import { avgPool2dInputGrad } from "../wgsl/avg-pool2d-input-grad.ts";
import type { PoolDims } from "./max-pool2d.ts";

/** `PoolDims` without dilation, whether padding counts in the mean, and what to divide by instead (0: the count). */
export interface AvgPoolDims extends Omit<PoolDims, "dilation"> {
  readonly countIncludePad: boolean;
  readonly divisor: number;
}

const overrides = (d: AvgPoolDims, grid: RowGrid) => ({
  ...grid.overrides,
  KH: d.kernel[0],
  KW: d.kernel[1],
  SH: d.stride[0],
  SW: d.stride[1],
  INCLUDE_PAD: d.countIncludePad ? 1 : 0,
});
const sizes = (d: AvgPoolDims) => ({
  h: d.h,
  w: d.w,
  outH: d.outH,
  outW: d.outW,
  top: d.padding[0],
  left: d.padding[2],
  endH: d.h + d.padding[1],
  endW: d.w + d.padding[3],
  divisor: d.divisor,
});

/** y [planes, outH, outW] from x [planes, h, w]. */
export function avgPoolForward(device: Device, io: { x: Binding; y: Binding }, d: AvgPoolDims): void {
  const rows = d.planes * d.outH;
  const grid = rowGrid(d.outW, rows);
  const params = { rows, each: grid.each, ...sizes(d) };
  device.dispatch({ shader: avgPool2d, overrides: overrides(d, grid) }, io, params, grid.groups);
}

/** inputGrad [planes, h, w] from g [planes, outH, outW]. */
export function avgPoolInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: AvgPoolDims): void {
  const rows = d.planes * d.h;
  const grid = rowGrid(d.w, rows);
  const params = { rows, each: grid.each, ...sizes(d) };
  device.dispatch({ shader: avgPool2dInputGrad, overrides: overrides(d, grid) }, io, params, grid.groups);
}
