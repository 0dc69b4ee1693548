import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { maxPool3d } from "../wgsl/max-pool3d.ts";
import { maxPool3dInputGrad as inputGradShader } from "../wgsl/max-pool3d-input-grad.ts";

type Three = readonly [d: number, h: number, w: number];

/** Sizes of a pooling of `planes` = N * C volumes; padding is [front, back, top, bottom, left, right]. */
export interface Pool3dDims {
  readonly planes: number;
  readonly size: Three;
  readonly out: Three;
  readonly kernel: Three;
  readonly stride: Three;
  readonly padding: readonly [number, number, number, number, number, number];
  readonly dilation: Three;
}

/**
 * The params that all poolings of volumes share. Kernel and stride are among them, not overrides: a pipeline for every
 * window would take longer to compile than it saves.
 * @internal
 */
export const volumeSizes = ({ size, out, stride, padding }: Omit<Pool3dDims, "dilation">) => ({
  d: size[0],
  h: size[1],
  w: size[2],
  outD: out[0],
  outH: out[1],
  outW: out[2],
  front: padding[0],
  top: padding[2],
  left: padding[4],
  sd: stride[0],
  sh: stride[1],
  sw: stride[2],
});

/** y [planes, ...out], and where given index (u32, the winner's place in its volume), from x [planes, ...size]. */
export function maxPool3dForward(
  device: Device,
  { x, y, index }: { x: Binding; y: Binding; index?: Binding },
  d: Pool3dDims,
): void {
  const rows = d.planes * d.out[0] * d.out[1];
  const grid = rowGrid(d.out[2], rows);
  const [kd, kh, kw] = d.kernel;
  const [dilateD, dilateH, dilateW] = d.dilation;
  const run = (into: Binding): void =>
    device.dispatch(
      { shader: maxPool3d, overrides: { ...grid.overrides, SAVE: index ? 1 : 0 } },
      { x, y, index: into },
      { rows, each: grid.each, ...volumeSizes(d), kd, kh, kw, dilateD, dilateH, dilateW },
      grid.groups,
    );
  if (index) run(index);
  else withFloats(device, 1, "maxPool3d's unused index", run);
}

/** inputGrad [planes, ...size] from g and index [planes, ...out]. */
export function maxPool3dInputGrad(
  device: Device,
  io: { g: Binding; index: Binding; inputGrad: Binding },
  d: Pool3dDims,
): void {
  const rows = d.planes * d.size[0] * d.size[1];
  const grid = rowGrid(d.size[2], rows);
  const [ed, eh, ew] = d.kernel.map((k, i) => 1 + (k - 1) * d.dilation[i]);
  device.dispatch(
    { shader: inputGradShader, overrides: grid.overrides },
    io,
    { rows, each: grid.each, ...volumeSizes(d), ed, eh, ew },
    grid.groups,
  );
}
