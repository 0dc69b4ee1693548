/** Fiducial: tensors, autograd and WGSL kernels on WebGPU, for anatomical landmarks. */
export * from "./device/index.ts";
export * from "./errors.ts";
export { type TuneOptions, tune } from "./kernels/common/tune.ts";
export { Random, type RandomState } from "./random.ts";
export * from "./tensor/index.ts";
