export { Aspp, type AsppOptions } from "./blocks/aspp.ts";
export { EncoderDecoder, type FeatureDecoder } from "./blocks/encoder-decoder.ts";
export { UpBlock } from "./blocks/up-block.ts";
export { type DeepLabOptions, DeepLabV3, DeepLabV3Decoder, DeepLabV3Plus, DeepLabV3PlusDecoder } from "./deeplabv3.ts";
export { EncoderUNet, type EncoderUNetOptions, UNetDecoder } from "./encoder-unet.ts";
export * from "./encoders/index.ts";
export { PlanesUNet, type PlanesUNetOptions, UNet, UNetBody, type UNetBodyOptions, type UNetOptions } from "./unet.ts";
export { UNetPlusPlus, UNetPlusPlusDecoder } from "./unet-plus-plus.ts";
