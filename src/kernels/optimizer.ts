import type { Binding, Device } from "../device/index.ts";
import { linearGrid } from "./grid.ts";
import { part, ranges } from "./map.ts";
import { optimizerAdam } from "./wgsl/optimizer-adam.ts";
import { optimizerAverage } from "./wgsl/optimizer-average.ts";
import { optimizerControl } from "./wgsl/optimizer-control.ts";
import { optimizerSgd } from "./wgsl/optimizer-sgd.ts";
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

/** Norm, clipping factor and guard of the whole step into `control`; no wait for the host. */
export function gradientControl(
  device: Device,
  { partials, control }: { partials: Binding; control: Binding },
  { count, step, maxNorm }: { count: number; step: number; maxNorm: number },
): void {
  device.dispatch({ shader: optimizerControl }, { partials, control }, { count, step, max_norm: maxNorm }, [1, 1, 1]);
}

/** One SGD step on p in place; without momentum `v` is not touched and may be any other buffer. */
export function sgdStep(
  device: Device,
  { g, control, p, v }: { g: Binding; control: Binding; p: Binding; v: Binding },
  n: number,
  {
    lr,
    momentum,
    dampening,
    nesterov,
    l2,
  }: { lr: number; momentum: number; dampening: number; nesterov: boolean; l2: number },
): void {
  const kind = momentum === 0 ? 0 : nesterov ? 2 : 1;
  for (const { start, length } of ranges(device, n))
    device.dispatch(
      { shader: optimizerSgd, overrides: { kind } },
      { g: part(g, start, length), control, p: part(p, start, length), v: kind === 0 ? v : part(v, start, length) },
      { n: length, lr, momentum, damped: 1 - dampening, l2 },
      linearGrid(length),
    );
}

export interface AdamNumbers {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Added to the gradient times the weight (Adam). */
  readonly l2: number;
  /** Taken from the weight directly, times lr (AdamW). */
  readonly decay: number;
  /** Which step of this parameter it is, from 1. */
  readonly t: number;
}

/** One Adam or AdamW step on p in place; m and v are the running moments. */
export function adamStep(
  device: Device,
  { g, control, p, m, v }: { g: Binding; control: Binding; p: Binding; m: Binding; v: Binding },
  n: number,
  { lr, beta1, beta2, eps, l2, decay, t }: AdamNumbers,
): void {
  const numbers = {
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    eps,
    l2,
    rate: lr / (1 - beta1 ** t),
    root: Math.sqrt(1 - beta2 ** t),
    keep: 1 - lr * decay,
  };
  for (const { start, length } of ranges(device, n)) {
    const [gp, pp, mp, vp] = [g, p, m, v].map((b) => part(b, start, length));
    device.dispatch(
      { shader: optimizerAdam },
      { g: gp, control, p: pp, m: mp, v: vp },
      { n: length, ...numbers },
      linearGrid(length),
    );
  }
}

/** e += weight (p - e), in place. */
export function averageTowards(device: Device, { p, e }: { p: Binding; e: Binding }, n: number, weight: number): void {
  for (const { start, length } of ranges(device, n))
    device.dispatch(
      { shader: optimizerAverage },
      { p: part(p, start, length), e: part(e, start, length) },
      { n: length, weight },
      linearGrid(length),
    );
}
