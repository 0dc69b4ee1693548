import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { adaptiveAvgPool } from "../wgsl/adaptive-avg-pool.ts";
import { adaptiveAvgPoolInputGrad } from "../wgsl/adaptive-avg-pool-input-grad.ts";

/** `planes` = N * C volumes [d, h, w] to [out]; an image has 1 for both depths. */
export interface AdaptiveDims {
  readonly planes: number;
  readonly size: readonly [d: number, h: number, w: number];
  readonly out: readonly [d: number, h: number, w: number];
}

const params = ({ size, out }: AdaptiveDims, rows: number, each: number) => ({
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
export function adaptiveAvgForward(device: Device, io: { x: Binding; y: Binding }, d: AdaptiveDims): void {
  const length = d.size[0] * d.size[1] * d.size[2];
  if (d.planes > 0 && d.out.every((n) => n === 1)) {
    // One mean a plane: too few outputs to keep an adapter busy, so the reduction in passes takes it.
    reduceAxis(device, "sum", io, { outer: d.planes, length, inner: 1, scale: 1 / length });
    return;
  }
  const rows = d.planes * d.out[0] * d.out[1];
  const { overrides, each, groups } = rowGrid(d.out[2], rows);
  device.dispatch({ shader: adaptiveAvgPool, overrides }, io, params(d, rows, each), groups);
}

/** inputGrad [planes, ...size] from g [planes, ...out]. */
export function adaptiveAvgInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: AdaptiveDims): void {
  const rows = d.planes * d.size[0] * d.size[1];
  const { overrides, each, groups } = rowGrid(d.size[2], rows);
  device.dispatch({ shader: adaptiveAvgPoolInputGrad, overrides }, io, params(d, rows, each), groups);
}
