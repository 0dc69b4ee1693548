import type { Binding, Device } from "../../device/index.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { most } from "./grid.ts";
import { withFloats } from "./scratch.ts";

/**
 * Pieces that the sums of a weight gradient should be cut into at least: about 256 products each, since float32 loses digits in long
 * sums of one sign, as long as the partial sums take no more than 16 MiB.
 */
export const piecesOfSums = (products: number, weights: number): number =>
  Math.max(1, Math.min(Math.ceil(products / 256), Math.floor(2 ** 22 / Math.max(1, weights))));

/** So many pieces of `length`, or fewer: what a grid holds, and none of them empty. */
export const evenPieces = (length: number, pieces: number): number =>
  Math.ceil(length / Math.ceil(length / Math.max(1, Math.min(length, pieces, most))));

/**
 * Runs a kernel that makes `pieces` partial sums of `count` numbers each, [pieces, count], and adds them up in their order into
 * `into`; a single piece goes there at once.
 */
export function addPieces(
  device: Device,
  { pieces, count, into, what }: { pieces: number; count: number; into: Binding; what: string },
  run: (parts: Binding) => void,
): void {
  if (pieces === 1) run(into);
  else
    withFloats(device, pieces * count, what, (parts) => {
      run(parts);
      reduceAxis(device, "sum", { x: parts, y: into }, { outer: 1, length: pieces, inner: count });
    });
}
