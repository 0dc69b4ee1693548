/** General losses, beside the layers; those of heat-maps and points: `fiducial/landmarks`. */
export {
  bceLoss,
  bceWithLogits,
  cceLoss,
  crossEntropy,
  elasticLoss,
  halfSse,
  huberLoss,
  jsDivergence,
  klDiv,
  type LossOptions,
  l1Loss,
  mseLoss,
  type Reduction,
  robustLoss,
  smoothL1,
  wingLoss,
} from "../tensor/index.ts";
