import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { padMode } from "../wgsl/pad-mode.ts";
import { padModeInputGrad } from "../wgsl/pad-mode-input-grad.ts";

/** Three neighboring axes of a tensor [outer, ...sizes, inner] and what is added before and after each. */
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
  outA: sizes[0] + before[0] + after[0],
  outB: sizes[1] + before[1] + after[1],
  outC: sizes[2] + before[2] + after[2],
  beforeA: before[0],
  beforeB: before[1],
  beforeC: before[2],
  inner,
});

export function padForward(device: Device, mode: PadMode, { x, y }: { x: Binding; y: Binding }, block: PadBlock): void {
  const params = paramsOf(block);
  const rows = block.outer * params.outA * params.outB;
  const { overrides, each, groups } = rowGrid(params.outC * block.inner, rows);
  device.dispatch(
    { shader: padMode, overrides: { ...overrides, REFLECT: mode === "reflect" ? 1 : 0 } },
    { x, y },
    { rows, each, ...params },
    groups,
  );
}

/** Entries of an axis: `split` of them from `low` on, then the others from `high` on. */
interface Part {
  readonly count: number;
  readonly split: number;
  readonly low: number;
  readonly high: number;
}

/** The entries that went to more places than one. */
function edgesOf(mode: PadMode, size: number, before: number, after: number): Part {
  if (mode === "reflect") return { count: before + after, split: before, low: 1, high: size - 1 - after };
  const split = before > 0 ? 1 : 0;
  return { count: split + (after > 0 ? 1 : 0), split, low: 0, high: size - 1 };
}

/** inputGrad [outer, ...sizes, inner] from g: a copy of what lies inside, and sums for the entries near an edge. */
export function padInputGrad(
  device: Device,
  mode: PadMode,
  { g, inputGrad }: { g: Binding; inputGrad: Binding },
  block: PadBlock,
): void {
  const params = paramsOf(block);
  const whole = block.sizes.map((n): Part => ({ count: n, split: n, low: 0, high: 0 }));
  const run = (sum: boolean, [a, b, c]: readonly Part[]): void => {
    const rows = block.outer * a.count * b.count;
    const { overrides, each, groups } = rowGrid(c.count * block.inner, rows);
    device.dispatch(
      { shader: padModeInputGrad, overrides: { ...overrides, REFLECT: mode === "reflect" ? 1 : 0, SUM: sum ? 1 : 0 } },
      { g, inputGrad },
      {
        ...{ rows, each, ...params, countA: a.count, countB: b.count, countC: c.count },
        ...{ splitA: a.split, splitB: b.split, splitC: c.split, lowA: a.low, lowB: b.low, lowC: c.low },
        ...{ highA: a.high, highB: b.high, highC: c.high },
      },
      groups,
    );
  };
  const edges = block.sizes.map((n, i) => edgesOf(mode, n, block.before[i], block.after[i]));
  // Where most entries lie near an edge (and the two ends of an axis might share some), one pass makes them all.
  if (edges.some((e, i) => 2 * e.count > block.sizes[i])) {
    run(true, whole);
    return;
  }
  run(false, whole);
  edges.forEach((e, i) => {
    if (e.count > 0)
      run(
        true,
        whole.map((w, axis) => (axis === i ? e : w)),
      );
  });
}
