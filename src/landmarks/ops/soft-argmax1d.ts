import { ShapeError } from "../../errors.ts";
import { softArgmaxForward, softArgmaxInputGrad } from "../../kernels/landmarks/soft-argmax2d.ts";
import { checkOptions } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { type Shape, show } from "../../tensor/shape.ts";
import { empty, type Tensor } from "../../tensor/tensor.ts";
import {
  gridOf,
  type SoftArgmaxAttrs,
  type SoftArgmaxOptions,
  softArgmaxAttrs,
  softArgmaxKeys,
} from "./soft-argmax-grid.ts";

/** A profile is a map of one row. */
const dims = (x: Shape) => ({ maps: x[0] * x[1], h: 1, w: x[2] });
const settings = (x: Shape, { beta, convention }: SoftArgmaxAttrs) => ({ beta, grid: gridOf([x[2]], convention) });

const softArgmaxOp: Op<SoftArgmaxAttrs> = {
  name: "softArgmax1d",
  shape([x]) {
    if (x.length !== 3)
      throw new ShapeError(`softArgmax1d: the profiles are ${show(x)}; they must have 3 dimensions [N, K, L]`);
    if (x[2] === 0) throw new ShapeError(`softArgmax1d: the profiles ${show(x, ["N", "K", "L"])} have no cells`);
    return [x[0], x[1], 1];
  },
  forward(ctx, [h], attrs) {
    const points = ctx.empty();
    const stats = ctx.empty([h.shape[0], h.shape[1], 4], "f32");
    softArgmaxForward(
      ctx.device,
      { h: h.binding("profiles"), stats: stats.binding(), points: points.binding() },
      dims(h.shape),
      settings(h.shape, attrs),
    );
    ctx.save(h, stats);
    return points;
  },
  backward(ctx, g, attrs) {
    const [h, stats] = ctx.saved;
    const dh = empty(ctx.device, h.shape, "f32", "softArgmax1d's gradient");
    softArgmaxInputGrad(
      ctx.device,
      { h: h.binding(), stats: stats.binding(), g: g.binding(), inputGrad: dh.binding() },
      dims(h.shape),
      settings(h.shape, attrs),
    );
    return [dh];
  },
};

/** Profiles [N, K, L] -> expected places [N, K, 1] under softmax(beta * h) over L, in cells or by another convention. */
export const softArgmax1d = (profiles: Tensor, options: SoftArgmaxOptions = {}): Tensor => {
  checkOptions("softArgmax1d", options, softArgmaxKeys);
  return apply(softArgmaxOp, [profiles], softArgmaxAttrs("softArgmax1d", options));
};
