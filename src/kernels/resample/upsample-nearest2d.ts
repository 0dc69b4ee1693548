import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { upsampleNearest2d } from "../wgsl/upsample-nearest2d.ts";
import { upsampleNearest2dInputGrad } from "../wgsl/upsample-nearest2d-input-grad.ts";

/** Sizes of a resampling of `planes` = N * C images. */
export interface ResampleDims {
  readonly planes: number;
  readonly h: number;
  readonly w: number;
  readonly outH: number;
  readonly outW: number;
}

/** y [planes, outH, outW] from x [planes, h, w]. */
export function nearestForward(device: Device, io: { x: Binding; y: Binding }, d: ResampleDims): void {
  const rows = d.planes * d.outH;
  const { overrides, each, groups } = rowGrid(d.outW, rows);
  const params = { rows, each, h: d.h, w: d.w, outH: d.outH, outW: d.outW };
  device.dispatch({ shader: upsampleNearest2d, overrides }, io, params, groups);
}

/** inputGrad [planes, h, w] from g [planes, outH, outW]. */
export function nearestInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: ResampleDims): void {
  const rows = d.planes * d.h;
  const { overrides, each, groups } = rowGrid(d.w, rows);
  const params = { rows, each, h: d.h, w: d.w, outH: d.outH, outW: d.outW };
  device.dispatch({ shader: upsampleNearest2dInputGrad, overrides }, io, params, groups);
}
