import type { Binding, Device } from "../../device/index.ts";
import { eight, linearGrid, walkFours } from "../common/grid.ts";
import { part, ranges } from "../elementwise/map.ts";
import { copyRows as copyRowsShader } from "../wgsl/copy-rows.ts";
import { fill } from "../wgsl/fill.ts";
import { gatherStrided } from "../wgsl/gather-strided.ts";
import { collapse } from "./broadcast.ts";

/** One side of a strided copy: memory, first element, stride of each dimension (elements). */
export interface Strided {
  readonly binding: Binding;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Rows shorter than this are not worth a work-group each. */
const shortRow = 128;

/** Copies by whole rows where the innermost dimension lies side by side on both sides; false where it does not. */
function copyRows(
  device: Device,
  from: Strided,
  to: Strided,
  shape: readonly number[],
  [sx, sy]: readonly (readonly number[])[],
): boolean {
  const last = shape.length - 1;
  const most = device.limits.maxComputeWorkgroupsPerDimension;
  if (last < 0 || last > 2 || sx[last] !== 1 || sy[last] !== 1 || shape[last] < shortRow) return false;
  const [rows = 1, blocks = 1] = shape.slice(0, last).reverse();
  if (rows > most || blocks > most || shape[last] > 512 * most) return false;
  const stride = (s: readonly number[], back: number): number => (last - back >= 0 ? s[last - back] : 0);
  const lengths = {
    n: shape[last],
    offsetX: from.offset,
    offsetY: to.offset,
    xJ: stride(sx, 1),
    xK: stride(sx, 2),
    yJ: stride(sy, 1),
    yK: stride(sy, 2),
  };
  const fours = Object.values(lengths).every((length) => length % 4 === 0);
  if (fours) for (const name of Object.keys(lengths) as (keyof typeof lengths)[]) lengths[name] /= 4;
  const LANES = device.facts.software && lengths.n <= 64 * most ? 8 : 64;
  device.dispatch(
    { shader: copyRowsShader, overrides: { LANES }, dtype: fours ? "vec4u" : "u32" },
    { x: from.binding, y: to.binding },
    lengths,
    [Math.ceil(lengths.n / (8 * LANES)), rows, blocks],
  );
  return true;
}

/** Copies `shape` elements from one strided place to another; any 4-byte dtype. */
export function copyStrided(device: Device, from: Strided, to: Strided, shape: readonly number[]): void {
  const n = shape.reduce((a, b) => a * b, 1);
  if (n === 0) return;
  const joined = collapse(shape, [from.strides, to.strides]);
  if (copyRows(device, from, to, joined.shape, joined.strides)) return;
  device.dispatch(
    { shader: gatherStrided },
    { x: from.binding, y: to.binding },
    {
      n,
      rank: joined.shape.length,
      offsetX: from.offset,
      offsetY: to.offset,
      shape: eight(joined.shape, 1),
      strideX: eight(joined.strides[0]),
      strideY: eight(joined.strides[1]),
    },
    linearGrid(n, 4),
  );
}

/** Sets `count` floats to `value`. */
export const fillWith = (device: Device, y: Binding, count: number, value: number): void => {
  for (const { start, length } of ranges(device, count)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    device.dispatch({ shader: fill, overrides, dtype }, { y: part(y, start, length) }, { n, value }, groups);
  }
};

/** Copies the one number of `x` to place `at` of `y`; the place is asked for at each run of a recorded step. */
export const placeNumber = (device: Device, { x, y }: { x: Binding; y: Binding }, at: () => number): void => {
  const flat = { n: 1, rank: 1, offsetX: 0, shape: eight([1], 1), strideX: eight([0]), strideY: eight([0]) };
  device.dispatch({ shader: gatherStrided }, { x, y }, () => ({ ...flat, offsetY: at() }), [1, 1, 1]);
};
