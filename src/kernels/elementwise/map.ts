import { type Binding, type Device, elementBytes } from "../../device/index.ts";
import { eachOfFour, walkFours } from "../common/grid.ts";
import { map1 } from "../wgsl/map1.ts";
import { map2 } from "../wgsl/map2.ts";

/** Numbers that a row's expression may use as p0 and p1. */
export type Constants = readonly [p0: number, p1: number];

/** Ranges of at most one binding's bytes, 256-byte aligned, that cover `n` elements of 2 or 4 bytes. */
export function* ranges(device: Device, n: number): Generator<{ start: number; length: number }> {
  const most = Math.floor(device.limits.maxStorageBufferBindingSize / 512) * 128;
  for (let start = 0; start < n; start += most) yield { start, length: Math.min(most, n - start) };
}

/** The part of a binding from element `start`. */
export const part = (b: Binding, start: number, length: number): Binding => ({
  ...b,
  offset: (b.offset ?? 0) + start * elementBytes(b),
  bytes: length * elementBytes(b),
});

const fourOfOne = eachOfFour(["a"], ["p0", "p1"]);
const fourOfTwo = eachOfFour(["a", "b"], ["p0", "p1"]);

/** y = expression(a) over `n` elements, of any size: walked in ranges of one binding. */
export function mapOne(
  device: Device,
  expression: string,
  { a, y }: { a: Binding; y: Binding },
  n: number,
  [p0, p1]: Constants = [0, 0],
): void {
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const exprs = { f: expression, ...(dtype === "vec4f" ? { each: fourOfOne } : {}) };
    device.dispatch(
      { shader: map1, overrides, exprs, dtype },
      { a: part(a, start, length), y: part(y, start, length) },
      { n, p0, p1 },
      groups,
    );
  }
}

/** y = expression(a, b) over equal shapes of `n` elements, of any size. */
export function mapTwo(
  device: Device,
  expression: string,
  { a, b, y }: { a: Binding; b: Binding; y: Binding },
  n: number,
  [p0, p1]: Constants = [0, 0],
): void {
  for (const { start, length } of ranges(device, n)) {
    const { overrides, groups, dtype, n } = walkFours(device, length);
    const exprs = { f: expression, ...(dtype === "vec4f" ? { each: fourOfTwo } : {}) };
    device.dispatch(
      { shader: map2, overrides, exprs, dtype },
      { a: part(a, start, length), b: part(b, start, length), y: part(y, start, length) },
      { n, p0, p1 },
      groups,
    );
  }
}
