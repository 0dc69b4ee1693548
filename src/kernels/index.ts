/**
 * What a kernel of one's own needs beside `apply`, `Op` and `Device.dispatch` of `fiducial`: WGSL text read for `dispatch`,
 * grids of workgroups, and parts of a binding. See docs/own-op.md.
 */
export { type Binding, elementBytes, type ParamsOf, type PipelineSpec, type Shader } from "../device/index.ts";
export { parseShader } from "../device/parse-shader.ts";
export { grid, gridDown, linearGrid } from "./common/grid.ts";
export { part, ranges } from "./elementwise/map.ts";
