import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { reduce } from "../wgsl/reduce.ts";
import { reduceIntegers } from "../wgsl/reduce-integers.ts";

/** How two partial results combine. NaN goes through maximum and minimum. */
export const combine = { sum: "a + b", prod: "a * b", max: "nanMax(a, b)", min: "nanMin(a, b)" } as const;

/** Entries that one invocation walks: short sums keep float32's error small, and leave enough invocations. */
const chunksFor = (outer: number, length: number, inner: number): number => {
  if (length <= 64 || (outer * inner >= 8192 && length <= 512)) return 1;
  return Math.ceil(length / Math.min(512, Math.max(64, Math.ceil(Math.sqrt(length)))));
};

/** x [outer, length, inner] -> y [outer, inner], times `scale`; in passes of fixed order. `length` at least 1. */
export function reduceAxis(
  device: Device,
  kind: keyof typeof combine,
  { x, y }: { x: Binding; y: Binding },
  { outer, length, inner, scale = 1 }: { outer: number; length: number; inner: number; scale?: number },
): void {
  const chunks = chunksFor(outer, length, inner);
  const run = (from: Binding, to: Binding, len: number, parts: number, factor: number): void =>
    device.dispatch(
      { shader: reduce, overrides: { COMPENSATED: kind === "sum" ? 1 : 0 }, exprs: { combine: combine[kind] } },
      { x: from, y: to },
      { outer, length: len, inner, chunks: parts, scale: factor, zero: 0 },
      linearGrid(outer * parts * inner),
    );
  if (chunks === 1) {
    run(x, y, length, 1, scale);
    return;
  }
  withFloats(device, outer * chunks * inner, `partial results of ${kind}`, (parts) => {
    run(x, parts, length, chunks, 1);
    reduceAxis(device, kind, { x: parts, y }, { outer, length: chunks, inner, scale });
  });
}

const combineSigned = (name: string): string => `bitcast<u32>(${name}(bitcast<i32>(a), bitcast<i32>(b)))`;
const combineIntegers = {
  u32: { sum: "a + b", prod: "a * b", max: "max(a, b)", min: "min(a, b)" },
  i32: { sum: "a + b", prod: "a * b", max: combineSigned("max"), min: combineSigned("min") },
} as const;

/** The same of integers; a sum is taken modulo 2^32. */
export function reduceIntegersAxis(
  device: Device,
  kind: keyof typeof combine,
  dtype: keyof typeof combineIntegers,
  { x, y }: { x: Binding; y: Binding },
  { outer, length, inner }: { outer: number; length: number; inner: number },
): void {
  const chunks = chunksFor(outer, length, inner);
  const run = (to: Binding): void =>
    device.dispatch(
      { shader: reduceIntegers, exprs: { combine: combineIntegers[dtype][kind] } },
      { x, y: to },
      { outer, length, inner, chunks },
      linearGrid(outer * chunks * inner),
    );
  if (chunks === 1) {
    run(y);
    return;
  }
  withFloats(device, outer * chunks * inner, `partial results of ${kind}`, (parts) => {
    run(parts);
    reduceIntegersAxis(device, kind, dtype, { x: parts, y }, { outer, length: chunks, inner });
  });
}
