import { type Binding, type Device, elementBytes } from "../../device/index.ts";
import { LimitError } from "../../errors.ts";
import { eight, walk } from "../common/grid.ts";
import { type Constants, part, ranges } from "../elementwise/map.ts";
import { broadcast3 } from "../wgsl/broadcast3.ts";
import { mapIntegers } from "../wgsl/map-integers.ts";

/** One operand: its memory and a stride for each dimension of the output, 0 where it repeats. */
export interface Operand {
  readonly binding: Binding;
  readonly strides: readonly number[];
}

/** Joins neighboring dimensions that every operand walks as one: most broadcasts then have rank 1 to 3. */
export function collapse(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { shape: number[]; strides: number[][] } {
  const outShape: number[] = [];
  const out: number[][] = strides.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue;
    const last = outShape.length - 1;
    if (last >= 0 && strides.every((s, o) => out[o][last] === s[d] * shape[d])) {
      outShape[last] *= shape[d];
      out.forEach((s, o) => {
        s[last] = strides[o][d];
      });
    } else {
      outShape.push(shape[d]);
      out.forEach((s, o) => {
        s.push(strides[o][d]);
      });
    }
  }
  if (outShape.length > 8)
    throw new LimitError(
      `a broadcast over ${outShape.length} dimensions that cannot be joined; at most 8 are supported`,
    );
  return { shape: outShape, strides: out };
}

/**
 * y = expression(a, b, c) over the broadcast `shape`. A large output is walked in ranges; an operand that is larger than
 * one binding is walked with it when its layout is the output's. With `integers` everything is u32 (bits), and the expression
 * has `number`, which the constants hold in two halves of 16 bits.
 */
export function mapBroadcast(
  device: Device,
  expression: string,
  operands: readonly [Operand, Operand, Operand],
  y: Binding,
  shape: readonly number[],
  [p0, p1]: Constants = [0, 0],
  integers = false,
): void {
  const shader = (integers ? mapIntegers : broadcast3) as typeof broadcast3; // the same bindings and params
  const joined = collapse(
    shape,
    operands.map((o) => o.strides),
  );
  const n = shape.reduce((a, b) => a * b, 1);
  const [sa, sb, sc] = joined.strides;
  const rank = joined.shape.length;
  const whole = operands.map((o) => o.binding.bytes >= n * elementBytes(o.binding)); // laid out as the output: bound in the same ranges
  for (const { start, length } of ranges(device, n)) {
    const [a, b, c] = operands.map((o, i) => (whole[i] ? part(o.binding, start, length) : o.binding));
    const base = [...whole.map((w) => (w ? start : 0)), 0];
    const { overrides, groups } = walk(device, length);
    device.dispatch(
      { shader, overrides, exprs: { f: expression } },
      { a, b, c, y: part(y, start, length) },
      {
        n: length,
        start,
        rank,
        p0,
        p1,
        base,
        shape: eight(joined.shape, 1),
        strideA: eight(sa),
        strideB: eight(sb),
        strideC: eight(sc),
      },
      groups,
    );
  }
}
