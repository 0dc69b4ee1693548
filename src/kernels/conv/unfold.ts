import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { fold } from "../wgsl/fold.ts";
import { unfold } from "../wgsl/unfold.ts";

/** Windows over `planes` = N * C images; pairs are [vertical, horizontal], padding [top, bottom, left, right]. */
export interface UnfoldDims {
  readonly planes: number;
  readonly h: number;
  readonly w: number;
  readonly outH: number;
  readonly outW: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}

const overridesOf = ({ kernel, stride, dilation }: UnfoldDims) => ({
  KH: kernel[0],
  KW: kernel[1],
  SH: stride[0],
  SW: stride[1],
  DH: dilation[0],
  DW: dilation[1],
});

const paramsOf = (d: UnfoldDims) => ({
  h: d.h,
  w: d.w,
  outH: d.outH,
  outW: d.outW,
  top: d.padding[0],
  left: d.padding[2],
});

/** y [planes * kh * kw, outH * outW] from the images x [planes, h, w]. */
export function unfoldImages(device: Device, io: { x: Binding; y: Binding }, d: UnfoldDims): void {
  const rows = d.planes * d.kernel[0] * d.kernel[1];
  const { overrides, each, groups } = rowGrid(d.outH * d.outW, rows);
  device.dispatch(
    { shader: unfold, overrides: { ...overrides, ...overridesOf(d) } },
    io,
    { rows, each, ...paramsOf(d) },
    groups,
  );
}

/** Images y [planes, h, w] from the columns x [planes * kh * kw, outH * outW]. */
export function foldColumns(device: Device, io: { x: Binding; y: Binding }, d: UnfoldDims): void {
  const rows = d.planes * d.h;
  const { overrides, each, groups } = rowGrid(d.w, rows);
  device.dispatch(
    { shader: fold, overrides: { ...overrides, ...overridesOf(d) } },
    io,
    { rows, each, ...paramsOf(d) },
    groups,
  );
}
