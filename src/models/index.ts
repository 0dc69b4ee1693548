export { PlanesUNet, type PlanesUNetOptions, UNet, UNetBody, type UNetBodyOptions, type UNetOptions } from "./unet.ts";
