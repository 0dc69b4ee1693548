export { missingParts } from "#adapter";
export type { AdapterChoice, AdapterKind } from "./adapter.ts";
export {
  type AdapterInfo,
  type Binding,
  Device,
  type DeviceOptions,
  type DispatchRecord,
  openDevice,
} from "./device.ts";
export { bucketBytes, type Memory, type PooledBuffer } from "./pool.ts";
export { type ParamsOf, type PipelineSpec, pipelineKey, type Shader, specialise } from "./shader.ts";
