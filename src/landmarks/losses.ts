import { ConfigError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import {
  add,
  binaryCrossEntropyWithLogits,
  div,
  exp,
  jsDiv,
  klDiv,
  logSoftmax,
  mseLoss,
  mul,
  noGrad,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../tensor/index.ts";
import {
  gaussianHeatmaps,
  heatmapVariance,
  type LogDiceLossOptions,
  logDiceLoss,
  ohkm,
  spatialSoftmaxCrossEntropy,
} from "./ops/index.ts";

/** Heat-maps [N, K, h, w] and true points [N, K, 2] = (column, row) in pixels of the maps -> one number. */
export type HeatmapLoss = (heatmaps: Tensor, points: Tensor) => Tensor;

export interface HeatmapLossOptions {
  /** Deviation of the Gaussian around each point, in pixels of the map. */
  readonly sigma: number;
}
const heatmapLossKeys: KeysOf<HeatmapLossOptions> = { sigma: 1 };

const checkSigma = (name: string, sigma: number): void => {
  if (!(sigma > 0 && Number.isFinite(sigma)))
    throw new ConfigError("sigma", `${name}: sigma is ${sigma}; give a number of pixels above 0`);
};

const against =
  (name: string, loss: (maps: Tensor, target: Tensor) => Tensor) =>
  (options: HeatmapLossOptions): HeatmapLoss => {
    const { sigma } = checkOptions(name, options, heatmapLossKeys);
    checkSigma(name, sigma);
    return (heatmaps, points) => {
      const [, , h, w] = heatmaps.shape;
      return loss(
        heatmaps,
        noGrad(() => gaussianHeatmaps(points, { size: [h, w], sigma })),
      );
    };
  };

/** Mean square difference to a Gaussian of height 1 around each point. */
export const heatmapMseLoss = against("heatmapMseLoss", (maps, target) => mseLoss(maps, target));
/** Cross-entropy of each pixel's sigmoid with the Gaussian. */
export const heatmapBinaryCrossEntropy = against("heatmapBinaryCrossEntropy", (maps, target) =>
  binaryCrossEntropyWithLogits(maps, target),
);
/** Cross-entropy of the softmax over each map with the Gaussian as a distribution; points far outside the map do not count. */
export const heatmapCrossEntropy = against("heatmapCrossEntropy", spatialSoftmaxCrossEntropy);

export interface RegularizerOptions {
  /** Deviation of the Gaussian that the maps shall have, in pixels of the map. */
  readonly sigma: number;
  /** Weights [N, K] of the landmarks, 0 for what is not there. */
  readonly weight?: Tensor;
}
const regularizerKeys: KeysOf<RegularizerOptions> = { sigma: 1, weight: 1 };

/**
 * Heat-maps [N, K, h, w] that sum to 1 and true points [N, K, 2] = (column, row) -> the mean over the landmarks of the
 * Jensen-Shannon divergence between each map and a Gaussian of sum 1 around its point (Nibali et al. 2018).
 */
export function jsRegularizer(maps: Tensor, points: Tensor, options: RegularizerOptions): Tensor {
  const { sigma, weight } = checkOptions("jsRegularizer", options, regularizerKeys);
  checkSigma("jsRegularizer", sigma);
  const [n, k, h, w] = maps.shape;
  const target = noGrad(() => {
    const g = gaussianHeatmaps(points, { size: [h, w], sigma });
    return div(g, sum(g, [2, 3], { keepDims: true }));
  });
  const mean = { reduction: "mean", weight: weight?.reshape([n, k, 1, 1]) } as const;
  return mul(jsDiv(maps, target, mean), h * w); // the mean over pixels, times their number: the sum over each map
}

/**
 * Heat-maps [N, K, h, w] -> the mean over the landmarks of the squared differences of their spreads along columns and rows to
 * sigma^2, both added, in pixels^4.
 */
export function varianceRegularizer(maps: Tensor, options: RegularizerOptions): Tensor {
  const { sigma, weight } = checkOptions("varianceRegularizer", options, regularizerKeys);
  checkSigma("varianceRegularizer", sigma);
  const spread = heatmapVariance(maps);
  const wanted = noGrad(() => add(mul(spread.detach(), 0), sigma * sigma));
  const [n, k] = maps.shape;
  return mul(mseLoss(spread, wanted, { weight: weight?.reshape([n, k, 1]) }), 2);
}

export interface KlDiceLossOptions extends LogDiceLossOptions {
  /** Share of the Dice part. Default 1. */
  readonly dice?: number;
}
const klDiceLossKeys: KeysOf<KlDiceLossOptions> = { dice: 1, weight: 1, eps: 1 };

/**
 * Logits and target shares [N, C, ...] (one channel may be the background): Kullback-Leibler divergence of the softmax over C,
 * summed and divided by N, plus `dice` times `logDiceLoss` of it (Xue et al. 2021).
 */
export function klDiceLoss(logits: Tensor, target: Tensor, options: KlDiceLossOptions = {}): Tensor {
  const { dice = 1, ...rest } = checkOptions("klDiceLoss", options, klDiceLossKeys);
  const shares = logSoftmax(logits, 1);
  return add(klDiv(shares, target, { reduction: "batchmean" }), mul(logDiceLoss(exp(shares), target, rest), dice));
}

export interface HardMapsOptions {
  /** How many landmarks of each sample count. Default 8. */
  readonly top?: number;
  /** Weights [N, K] of the landmarks, 0 for what is not labeled. */
  readonly weight?: Tensor;
}
const hardMapsKeys: KeysOf<HardMapsOptions> = { top: 1, weight: 1 };

/** Mean square differences of maps and targets [N, K, h, w] for each labeled landmark, then the mean of the hardest. */
export function ohkmMseLoss(maps: Tensor, target: Tensor, options: HardMapsOptions = {}): Tensor {
  const { top = 8, weight } = checkOptions("ohkmMseLoss", options, hardMapsKeys);
  const [n, k] = maps.shape;
  return ohkm(mseLoss(maps, target, { keep: 2, weight: weight?.reshape([n, k, 1, 1]) }), { top });
}

export interface CoordinateOptions {
  /** [h, w] of the image the points lie in, pixels. */
  readonly size: readonly [number, number];
  /** Weights [N, K] of the landmarks. */
  readonly weight?: Tensor;
}
const coordinateKeys: KeysOf<CoordinateOptions> = { size: 1, weight: 1 };

/**
 * Predictions [N, K, 2] in [-1, 1) and true points [N, K, 2] = (column, row) in pixels -> the mean square difference, a pixel p
 * of a side of n being (p - n / 2) / (n / 2).
 */
export function coordinateMseLoss(prediction: Tensor, points: Tensor, options: CoordinateOptions): Tensor {
  const {
    size: [h, w],
    weight,
  } = checkOptions("coordinateMseLoss", options, coordinateKeys);
  const [n, k] = points.shape;
  const target = noGrad(() => sub(mul(points, tensor(points.device, [2 / w, 2 / h])), 1));
  return mseLoss(prediction, target, { weight: weight?.reshape([n, k, 1]) });
}
