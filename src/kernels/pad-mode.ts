import type { Binding, Device } from "../device/index.ts";
import { rowGrid } from "./rows.ts";
import { padMode } from "./wgsl/pad-mode.ts";
import { padModeDx } from "./wgsl/pad-mode-dx.ts";

/** Three neighbouring axes of a tensor [outer, ...sizes, inner] and what is added before and after each. */
export interface PadBlock {
  readonly outer: number;
  readonly sizes: readonly [number, number, number];
  readonly before: readonly [number, number, number];
  readonly after: readonly [number, number, number];
  readonly inner: number;
}

/** What lies beyond an end: the reflection at the last entry, or the last entry itself. */
export type PadMode = "reflect" | "replicate";

const paramsOf = ({ sizes, before, after, inner }: PadBlock) => ({
  a: sizes[0],
  b: sizes[1],
  c: sizes[2],
  out_a: sizes[0] + before[0] + after[0],
  out_b: sizes[1] + before[1] + after[1],
  out_c: sizes[2] + before[2] + after[2],
  before_a: before[0],
  before_b: before[1],
  before_c: before[2],
  inner,
});

export function padForward(device: Device, mode: PadMode, { x, y }: { x: Binding; y: Binding }, block: PadBlock): void {
  const params = paramsOf(block);
  const rows = block.outer * params.out_a * params.out_b;
  const { overrides, each, groups } = rowGrid(params.out_c * block.inner, rows);
  device.dispatch(
    { shader: padMode, overrides: { ...overrides, REFLECT: mode === "reflect" ? 1 : 0 } },
    { x, y },
    { rows, each, ...params },
    groups,
  );
}

export function padInputGrad(
  device: Device,
  mode: PadMode,
  { g, dx }: { g: Binding; dx: Binding },
  block: PadBlock,
): void {
  const params = paramsOf(block);
  const rows = block.outer * params.a * params.b;
  const { overrides, each, groups } = rowGrid(params.c * block.inner, rows);
  device.dispatch(
    { shader: padModeDx, overrides: { ...overrides, REFLECT: mode === "reflect" ? 1 : 0 } },
    { g, dx },
    { rows, each, ...params },
    groups,
  );
}
