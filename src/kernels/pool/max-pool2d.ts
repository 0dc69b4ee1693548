import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { maxPool2d } from "../wgsl/max-pool2d.ts";
import { maxPool2dInputGrad } from "../wgsl/max-pool2d-input-grad.ts";
import { maxPool2dInputGradApart } from "../wgsl/max-pool2d-input-grad-apart.ts";

/** Sizes of a pooling of `planes` = N * C images; pairs are [vertical, horizontal], padding [top, bottom, left, right]. */
export interface PoolDims {
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

/** y [planes, outH, outW], and where given index (u32, the winner's place in its plane), from x [planes, h, w]. */
export function maxPoolForward(
  device: Device,
  { x, y, index }: { x: Binding; y: Binding; index?: Binding },
  d: PoolDims,
): void {
  const rows = d.planes * d.outH;
  const grid = rowGrid(d.outW, rows);
  const run = (into: Binding): void =>
    device.dispatch(
      {
        shader: maxPool2d,
        overrides: {
          ...grid.overrides,
          KH: d.kernel[0],
          KW: d.kernel[1],
          SH: d.stride[0],
          SW: d.stride[1],
          DH: d.dilation[0],
          DW: d.dilation[1],
          SAVE: index ? 1 : 0,
        },
      },
      { x, y, index: into },
      { rows, each: grid.each, h: d.h, w: d.w, outH: d.outH, outW: d.outW, top: d.padding[0], left: d.padding[2] },
      grid.groups,
    );
  if (index) run(index);
  else withFloats(device, 1, "maxPool2d's unused index", run);
}

/** inputGrad [planes, h, w] from g and index [planes, outH, outW]. */
export function maxPoolInputGrad(
  device: Device,
  { g, index, inputGrad }: { g: Binding; index: Binding; inputGrad: Binding },
  d: PoolDims,
): void {
  const [SH, SW] = d.stride;
  const [top, , left] = d.padding;
  const [EH, EW] = d.kernel.map((k, i) => 1 + (k - 1) * d.dilation[i]);
  const sizes = { h: d.h, w: d.w, outH: d.outH, outW: d.outW, top, left };
  if (SH >= EH && SW >= EW) {
    const tiles = { tilesH: Math.ceil((d.h + top) / SH), tilesW: Math.ceil((d.w + left) / SW) };
    const rows = d.planes * tiles.tilesH;
    const grid = rowGrid(tiles.tilesW, rows);
    device.dispatch(
      { shader: maxPool2dInputGradApart, overrides: { ...grid.overrides, SH, SW } },
      { g, index, inputGrad },
      { rows, each: grid.each, ...tiles, ...sizes },
      grid.groups,
    );
    return;
  }
  const rows = d.planes * d.h;
  const grid = rowGrid(d.w, rows);
  device.dispatch(
    { shader: maxPool2dInputGrad, overrides: { ...grid.overrides, SH, SW, EH, EW } },
    { g, index, inputGrad },
    { rows, each: grid.each, ...sizes },
    grid.groups,
  );
}
