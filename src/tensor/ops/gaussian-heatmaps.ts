import { ConfigError, ShapeError } from "../../errors.ts";
import { gaussianForward, gaussianPointsGrad } from "../../kernels/gaussian-heatmaps.ts";
import { apply, type Op } from "../apply.ts";
import { type Shape, show } from "../shape.ts";
import { empty, type Tensor } from "../tensor.ts";
import { type Pair, pair } from "./conv2d.ts";

interface GaussianAttrs {
  readonly size: readonly [number, number];
  readonly sigma: number;
}

const dims = (points: Shape, { size: [h, w] }: GaussianAttrs) => ({ maps: points[0] * points[1], h, w });

const gaussianOp: Op<GaussianAttrs> = {
  name: "gaussian_heatmaps",
  shape([points], { size }) {
    if (points.length !== 3 || points[2] !== 2)
      throw new ShapeError(`gaussian_heatmaps: points are ${show(points)}; they must be [N, K, 2] = (column, row)`);
    return [points[0], points[1], ...size];
  },
  forward(ctx, [points], attrs) {
    const y = ctx.empty();
    gaussianForward(
      ctx.device,
      { points: points.binding("points"), y: y.binding() },
      dims(points.shape, attrs),
      attrs.sigma,
    );
    ctx.save(points);
    return y;
  },
  backward(ctx, g, attrs) {
    const [points] = ctx.saved;
    const dpoints = empty(ctx.device, points.shape, "f32", "gaussian_heatmaps' gradient");
    const io = { points: points.binding(), g: g.binding(), dpoints: dpoints.binding() };
    gaussianPointsGrad(ctx.device, io, dims(points.shape, attrs), attrs.sigma);
    return [dpoints];
  },
};

/** Points [N, K, 2] = (column, row) -> heat-maps [N, K, h, w] = exp(-r^2 / (2 sigma^2)), sigma and r in pixels of the map. */
export function gaussianHeatmaps(points: Tensor, { size, sigma }: { size: Pair; sigma: number }): Tensor {
  if (!(sigma > 0 && Number.isFinite(sigma)))
    throw new ConfigError("sigma", `gaussian_heatmaps: sigma is ${sigma}; give a number of pixels above 0`);
  return apply(gaussianOp, [points], { size: pair("gaussian_heatmaps", "size", size, 1), sigma });
}
