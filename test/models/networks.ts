import * as models from "../../src/models/index.ts";
import type { Layer } from "../../src/nn/index.ts";

/** Encoders by the names of segmentation_models.pytorch. */
export const encoders: Readonly<Record<string, (options?: models.EncoderOptions) => models.Encoder>> = {
  vgg11: models.vgg11,
  vgg11_bn: models.vgg11Bn,
  vgg13: models.vgg13,
  vgg13_bn: models.vgg13Bn,
  vgg16: models.vgg16,
  vgg16_bn: models.vgg16Bn,
  vgg19: models.vgg19,
  vgg19_bn: models.vgg19Bn,
  resnet18: models.resnet18,
  resnet34: models.resnet34,
  resnet50: models.resnet50,
  resnet101: models.resnet101,
  resnext50_32x4d: models.resnext50_32x4d,
  resnext101_32x4d: models.resnext101_32x4d,
  resnext101_32x8d: models.resnext101_32x8d,
  "efficientnet-b0": models.efficientnetB0,
  "efficientnet-b1": models.efficientnetB1,
  "efficientnet-b2": models.efficientnetB2,
  "efficientnet-b3": models.efficientnetB3,
  "efficientnet-b4": models.efficientnetB4,
  "efficientnet-b5": models.efficientnetB5,
  "efficientnet-b6": models.efficientnetB6,
  "efficientnet-b7": models.efficientnetB7,
  "efficientnet-lite0": models.efficientnetLite0,
};

/** A network of one channel and six landmarks, or a classifier of three channels, by the name of its golden file. */
export function network(name: string, numClasses = 10): Layer {
  const [, kind, of] = /^(unet|unet\+\+|deeplabv3|deeplabv3\+|classifier)-(.+)$/.exec(name)!;
  if (kind === "classifier") {
    const vgg = /^vgg(\d+)(_bn)?$/.exec(of);
    if (vgg) return models.vggClassifier(Number(vgg[1]) as 11, { numClasses, batchNorm: vgg[2] !== undefined });
    const efficient = /^efficientnet-(.+)$/.exec(of);
    if (efficient) return models.efficientnetClassifier(efficient[1] as "b0", { numClasses });
    return models.resnetClassifier(of as "resnet18", { numClasses });
  }
  const outputStride = ({ deeplabv3: 8, "deeplabv3+": 16 } as const)[kind as "deeplabv3"] ?? 32;
  const options = { encoder: encoders[of]({ inChannels: 1, outputStride }), landmarks: 6 };
  if (kind === "unet") return new models.EncoderUNet(options);
  if (kind === "unet++") return new models.UNetPlusPlus(options);
  return kind === "deeplabv3" ? new models.DeepLabV3(options) : new models.DeepLabV3Plus(options);
}
