/**
 * Names: PyTorch's functions in camelCase (mseLoss, smoothL1Loss, binaryCrossEntropy, klDiv); what PyTorch has not is a
 * cross-entropy, a divergence (jsDiv) or ends in Loss. Arguments: prediction, target, options.
 */
import { ConfigError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import type { Tensor } from "../../tensor.ts";
import { applyLoss, type LossOptions, lossKeys, pointwiseLoss } from "./losses-op.ts";
import { type LossName, lossTable, robustAtEnds } from "./losses-table.ts";

type Loss = (prediction: Tensor, target: Tensor, options?: LossOptions) => Tensor;

const plain = (name: LossName, reduction: LossOptions["reduction"] = "mean"): Loss => {
  const op = pointwiseLoss(name, () => lossTable[name]);
  return (prediction, target, options = {}) => {
    checkOptions(name, options, lossKeys);
    return applyLoss(op, prediction, target, { ...options, reduction: options.reduction ?? reduction });
  };
};

/** (prediction - target)^2, also called L2; the gradient flows to both. Shapes must be equal. */
export const mseLoss = plain("mseLoss");
/** |prediction - target|; the gradient flows to both and is 0 where they are equal. */
export const l1Loss = plain("l1Loss");
/** (prediction - target)^2 / 2, by default summed and divided by the batch's size; the gradient flows to both. */
export const halfSquaredErrorLoss = plain("halfSquaredErrorLoss", "batchmean");
/** Cross-entropy of sigmoid(logits) with targets in [0, 1], without overflow. The targets are constants. */
export const binaryCrossEntropyWithLogits = plain("binaryCrossEntropyWithLogits");
/**
 * -(t ln p + (1 - t) ln(1 - p)) of probabilities p and targets t in [0, 1], the logarithms cut at -100, as in PyTorch. Prefer
 * `binaryCrossEntropyWithLogits` where logits are at hand. The targets are constants.
 */
export const binaryCrossEntropy = plain("binaryCrossEntropy");
/** -t ln p of probabilities p and targets t, the logarithm cut at -100; by default the sum over classes for each sample. Targets are constants. */
export const categoricalCrossEntropy = plain("categoricalCrossEntropy", "batchmean");
/** Kullback-Leibler divergence t (ln t - l) of targets t from log-probabilities l. The targets are constants. */
export const klDiv = plain("klDiv");
/**
 * Jensen-Shannon divergence of two distributions, entry by entry: (p ln(p / m) + q ln(q / m)) / 2, m = (p + q) / 2, both at
 * least 0. By default summed and divided by the batch's size; the gradient flows to both.
 */
export const jsDiv = plain("jsDiv", "batchmean");

const notNegative = (v: number): boolean => v >= 0;
const positive = (v: number): boolean => v > 0;
function check(op: string, option: string, value: number, fits: (v: number) => boolean, wanted: string): void {
  if (!(fits(value) && Number.isFinite(value)))
    throw new ConfigError(option, `${op}: ${option} is ${value}; give ${wanted}`);
}

const number = (attrs: Readonly<Record<string, number | string>>, name: string): number => attrs[name] as number;
const withConstants = (name: LossName, ...options: [string, string?]) =>
  pointwiseLoss(
    name,
    () => lossTable[name],
    (attrs) => [number(attrs, options[0]), options[1] ? number(attrs, options[1]) : 0],
  );
const smoothL1Op = withConstants("smoothL1Loss", "beta");
const huberOp = withConstants("huberLoss", "delta");
const wingOp = withConstants("wingLoss", "width", "curvature");
const elasticOp = withConstants("elasticLoss", "mix");
const robustOp = pointwiseLoss(
  "robustLoss",
  (attrs) => robustAtEnds[number(attrs, "alpha")] ?? lossTable.robustLoss,
  (attrs) => [number(attrs, "alpha"), number(attrs, "scale")],
);

const smoothL1LossKeys: KeysOf<LossOptions & { readonly beta?: number }> = {
  reduction: 1,
  weight: 1,
  keep: 1,
  beta: 1,
};

/** With d = prediction - target: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2; beta = 0 gives |d|. The gradient flows to both. */
export function smoothL1Loss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { readonly beta?: number } = {},
): Tensor {
  const { beta = 1, ...rest } = checkOptions("smoothL1Loss", options, smoothL1LossKeys);
  check("smoothL1Loss", "beta", beta, notNegative, "a number of at least 0");
  return applyLoss(smoothL1Op, prediction, target, rest, { beta });
}

const huberLossKeys: KeysOf<LossOptions & { readonly delta?: number }> = { reduction: 1, weight: 1, keep: 1, delta: 1 };

/** With d = prediction - target: d^2 / 2 where |d| < delta, else delta (|d| - delta / 2). The gradient flows to both. */
export function huberLoss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { readonly delta?: number } = {},
): Tensor {
  const { delta = 1, ...rest } = checkOptions("huberLoss", options, huberLossKeys);
  check("huberLoss", "delta", delta, positive, "a number above 0");
  return applyLoss(huberOp, prediction, target, rest, { delta });
}

export interface WingLossOptions extends LossOptions {
  /** Where the logarithm ends, in the units of the prediction. Default 15. */
  readonly width?: number;
  /** How tightly it bends at 0. Default 3. */
  readonly curvature?: number;
}
const wingLossKeys: KeysOf<WingLossOptions> = { width: 1, curvature: 1, reduction: 1, weight: 1, keep: 1 };

/**
 * Wing loss (Feng et al. 2018): with d = prediction - target, w ln(1 + |d| / c) where |d| < w, else |d| - (w - w ln(1 + w / c)):
 * strong on small errors. Its slope jumps at w and is w / c at 0. The gradient flows to both.
 */
export function wingLoss(prediction: Tensor, target: Tensor, options: WingLossOptions = {}): Tensor {
  const { width = 15, curvature = 3, ...rest } = checkOptions("wingLoss", options, wingLossKeys);
  check("wingLoss", "width", width, positive, "a number above 0");
  check("wingLoss", "curvature", curvature, positive, "a number above 0");
  return applyLoss(wingOp, prediction, target, rest, { width, curvature });
}

const elasticLossKeys: KeysOf<LossOptions & { readonly mix?: number }> = { reduction: 1, weight: 1, keep: 1, mix: 1 };

/** mix d^2 + (1 - mix) |d|, d = prediction - target; mix 0.5 by default. The gradient flows to both. */
export function elasticLoss(
  prediction: Tensor,
  target: Tensor,
  options: LossOptions & { readonly mix?: number } = {},
): Tensor {
  const { mix = 0.5, ...rest } = checkOptions("elasticLoss", options, elasticLossKeys);
  check("elasticLoss", "mix", mix, (v) => v >= 0 && v <= 1, "a number from 0 to 1");
  return applyLoss(elasticOp, prediction, target, rest, { mix });
}

export interface RobustLossOptions extends LossOptions {
  /** Shape, 0 to 2: 2 is half the square, 1 a smoothed absolute value, 0 the Cauchy loss. Default 1. */
  readonly alpha?: number;
  /** Size of an error where the loss begins to bend, in the units of the prediction. Default 0.01. */
  readonly scale?: number;
}
const robustLossKeys: KeysOf<RobustLossOptions> = { alpha: 1, scale: 1, reduction: 1, weight: 1, keep: 1 };

/**
 * The general robust loss (Barron 2019) of x = (prediction - target) / scale: with b = |alpha - 2|,
 * b / alpha ((x^2 / b + 1)^(alpha / 2) - 1), and its limits at 0 and 2. The gradient flows to both.
 */
export function robustLoss(prediction: Tensor, target: Tensor, options: RobustLossOptions = {}): Tensor {
  const { alpha = 1, scale = 0.01, ...rest } = checkOptions("robustLoss", options, robustLossKeys);
  check("robustLoss", "alpha", alpha, (v) => v >= 0 && v <= 2, "a number from 0 to 2");
  check("robustLoss", "scale", scale, positive, "a number above 0");
  return applyLoss(robustOp, prediction, target, rest, { alpha, scale });
}
