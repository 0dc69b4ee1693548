import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { type MapDims, shareMaps } from "../common/maps.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { affineGrid } from "../wgsl/affine-grid.ts";
import { affineGridThetaGrad as thetaGradShader } from "../wgsl/affine-grid-theta-grad.ts";

/** `maps` = N grids of h x w points. */
export interface AffineDims extends MapDims {
  readonly alignCorners: boolean;
}

const flags = (d: AffineDims) => ({ corners: d.alignCorners ? 1 : 0 });

/** y [maps, h, w, 2] from theta [maps, 2, 3]. */
export function affineGridForward(device: Device, io: { theta: Binding; y: Binding }, d: AffineDims): void {
  const rows = d.maps * d.h;
  const { overrides, each, groups } = rowGrid(d.w, rows);
  device.dispatch({ shader: affineGrid, overrides }, io, { rows, each, h: d.h, w: d.w, ...flags(d) }, groups);
}

/** The gradient of theta [maps, 2, 3] from g [maps, h, w, 2]. */
export function affineGridThetaGrad(
  device: Device,
  { g, thetaGrad }: { g: Binding; thetaGrad: Binding },
  d: AffineDims,
): void {
  const share = shareMaps(d);
  const { maps, chunks } = share;
  withFloats(device, maps * chunks * 6, "affineGrid's partial sums", (parts) => {
    device.dispatch(
      { shader: thetaGradShader },
      { g, parts },
      { ...share, h: d.h, ...flags(d) },
      linearGrid(maps * chunks),
    );
    reduceAxis(device, "sum", { x: parts, y: thetaGrad }, { outer: maps, length: chunks, inner: 6 });
  });
}
