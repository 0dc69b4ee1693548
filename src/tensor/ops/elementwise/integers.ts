import { DTypeError } from "../../../errors.ts";
import { apply, type Op } from "../../apply.ts";
import { broadcastShapes, show } from "../../shape.ts";
import type { DType } from "../../storage.ts";
import { Tensor } from "../../tensor.ts";
import { mapIntegersNew } from "./map.ts";

/** Elementwise ops of i32 and u32 tensors: exact, modulo 2^32, without a gradient. Comparisons give f32, as of floats. */

type Integer = "i32" | "u32";
export const isInteger = (dtype: DType): dtype is Integer => dtype === "i32" || dtype === "u32";

/** Values as WGSL over a and b, which are of the tensors' kind. */
const values = { add: "a + b", sub: "a - b", mul: "a * b", maximum: "max(a, b)", minimum: "min(a, b)" };
const comparisons = { eq: "a == b", ne: "a != b", lt: "a < b", le: "a <= b", gt: "a > b", ge: "a >= b" };

/** The expression over the operands' bits. */
function expressionOf(name: string, dtype: Integer, number: "a" | "b" | undefined): string {
  const kind = (v: string): string => {
    const bits = v === number ? "number" : number === "a" ? "a" : v; // a lone tensor is the kernel's a
    return dtype === "i32" ? `bitcast<i32>(${bits})` : bits;
  };
  const rename = (text: string): string => text.replace(/\b[ab]\b/g, kind);
  if (name in values) return `bitcast<u32>(${rename(values[name as keyof typeof values])})`;
  return `select(0u, 0x3f800000u, ${rename(comparisons[name as keyof typeof comparisons])})`; // 0 and 1 as f32
}

interface NumberAttrs {
  readonly value: number;
}

function opsOf(name: string, dtype: Integer) {
  const own = { name, takes: "own", dtype: name in values ? dtype : "f32" } as const;
  const two: Op<undefined> = {
    ...own,
    shape: ([a, b]) => broadcastShapes(name, a, b),
    forward: (ctx, inputs) => mapIntegersNew(expressionOf(name, dtype, undefined), inputs, ctx.shape, own.dtype),
  };
  const withNumber = (number: "a" | "b"): Op<NumberAttrs> => ({
    ...own,
    shape: ([x]) => x,
    forward: (ctx, inputs, { value }) =>
      mapIntegersNew(expressionOf(name, dtype, number), inputs, ctx.shape, own.dtype, [
        (value >>> 0) & 0xffff,
        value >>> 16,
      ]),
  });
  return { two, a: withNumber("a"), b: withNumber("b") };
}

const limits = { i32: [-2147483648, 2147483647], u32: [0, 4294967295] } as const;

/** Throws DTypeError unless an integer tensor of `dtype` can hold the number. @internal */
export function expectHeld(op: string, value: number, dtype: Integer): void {
  const [low, high] = limits[dtype];
  if (!Number.isInteger(value) || value < low || value > high)
    throw new DTypeError(
      `${op}: ${value} beside a tensor of ${dtype}, which holds whole numbers from ${low} to ${high}; use cast(x, "f32")`,
    );
}

/** Throws DTypeError unless two tensors hold one kind of number. @internal */
export function expectAlike(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype)
    throw new DTypeError(
      `${op}: a ${show(a.shape)} holds ${a.dtype} and b ${show(b.shape)} ${b.dtype}; make them one with cast(x, "${a.dtype}") or cast(x, "${b.dtype}")`,
    );
}

/** The op `name` where an operand is an integer tensor; else, and where there is none for integers, undefined. @internal */
export function integerOp(name: string): (a: Tensor | number, b: Tensor | number) => Tensor | undefined {
  if (!(name in values || name in comparisons)) return () => undefined;
  const ops = { i32: opsOf(name, "i32"), u32: opsOf(name, "u32") };
  return (a, b) => {
    const lead = typeof a === "number" || (b instanceof Tensor && isInteger(b.dtype)) ? b : a;
    if (!(lead instanceof Tensor) || !isInteger(lead.dtype)) return undefined;
    const { dtype } = lead;
    const { two, ...one } = ops[dtype];
    if (a instanceof Tensor && b instanceof Tensor) {
      expectAlike(name, a, b);
      return apply(two, [a, b], undefined);
    }
    const [place, value, x] = typeof a === "number" ? (["a", a, b] as const) : (["b", b as number, a] as const);
    if (typeof value !== "number") return undefined; // what is neither is refused where every op looks at its inputs
    expectHeld(name, value, dtype);
    return apply(one[place], [x as Tensor], { value });
  };
}
