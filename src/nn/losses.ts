/** General losses, beside the layers; those of heat-maps and points: `fiducial/landmarks`. */
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  categoricalCrossEntropy,
  crossEntropy,
  elasticLoss,
  halfSquaredErrorLoss,
  huberLoss,
  jsDiv,
  klDiv,
  type LossOptions,
  l1Loss,
  mseLoss,
  type Reduction,
  robustLoss,
  smoothL1Loss,
  wingLoss,
} from "../tensor/index.ts";
