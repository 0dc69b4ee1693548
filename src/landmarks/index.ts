/** From images to landmarks and back: targets, decoders, soft-argmax, losses of heat-maps and points. */
export * from "./losses.ts";
export * from "./ops/index.ts";
