import type { Binding, Device } from "../../device/index.ts";
import { linearGrid, walk, walkFours } from "../common/grid.ts";
import { part, ranges } from "../elementwise/map.ts";
import { optimizerAverage } from "../wgsl/optimizer-average.ts";
import { optimizerControl } from "../wgsl/optimizer-control.ts";
import { optimizerGather } from "../wgsl/optimizer-gather.ts";
import { optimizerSquares } from "../wgsl/optimizer-squares.ts";

/** Words of the control buffer: see wgsl/optimizer/optimizer_control.wgsl. */
export const controlWords = 6;

/** How the squares of one range of a gradient are added: 256 an invocation, more where that makes very many sums. */
function squares(device: Device, n: number) {
  const { LANES } = walk(device, n).overrides;
  const EACH = Math.max(256, 2 ** Math.ceil(Math.log2(n / 32768)));
  const groups = Math.max(1, Math.ceil(n / (LANES * EACH)));
  return { overrides: { LANES, EACH }, groups, chunks: groups * LANES };
}

/** Places in the buffer of partial sums that a gradient of `n` numbers takes. */
export function squarePlaces(device: Device, n: number): number {
  let places = 0;
  for (const { length } of ranges(device, n)) places += squares(device, length).chunks;
  return places;
}

/** Sums of the squares of g into partials[first ...]; g of any size. */
export function gradientSquares(
  device: Device,
  { g, partials }: { g: Binding; partials: Binding },
  n: number,
  first: number,
): void {
  let at = first;
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, chunks } = squares(device, length);
    const io = { g: part(g, start, length), partials };
    device.dispatch({ shader: optimizerSquares, overrides }, io, { n: length, first: at }, [groups, 1, 1]);
    at += chunks;
  }
}

/** Gradients that one dispatch gathers: with the sums and their common buffer the eight bindings that every adapter has. */
export const gatheredAtOnce = 6;

export interface Gathered {
  readonly g: Binding;
  readonly n: number;
  /** Place of its first partial sum. */
  readonly first: number;
  /** Place in the common buffer, in numbers. */
  readonly at: number;
}

/** Copies 1 to 6 gradients, each of at most one binding, to their places in `all`, with as many sums of their squares as `gradientSquares` makes. */
export function gatherGradients(
  device: Device,
  list: readonly Gathered[],
  { partials, all }: { partials: Binding; all: Binding },
): void {
  const g = (i: number): Binding => (list[i] ?? list[0]).g;
  const chunks = list.map(({ n }) => squares(device, n).chunks);
  const lanes = chunks.reduce((a, b) => a + b, 0);
  const rows = list.flatMap(({ n, first, at }, i) => [n, chunks[i], first, at]);
  const gradient = [...rows, ...new Array<number>(4 * gatheredAtOnce - rows.length).fill(0)];
  device.dispatch(
    { shader: optimizerGather },
    { g0: g(0), g1: g(1), g2: g(2), g3: g(3), g4: g(4), g5: g(5), partials, all },
    { lanes, gradient },
    linearGrid(lanes),
  );
}

/** Norm, clipping factor and guard of the whole step into `control`; no wait for the host. */
export function gradientControl(
  device: Device,
  { partials, control }: { partials: Binding; control: Binding },
  { count, step, maxNorm }: { count: number; step: () => number; maxNorm: number },
): void {
  const params = () => ({ count, step: step(), maxNorm: maxNorm });
  device.dispatch({ shader: optimizerControl }, { partials, control }, params, [1, 1, 1]);
}

/** e += weight (p - e), in place. */
export function averageTowards(
  device: Device,
  { p, e }: { p: Binding; e: Binding },
  n: number,
  weight: () => number,
): void {
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    device.dispatch(
      { shader: optimizerAverage, overrides, dtype },
      { p: part(p, start, length), e: part(e, start, length) },
      () => ({ n, weight: weight() }),
      groups,
    );
  }
}
