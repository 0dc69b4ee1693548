import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { normalizeAxes, type Shape, sameShape } from "../../shape.ts";
import { Tensor, zeros } from "../../tensor.ts";
import { expectDType } from "../common/dtype.ts";
import { add } from "../elementwise/elementwise.ts";
import { pad } from "../layout/layout.ts";
import { corner, expectWithin, put, take } from "./gather.ts";

interface AxisAttrs {
  readonly axis: number;
}

/** Here src and index have one shape, and outside the axis that of x. */
const scatterAddOp: Op<AxisAttrs> = {
  name: "scatterAdd",
  takes: "own",
  shape: ([x]) => x,
  forward(ctx, [x, index, src], { axis }) {
    ctx.save(index);
    return put(x, src, index, axis, ctx.shape, false);
  },
  backward(ctx, g, { axis }) {
    return [g, null, ctx.needs[2] ? take(g, ctx.saved[0], axis, ctx.inputShapes[2], false) : null];
  },
};

/**
 * x with src[i][j][k] added to x[i][index[i][j][k]][k] for axis 1, likewise for others (torch.scatter_add): `index` is an i32 or
 * u32 tensor of one rank with x and src, no larger than src, and outside `axis` no larger than x. What meets at one place is
 * added in ascending order, so results repeat bit for bit. An index outside 0 to size - 1 makes its line along `axis` NaN.
 */
export function scatterAdd(x: Tensor, axis: number, index: Tensor, src: Tensor): Tensor {
  expectDType("scatterAdd", "x", x, "f32", "f16");
  expectDType("scatterAdd", "index", index, "i32", "u32");
  expectDType("scatterAdd", "src", src, x.dtype);
  const [along] = normalizeAxes("scatterAdd", axis, x.rank);
  expectWithin("scatterAdd", ["index", "x"], index.shape, x.shape, along);
  expectWithin("scatterAdd", ["index", "src"], index.shape, src.shape);
  const used = corner(src, index.shape);
  const shape = x.shape.map((v, d) => (d === along ? v : index.shape[d]));
  const run = (base: Tensor): Tensor => apply(scatterAddOp, [base, index, used], { axis: along });
  try {
    return sameShape(shape, x.shape) ? run(x) : addCorner(x, shape, run);
  } finally {
    if (used !== src) used.dispose();
  }
}

/** Where only a corner of x is added to: what that gains is put beside zeros first. */
function addCorner(x: Tensor, shape: Shape, run: (base: Tensor) => Tensor): Tensor {
  return tidy(() => {
    const gained = run(x.isMeta ? Tensor.meta(shape, x.dtype) : zeros(x.device, shape, x.dtype));
    return add(
      x,
      pad(
        gained,
        shape.map((v, d) => [0, x.shape[d] - v]),
      ),
    );
  });
}
