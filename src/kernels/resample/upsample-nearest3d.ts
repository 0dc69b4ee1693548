import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { upsampleNearest3d } from "../wgsl/upsample-nearest3d.ts";
import { upsampleNearest3dInputGrad } from "../wgsl/upsample-nearest3d-input-grad.ts";

/** `planes` = N * C volumes resampled from `size` to `out`. */
export interface Nearest3dDims {
  readonly planes: number;
  readonly size: readonly [d: number, h: number, w: number];
  readonly out: readonly [d: number, h: number, w: number];
}

const params = ({ size, out }: Nearest3dDims, rows: number, each: number) => ({
  rows,
  each,
  d: size[0],
  h: size[1],
  w: size[2],
  outD: out[0],
  outH: out[1],
  outW: out[2],
});

/** y [planes, ...out] from x [planes, ...size]. */
export function nearest3dForward(device: Device, io: { x: Binding; y: Binding }, d: Nearest3dDims): void {
  const rows = d.planes * d.out[0] * d.out[1];
  const { overrides, each, groups } = rowGrid(d.out[2], rows);
  device.dispatch({ shader: upsampleNearest3d, overrides }, io, params(d, rows, each), groups);
}

/** inputGrad [planes, ...size] from g [planes, ...out]. */
export function nearest3dInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: Nearest3dDims): void {
  const rows = d.planes * d.size[0] * d.size[1];
  const { overrides, each, groups } = rowGrid(d.size[2], rows);
  device.dispatch({ shader: upsampleNearest3dInputGrad, overrides }, io, params(d, rows, each), groups);
}
