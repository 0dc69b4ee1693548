import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { argmax } from "../wgsl/argmax.ts";

/** Entries that one invocation compares: as in a sum (reduce.ts), few where rows are few. */
const chunksFor = (outer: number, length: number, inner: number): number => {
  if (length <= 64 || (outer * inner >= 8192 && length <= 512)) return 1;
  return Math.ceil(length / Math.max(64, Math.ceil(Math.sqrt(length))));
};

/** y [outer, inner] = place along `length` of the largest or smallest entry of x [outer, length, inner]; NaN counts as such. */
export function argmaxAxis(
  device: Device,
  { x, y }: { x: Binding; y: Binding },
  { outer, length, inner }: { outer: number; length: number; inner: number },
  smallest: boolean,
): void {
  const run = (candidates: number, places: Binding | undefined, to: Binding): void => {
    const chunks = chunksFor(outer, candidates, inner);
    const pass = (target: Binding): void =>
      device.dispatch(
        { shader: argmax, overrides: { FIRST: places ? 0 : 1, SMALLEST: smallest ? 1 : 0 } },
        { x, places: places ?? x, y: target },
        { outer, length: candidates, inner, chunks, whole: length },
        linearGrid(outer * chunks * inner),
      );
    if (chunks === 1) pass(to);
    else
      withFloats(device, outer * chunks * inner, "argmax's candidates", (some) => {
        pass(some);
        run(chunks, some, to);
      });
  };
  run(length, undefined, y);
}
