import { ConfigError, ShapeError } from "../../../errors.ts";
import { cdistInputGrad, cdistKernel, type DistanceDims } from "../../../kernels/matmul/cdist.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { broadcastShapes, type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { broadcastTo } from "../layout/rearrange.ts";

interface CdistAttrs {
  readonly p: number;
}

const dimsOf = (a: Shape, b: Shape, power: number): DistanceDims => ({
  batch: sizeOf(a.slice(0, -2)),
  p: a[a.length - 2],
  r: b[b.length - 2],
  m: a[a.length - 1],
  power,
});

/** Here both have one batch. */
const cdistOp: Op<CdistAttrs> = {
  name: "cdist",
  shape: ([a, b]) => [...a.slice(0, -1), b[b.length - 2]],
  forward(ctx, [a, b], { p }) {
    const y = ctx.empty();
    if (y.size === 0) return y;
    if (a.size === 0) return zeros(ctx.device, ctx.shape, y.dtype);
    const io = { a: a.binding("a"), b: b.binding("b"), y: y.binding() };
    cdistKernel(ctx.device, io, dimsOf(a.shape, b.shape, p));
    ctx.save(a, b, y);
    return y;
  },
  backward(ctx, g, { p }) {
    const [a, b, y] = ctx.saved;
    // How many differ has no slope.
    if (!y || p === 0) return ctx.inputShapes.map((shape) => zeros(ctx.device, shape));
    const part = (of: Tensor, other: Tensor, ofB: boolean): Tensor => {
      const dx = empty(ctx.device, of.shape, "f32", "cdist's gradient");
      const io = { a: of.binding(), b: other.binding(), y: y.binding(), g: g.binding(), inputGrad: dx.binding() };
      cdistInputGrad(ctx.device, io, dimsOf(of.shape, other.shape, p), ofB);
      return dx;
    };
    return [ctx.needs[0] ? part(a, b, false) : null, ctx.needs[1] ? part(b, a, true) : null];
  },
};

export interface CdistOptions {
  /** The norm of the difference: 0 or more, or Infinity. Default 2. */
  readonly p?: number | undefined;
}
const cdistKeys: KeysOf<CdistOptions> = { p: 1 };

/**
 * Distances between vectors a [..., P, M] and b [..., R, M]: [..., P, R], each the p-norm of a difference (Infinity: the largest, 0:
 * how many differ); leading dimensions broadcast. Differences are taken one by one, so that near vectors have all digits. The
 * gradient is 0 where a difference is. Throws ShapeError for vectors of two lengths, ConfigError for a negative p.
 */
export function cdist(a: Tensor, b: Tensor, options: CdistOptions = {}): Tensor {
  const { p = 2 } = checkOptions("cdist", options, cdistKeys);
  if (!(p >= 0)) throw new ConfigError("p", `cdist: p is ${p}; give 0 or more, or Infinity for the largest`);
  const [m, other] = [a.shape.at(-1), b.shape.at(-1)];
  if (a.rank < 2 || b.rank < 2 || m !== other)
    throw new ShapeError(
      `cdist: a is ${show(a.shape)} and b ${show(b.shape)}; they must be [..., P, M] and [..., R, M] with one M`,
    );
  const batch = broadcastShapes("cdist", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const spread = (t: Tensor): Tensor => {
    const shape = [...batch, ...t.shape.slice(-2)];
    return sameShape(shape, t.shape) ? t : broadcastTo(t, shape);
  };
  return tidy(() => apply(cdistOp, [spread(a), spread(b)], { p }));
}
