import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { radixCount } from "../wgsl/radix-count.ts";
import { radixMove } from "../wgsl/radix-move.ts";
import { scanU32 } from "../wgsl/scan-u32.ts";

/** Keys that one invocation moves: at least 64, and no more blocks than one workgroup can scan in good time. */
const blockOf = (n: number): number => Math.max(64, Math.ceil(n / 8192));

/** Keys in some order, with the number each had at the start. */
export interface Numbered {
  readonly keys: Binding;
  readonly order: Binding;
}

/** Further keys to sort by, behind which those before only decide among equals. */
export interface FurtherKeys {
  readonly largest: number;
  /** Writes a key for each number of `order`, in that order. */
  fill(keys: Binding, order: Binding): void;
}

/**
 * Sorts `n` keys (u32, at most `largest`) and tells `use` of them in order, with the number each had at the start. Equal keys
 * stay in the order of their numbers, without atomics: the same bits every time. `fill` writes the keys; the memory is lent
 * for the call. Four bits a pass, so few passes where `largest` is small. With `then` it is sorted by those keys first.
 */
export function withSorted(
  device: Device,
  { n, largest, then }: { n: number; largest: number; then?: FurtherKeys },
  fill: (keys: Binding) => void,
  use: (sorted: Numbered) => void,
): void {
  const each = blockOf(n);
  const blocks = Math.ceil(n / each);
  const lend = (what: string, inner: (b: Binding) => void) => withFloats(device, n, what, inner);
  lend("keys to sort", (keysA) =>
    lend("keys to sort", (keysB) =>
      lend("their numbers", (orderA) =>
        lend("their numbers", (orderB) =>
          withFloats(device, 16 * blocks, "counts of digits", (table) => {
            fill(keysA);
            let from = { keys: keysA, order: orderA };
            let to = { keys: keysB, order: orderB };
            let first = true;
            const sortBy = (most: number): void => {
              const passes = Math.max(1, Math.ceil(Math.log2(most + 1) / 4));
              for (let pass = 0; pass < passes; pass++) {
                const params = { n, each, blocks, shift: 4 * pass };
                const groups = linearGrid(blocks);
                device.dispatch({ shader: radixCount }, { keys: from.keys, table }, params, groups);
                device.dispatch({ shader: scanU32 }, { table }, { n: 16 * blocks }, [1, 1, 1]);
                device.dispatch(
                  { shader: radixMove, overrides: { FIRST: first ? 1 : 0 } },
                  { ...from, table, keysOut: to.keys, orderOut: to.order },
                  params,
                  groups,
                );
                first = false;
                [from, to] = [to, from];
              }
            };
            sortBy(largest);
            if (then) {
              then.fill(from.keys, from.order);
              sortBy(then.largest);
            }
            use(from);
          }),
        ),
      ),
    ),
  );
}
