import { ConfigError, ShapeError } from "../../errors.ts";
import {
  type GaussianForm,
  gaussianForward,
  gaussianPointsGrad,
  gaussianSigmaGrad,
} from "../../kernels/landmarks/gaussian-heatmaps.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { type Pair, pair } from "../../tensor/ops/common/axes.ts";
import { type Shape, show } from "../../tensor/shape.ts";
import { empty, Tensor, zeros } from "../../tensor/tensor.ts";

interface GaussianAttrs {
  readonly size: readonly [number, number];
  /** Left out where it is the second input. */
  readonly sigma?: number;
  readonly gamma?: number;
}

const dims = (points: Shape, { size: [h, w] }: GaussianAttrs) => ({ maps: points[0] * points[1], h, w });

const formOf = ({ sigma, gamma }: GaussianAttrs, learned: Tensor | undefined): GaussianForm => {
  if (learned) return { sigma: { binding: learned.binding("sigma"), count: learned.size }, gamma };
  return { sigma: sigma as number, gamma };
};

const gaussianOp: Op<GaussianAttrs> = {
  name: "gaussianHeatmaps",
  shape([points, sigma], { size }) {
    if (points.length !== 3 || points[2] !== 2)
      throw new ShapeError(`gaussianHeatmaps: points are ${show(points)}; they must be [N, K, 2] = (column, row)`);
    const one = sigma === undefined || sigma.length === 0 || (sigma.length === 1 && sigma[0] === 1);
    if (!one && !(sigma.length === 1 && sigma[0] === points[1]))
      throw new ShapeError(
        `gaussianHeatmaps: sigma is ${show(sigma)} but points ${show(points, ["N", "K"])} have K=${points[1]}; make it [${points[1]}], one for each landmark, or [1]`,
      );
    return [points[0], points[1], ...size];
  },
  forward(ctx, [points, sigma], attrs) {
    const y = ctx.empty();
    if (y.size === 0) return y;
    gaussianForward(
      ctx.device,
      { points: points.binding("points"), y: y.binding() },
      dims(points.shape, attrs),
      formOf(attrs, sigma),
    );
    ctx.save(points);
    if (sigma) ctx.save(sigma);
    return y;
  },
  backward(ctx, g, attrs) {
    const { device, needs, inputShapes } = ctx;
    if (g.size === 0) return inputShapes.map((s) => zeros(device, s));
    const [points, sigma] = ctx.saved;
    const sizes = dims(points.shape, attrs);
    const io = { points: points.binding(), g: g.binding() };
    const grads: (Tensor | null)[] = inputShapes.map((s, i) =>
      needs[i] ? empty(device, s, "f32", "gaussianHeatmaps' gradient") : null,
    );
    const [dpoints, dsigma] = grads;
    if (dpoints) gaussianPointsGrad(device, { ...io, dpoints: dpoints.binding() }, sizes, formOf(attrs, sigma));
    if (dsigma) {
      const learned = { binding: sigma.binding("sigma"), count: sigma.size };
      gaussianSigmaGrad(device, { ...io, sigmaGrad: dsigma.binding() }, sizes, { sigma: learned, gamma: attrs.gamma });
    }
    return grads;
  },
};

export interface GaussianHeatmapOptions {
  /** [h, w] of a map, or one number for both. */
  readonly size: Pair;
  /** In pixels of the map: a number above 0, or a tensor [K] or [1] that may be learned; none of its entries may be 0. */
  readonly sigma: number | Tensor;
  /** Divide by (2 pi) sigma^2 and multiply by this, so that each map sums to about gamma; left out: the peak is 1. */
  readonly gamma?: number;
}
const gaussianHeatmapKeys: KeysOf<GaussianHeatmapOptions> = { size: 1, sigma: 1, gamma: 1 };

/**
 * Points [N, K, 2] = (column, row) -> heat-maps [N, K, h, w] = exp(-r^2 / (2 sigma^2)), sigma and r in pixels of the map; with
 * `gamma` times gamma / (2 pi sigma^2), as Payer et al. (2019) learn sigma. Gradients flow to the points and to a sigma that is
 * a tensor.
 */
export function gaussianHeatmaps(points: Tensor, options: GaussianHeatmapOptions): Tensor {
  const { size, sigma, gamma } = checkOptions("gaussianHeatmaps", options, gaussianHeatmapKeys);
  if (typeof sigma === "number" && !(sigma > 0 && Number.isFinite(sigma)))
    throw new ConfigError("sigma", `gaussianHeatmaps: sigma is ${sigma}; give a number of pixels above 0`);
  if (gamma !== undefined && !Number.isFinite(gamma))
    throw new ConfigError("gamma", `gaussianHeatmaps: gamma is ${gamma}; give a finite number`);
  const attrs = { size: pair("gaussianHeatmaps", "size", size, 1), gamma };
  return sigma instanceof Tensor
    ? apply(gaussianOp, [points, sigma], attrs)
    : apply(gaussianOp, [points], { ...attrs, sigma });
}
