import {
  type Conv2d,
  constant,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  xavierUniform,
} from "../../nn/index.ts";

/** The same convolution, whose weights start from `weight` and whose bias starts from `bias`, by default 0. */
export function initialized(conv: Conv2d, weight: Initializer, bias: Initializer = constant(0)): Conv2d {
  conv.weight.initializer = weight;
  if (conv.bias) conv.bias.initializer = bias;
  return conv;
}

/** Before a ReLU, so that the gradients keep their variance: what torchvision's VGG and ResNet start from. */
export const heNormal = kaimingNormal({ mode: "fan_out", nonlinearity: "relu" });
/** Before a ReLU, so that the activations keep their variance: what the decoders of segmentation_models.pytorch start from. */
export const heUniform = kaimingUniform({ nonlinearity: "relu" });
/** What the heads of segmentation_models.pytorch start from. */
export const glorotUniform = xavierUniform();
