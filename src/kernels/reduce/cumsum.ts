import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { cumsum } from "../wgsl/cumsum.ts";

/** Neighbors that one invocation adds up: the square root of a long row, so that chunks and carries cost alike. */
const eachFor = (outer: number, length: number, inner: number): number =>
  length <= 64 || (outer * inner >= 8192 && length <= 512) ? length : Math.max(32, Math.ceil(Math.sqrt(length)));

/** What is made of two neighbors, and of none. */
const kinds = { sum: { combine: "a + b", start: 0 }, prod: { combine: "a * b", start: 1 } } as const;

/**
 * y = the running sum (or product) of x [outer, length, inner] along `length`, from its end where `reverse`; in passes of fixed
 * order.
 */
export function cumsumAxis(
  device: Device,
  { x, y }: { x: Binding; y: Binding },
  { outer, length, inner }: { outer: number; length: number; inner: number },
  reverse: boolean,
  kind: keyof typeof kinds = "sum",
): void {
  const each = eachFor(outer, length, inner);
  const chunks = Math.ceil(length / each);
  const { combine, start } = kinds[kind];
  const run = (to: Binding, carry: Binding, sums: boolean): void =>
    device.dispatch(
      {
        shader: cumsum,
        overrides: { SUMS: sums ? 1 : 0, REVERSE: reverse ? 1 : 0, START: start },
        exprs: { combine },
      },
      { x, carry, y: to },
      { outer, length, inner, chunks, each },
      linearGrid(outer * chunks * inner),
    );
  if (chunks === 1) {
    run(y, x, false);
    return;
  }
  const n = outer * chunks * inner;
  withFloats(device, n, "cumsum's sums of chunks", (sums) =>
    withFloats(device, n, "cumsum's carries", (carry) => {
      run(sums, x, true);
      cumsumAxis(device, { x: sums, y: carry }, { outer, length: chunks, inner }, false, kind); // chunks count from where the sum starts
      run(y, carry, false);
    }),
  );
}
