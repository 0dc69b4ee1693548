import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { cdist } from "../wgsl/cdist.ts";
import { cdistInputGrad as inputGradShader } from "../wgsl/cdist-input-grad.ts";

/** Vectors of m numbers, p and r of them in each of `batch`. */
export interface DistanceDims {
  readonly batch: number;
  readonly p: number;
  readonly r: number;
  readonly m: number;
  readonly power: number;
}

const kindOf = (power: number): number =>
  power === 1 || power === 2 ? power : power === Number.POSITIVE_INFINITY ? 3 : power === 0 ? 4 : 0;

/** The kernels' own power where it is none of those with a kind. */
const paramOf = (power: number): number => (kindOf(power) === 0 ? power : 0);

/** y [batch, p, r] = distances between a [batch, p, m] and b [batch, r, m]. */
export function cdistKernel(
  device: Device,
  io: { a: Binding; b: Binding; y: Binding },
  { batch, p, r, m, power }: DistanceDims,
): void {
  const n = batch * p * r;
  device.dispatch(
    { shader: cdist, overrides: { KIND: kindOf(power) } },
    io,
    { n, p, r, m, power: paramOf(power), stepI: r, stepJ: 1 },
    linearGrid(n),
  );
}

/** The gradient of a, from the distances y and their gradient g; of b with `ofB`, where a and b, and p and r, are exchanged. */
export function cdistInputGrad(
  device: Device,
  io: { a: Binding; b: Binding; y: Binding; g: Binding; inputGrad: Binding },
  { batch, p, r, m, power }: DistanceDims,
  ofB: boolean,
): void {
  const n = batch * p * m;
  device.dispatch(
    { shader: inputGradShader, overrides: { KIND: kindOf(power) } },
    io,
    { n, p, r, m, power: paramOf(power), stepI: ofB ? 1 : r, stepJ: ofB ? p : 1 },
    linearGrid(n),
  );
}
