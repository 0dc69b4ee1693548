import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { upsampleBilinear2d } from "../wgsl/upsample-bilinear2d.ts";
import { upsampleBilinear2dInputGrad } from "../wgsl/upsample-bilinear2d-input-grad.ts";
import type { ResampleDims } from "./upsample-nearest2d.ts";

export interface BilinearDims extends ResampleDims {
  /** Corner pixels keep their place; else the images' edges do. */
  readonly alignCorners: boolean;
}

/** The source of target t along one axis is (t * mul + add) / den. */
const axis = (size: number, out: number, alignCorners: boolean) =>
  alignCorners
    ? { mul: out > 1 ? size - 1 : 0, add: 0, den: Math.max(1, out - 1) }
    : { mul: 2 * size, add: size - out, den: 2 * out };

const params = (rows: number, each: number, d: BilinearDims) => {
  const y = axis(d.h, d.outH, d.alignCorners);
  const x = axis(d.w, d.outW, d.alignCorners);
  return {
    rows,
    each,
    h: d.h,
    w: d.w,
    outH: d.outH,
    outW: d.outW,
    mulY: y.mul,
    addY: y.add,
    denY: y.den,
    mulX: x.mul,
    addX: x.add,
    denX: x.den,
  };
};

/** y [planes, outH, outW] from x [planes, h, w]. */
export function bilinearForward(device: Device, io: { x: Binding; y: Binding }, d: BilinearDims): void {
  const rows = d.planes * d.outH;
  const { overrides, each, groups } = rowGrid(d.outW, rows);
  device.dispatch({ shader: upsampleBilinear2d, overrides }, io, params(rows, each, d), groups);
}

/** inputGrad [planes, h, w] from g [planes, outH, outW]. */
export function bilinearInputGrad(device: Device, io: { g: Binding; inputGrad: Binding }, d: BilinearDims): void {
  const rows = d.planes * d.h;
  const { overrides, each, groups } = rowGrid(d.w, rows);
  device.dispatch({ shader: upsampleBilinear2dInputGrad, overrides }, io, params(rows, each, d), groups);
}
