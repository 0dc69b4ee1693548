import type { Binding, Device } from "../../device/index.ts";
import { grid, linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { softmax } from "../wgsl/softmax.ts";
import { softmaxDot } from "../wgsl/softmax-dot.ts";
import { softmaxInputGrad as inputGradShader } from "../wgsl/softmax-input-grad.ts";
import { softmaxJoin } from "../wgsl/softmax-join.ts";
import { softmaxStats } from "../wgsl/softmax-stats.ts";
import { reduceAxis } from "./reduce.ts";

/** The softmax runs over `length` in [outer, length, inner]. */
export interface Rows {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** How many invocations share a row: each takes 16 to 256 entries, more where there are rows enough. */
export const chunksOf = ({ outer, length, inner }: Rows): number => {
  const each = Math.max(16, Math.min(256, Math.ceil((outer * length * inner) / 32768)));
  return Math.max(1, Math.ceil(length / each));
};

/**
 * How rows are cut for wgsl/lib/softmax_rows.wgsl. On software adapters a subgroup alone reads a long row in order; see
 * wgsl/lib/walk.wgsl.
 */
function cut(device: Device, { outer, length, inner }: Rows) {
  const most = device.facts.software ? 256 : Math.max(16, Math.min(256, Math.ceil((outer * length * inner) / 32768)));
  const whole = length <= most;
  const LANES = device.facts.software && !whole && inner === 1 ? 8 : 64;
  const SPAN = !whole && inner === 1 ? LANES : 1;
  const chunks = whole ? 1 : SPAN * Math.ceil(length / (SPAN * most));
  const count = Math.ceil((outer * chunks * inner) / LANES);
  return {
    overrides: { LANES, SPAN },
    chunks,
    params: { outer, length, inner, chunks, each: Math.ceil(length / chunks) },
    groups: grid(count),
  };
}

/** Joins parts [outer, length, inner] of (largest, sum) to one for each row, at most 64 at a time. */
function join(device: Device, parts: Binding, stats: Binding, { outer, length, inner }: Rows): void {
  const chunks = Math.ceil(length / 64);
  const run = (to: Binding) =>
    device.dispatch(
      { shader: softmaxJoin },
      { parts, stats: to },
      { outer, length, inner, chunks },
      linearGrid(outer * chunks * inner),
    );
  if (chunks === 1) run(stats);
  else
    withFloats(device, outer * chunks * inner * 2, "softmax's partial sums", (some) => {
      run(some);
      join(device, some, stats, { outer, length: chunks, inner });
    });
}

/** y [outer, length, inner] = the softmax of x, or its logarithm. */
export function softmaxForward(device: Device, { x, y }: { x: Binding; y: Binding }, rows: Rows, log: boolean): void {
  const { outer, inner } = rows;
  const { overrides, chunks, params, groups } = cut(device, rows);
  withFloats(device, outer * inner * 2, "softmax's sums", (stats) => {
    const measure = (to: Binding) =>
      device.dispatch({ shader: softmaxStats, overrides }, { x, stats: to }, params, groups);
    if (chunks === 1) measure(stats);
    else
      withFloats(device, outer * chunks * inner * 2, "softmax's partial sums", (parts) => {
        measure(parts);
        join(device, parts, stats, { outer, length: chunks, inner });
      });
    device.dispatch(
      { shader: softmax, overrides: { ...overrides, LOG: log ? 1 : 0 } },
      { x, stats, y },
      params,
      groups,
    );
  });
}

/** inputGrad [outer, length, inner] from the softmax (or log-softmax) y and g. */
export function softmaxInputGrad(
  device: Device,
  { y, g, inputGrad }: { y: Binding; g: Binding; inputGrad: Binding },
  rows: Rows,
  log: boolean,
): void {
  const { outer, inner } = rows;
  const { chunks, params, groups, ...layout } = cut(device, rows);
  const overrides = { ...layout.overrides, LOG: log ? 1 : 0 };
  withFloats(device, outer * inner, "softmax's sums", (dot) => {
    const measure = (parts: Binding) =>
      device.dispatch({ shader: softmaxDot, overrides }, { y, g, parts }, params, groups);
    if (chunks === 1) measure(dot);
    else
      withFloats(device, outer * chunks * inner, "softmax's partial sums", (parts) => {
        measure(parts);
        reduceAxis(device, "sum", { x: parts, y: dot }, { outer, length: chunks, inner });
      });
    device.dispatch({ shader: inputGradShader, overrides }, { y, g, dot, inputGrad }, params, groups);
  });
}
