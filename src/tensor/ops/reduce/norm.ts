import { ConfigError, ShapeError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes, show } from "../../shape.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { mapBroadcastNew, mapNew } from "../elementwise/map.ts";
import { type ReduceAttrs, type ReduceOptions, reducedShape, reduceTo } from "./reduce.ts";

export interface NormOptions extends ReduceOptions {
  /** Any number, Infinity (largest size) and -Infinity (smallest) among them; 0 counts what is not 0. Default 2. */
  readonly p?: number | undefined;
}
const normKeys: KeysOf<NormOptions> = { p: 1, keepDims: 1 };

interface NormAttrs extends ReduceAttrs {
  readonly p: number;
}

const isZero = (v: string): string => `(bitcast<u32>(${v}) & 0x7fffffffu) == 0u`;

/** |x| is taken in parts of the largest, so that no power leaves float32; 1 where that is 0 or no number to divide by. */
const notFinite = (v: string): string => `(bitcast<u32>(${v}) & 0x7fffffffu) >= 0x7f800000u`;
const scaleOf = `select(a, 1.0, a == 0.0 || ${notFinite("a")})`;

/** |a / scale|^p, and from their sum a and the scale b the root. p = 1 and 2 without `pow`, which costs digits. */
const powers: Readonly<Record<number, readonly [power: string, root: string]>> = {
  1: ["abs(a / b)", "a * b"],
  2: ["(a / b) * (a / b)", "sqrt(a) * b"],
};
const general = ["pow(abs(a / b), p0)", "pow(a, p0) * b"] as const;

function forward(x: Tensor, { axes, p }: NormAttrs): Tensor {
  const size = mapNew("abs(a)", x);
  if (p === 0) return reduceTo("sum", mapNew(`select(1.0, 0.0, ${isZero("a")})`, x), axes, 1);
  // Where p is negative, the smallest leads.
  const leading = reduceTo(p > 0 ? "max" : "min", size, axes, 1);
  if (Math.abs(p) === Number.POSITIVE_INFINITY) return leading;
  const scale = mapNew(scaleOf, leading);
  const [power, root] = powers[p] ?? general;
  const sum = reduceTo("sum", mapBroadcastNew(power, [x, scale], x.shape, [p, 0]), axes, 1);
  const led = `select(${root}, c, c == 0.0 || ${notFinite("c")})`;
  return mapBroadcastNew(led, [sum, scale, leading], sum.shape, [1 / p, 0]);
}

const sign = (v: string): string => `select(sign(${v}), ${v}, isNan(${v}))`;

const normOp: Op<NormAttrs> = {
  name: "norm",
  shape: ([x], { axes, keepDims }) => reducedShape(x, axes, keepDims),
  forward(ctx, [x], attrs) {
    if (x.size === 0) return zeros(ctx.device, ctx.shape);
    const y = forward(x, attrs);
    ctx.save(x, y);
    return y.alias(ctx.shape);
  },
  backward(ctx, given, { axes, p }) {
    if (ctx.saved.length === 0 || p === 0) return [zeros(ctx.device, ctx.inputShapes[0])];
    const [x, y] = ctx.saved;
    const g = given.alias(y.shape);
    if (Math.abs(p) === Number.POSITIVE_INFINITY) {
      // Ties share the gradient evenly, as torch.linalg.vector_norm has it.
      const ties = mapBroadcastNew("select(0.0, 1.0, abs(a) == b)", [x, y], x.shape);
      const share = mapNew("a / b", g, reduceTo("sum", ties, axes, 1));
      const signed = mapNew(`${sign("a")} * b`, x, ties);
      return [mapBroadcastNew("a * b", [signed, share], x.shape)];
    }
    if (p === 1) return [mapBroadcastNew(`a * ${sign("b")}`, [g, x], x.shape)];
    const slope = p === 2 ? "b / c" : `${sign("b")} * pow(abs(b / c), p0)`;
    // 0 at 0, and where the norm is 0.
    return [mapBroadcastNew(`select(a * (${slope}), 0.0, c == 0.0 || b == 0.0)`, [g, x, y], x.shape, [p - 1, 0])];
  },
};

/**
 * (sum of |x|^p)^(1/p) over `axis`, one or several together as one vector (all by default; negative ones count from the end), without
 * overflow (torch.linalg.vector_norm). The gradient is 0 where an entry or the norm is 0. Throws ConfigError for a p that is NaN and
 * ShapeError for the largest or smallest of nothing.
 */
export function norm(x: Tensor, axis?: Axes, options: NormOptions = {}): Tensor {
  const { p = 2, keepDims = false } = checkOptions("norm", options, normKeys);
  const axes = normalizeAxes("norm", axis, x.rank);
  if (typeof p !== "number" || Number.isNaN(p))
    throw new ConfigError("p", `norm: p is ${p}; give a number, or Infinity for the largest entry`);
  if ((p < 0 || p === Number.POSITIVE_INFINITY) && axes.some((a) => x.shape[a] === 0))
    throw new ShapeError(
      `norm: x ${show(x.shape)} has nothing along axes [${axes.join(", ")}]; for p ${p} give axes with entries`,
    );
  if (x.dtype === "f16") return inFloat32([x], ([wide]) => norm(wide, axes, { p, keepDims }));
  return apply(normOp, [x], { axes, keepDims, p });
}
