import type { Binding, Device } from "../device/index.ts";
import { linearGrid } from "./grid.ts";
import { part, ranges } from "./map.ts";
import { optimizerAverage } from "./wgsl/optimizer-average.ts";
import { optimizerControl } from "./wgsl/optimizer-control.ts";
import { optimizerGather } from "./wgsl/optimizer-gather.ts";
import { optimizerSquares } from "./wgsl/optimizer-squares.ts";

/** Words of the control buffer: see wgsl/optimizer_control.wgsl. */
export const controlWords = 6;

/** Partial sums that one range of a gradient gets: each invocation adds about 256 squares, at most 4096 of them. */
const chunksOf = (n: number): number => Math.min(4096, Math.max(1, Math.ceil(n / 256)));

/** Places in the buffer of partial sums that a gradient of `n` numbers takes. */
export function squarePlaces(device: Device, n: number): number {
  let places = 0;
  for (const { length } of ranges(device, n)) places += chunksOf(length);
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
    const chunks = chunksOf(length);
    device.dispatch(
      { shader: optimizerSquares },
      { g: part(g, start, length), partials },
      { n: length, chunks, first: at },
      linearGrid(chunks),
    );
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

/** Copies 1 to 6 gradients, each of at most one binding, to their places in `all`, with the sums of their squares as `gradientSquares`. */
export function gatherGradients(
  device: Device,
  list: readonly Gathered[],
  { partials, all }: { partials: Binding; all: Binding },
): void {
  const g = (i: number): Binding => (list[i] ?? list[0]).g;
  const chunks = list.map(({ n }) => chunksOf(n));
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
  const params = () => ({ count, step: step(), max_norm: maxNorm });
  device.dispatch({ shader: optimizerControl }, { partials, control }, params, [1, 1, 1]);
}

/** e += weight (p - e), in place. */
export function averageTowards(
  device: Device,
  { p, e }: { p: Binding; e: Binding },
  n: number,
  weight: () => number,
): void {
  for (const { start, length } of ranges(device, n))
    device.dispatch(
      { shader: optimizerAverage },
      { p: part(p, start, length), e: part(e, start, length) },
      () => ({ n: length, weight: weight() }),
      linearGrid(length),
    );
}
