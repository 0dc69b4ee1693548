import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { shareMaps } from "../common/maps.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { logDice } from "../wgsl/log-dice.ts";
import { logDiceInputGrad } from "../wgsl/log-dice-input-grad.ts";
import { logDiceSums } from "../wgsl/log-dice-sums.ts";

export interface DiceDims {
  readonly batch: number;
  readonly classes: number;
  /** Entries of each map. */
  readonly size: number;
}

/** loss [1] over p and t [batch, classes, size] and weights [classes]; slopes [batch, classes, 2] are for the gradient. */
export function logDiceForward(
  device: Device,
  { p, t, weights, slopes, loss }: { p: Binding; t: Binding; weights: Binding; slopes: Binding; loss: Binding },
  { batch, classes, size }: DiceDims,
  eps: number,
): void {
  const maps = batch * classes;
  const { chunks } = shareMaps({ maps, h: 1, w: size });
  withFloats(device, maps * 4, "logDiceLoss's sums", (sums) => {
    withFloats(device, maps * chunks * 4, "logDiceLoss's partial sums", (parts) => {
      device.dispatch({ shader: logDiceSums }, { p, t, parts }, { maps, size, chunks }, linearGrid(maps * chunks));
      reduceAxis(device, "sum", { x: parts, y: sums }, { outer: maps, length: chunks, inner: 4 });
    });
    withFloats(device, classes, "logDiceLoss's terms", (terms) => {
      const groups = linearGrid(classes);
      device.dispatch({ shader: logDice }, { sums, weights, terms, slopes }, { batch, classes, eps }, groups);
      reduceAxis(device, "sum", { x: terms, y: loss }, { outer: 1, length: classes, inner: 1 });
    });
  });
}

/** inputGrad [batch, classes, size] from the slopes of the forward pass and g [1]. */
export function logDiceGrad(
  device: Device,
  io: { p: Binding; t: Binding; slopes: Binding; g: Binding; inputGrad: Binding },
  { batch, classes, size }: DiceDims,
): void {
  const n = batch * classes * size;
  device.dispatch({ shader: logDiceInputGrad }, io, { n, size }, linearGrid(n, 4));
}
