import type { Binding, Device } from "../../device/index.ts";
import { type RowGrid, rowGrid } from "../common/rows.ts";
import { avgPool3d } from "../wgsl/avg-pool3d.ts";
import { avgPool3dInputGrad as inputGradShader } from "../wgsl/avg-pool3d-input-grad.ts";
import { type Pool3dDims, volumeSizes } from "./max-pool3d.ts";

/** `Pool3dDims` without dilation, whether padding counts in the mean, and what to divide by instead (0: the count). */
export interface AvgPool3dDims extends Omit<Pool3dDims, "dilation"> {
  readonly countIncludePad: boolean;
  readonly divisor: number;
}

const overrides = (d: AvgPool3dDims, grid: RowGrid) => ({
  ...grid.overrides,
  INCLUDE_PAD: d.countIncludePad ? 1 : 0,
});
const params = (d: AvgPool3dDims, rows: number, { each }: RowGrid) => ({
  rows,
  each,
  ...volumeSizes(d),
  kd: d.kernel[0],
  kh: d.kernel[1],
  kw: d.kernel[2],
  endD: d.size[0] + d.padding[1],
  endH: d.size[1] + d.padding[3],
  endW: d.size[2] + d.padding[5],
  divisor: d.divisor,
});

/** y [planes, ...out] from x [planes, ...size]. */
export function avgPool3dForward(device: Device, io: { x: Binding; y: Binding }, d: AvgPool3dDims): void {
  const rows = d.planes * d.out[0] * d.out[1];
  const grid = rowGrid(d.out[2], rows);
  device.dispatch({ shader: avgPool3d, overrides: overrides(d, grid) }, io, params(d, rows, grid), grid.groups);
}

/** inputGrad [planes, ...size] from g [planes, ...out]. */
export function avgPool3dInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: AvgPool3dDims): void {
  const rows = d.planes * d.size[0] * d.size[1];
  const grid = rowGrid(d.size[2], rows);
  device.dispatch({ shader: inputGradShader, overrides: overrides(d, grid) }, io, params(d, rows, grid), grid.groups);
}
