export { missingParts } from "#adapter";
export type { AdapterChoice, AdapterKind } from "./adapter.ts";
export {
  type AdapterInfo,
  Device,
  type DeviceOptions,
  type DispatchRecord,
} from "./device.ts";
export { openDevice } from "./open.ts";
export { bucketBytes, type Memory, type PooledBuffer } from "./pool.ts";
export type { KernelTime } from "./profile.ts";
export { type Binding, elementBytes } from "./recorder.ts";
export type { Replay } from "./replay.ts";
export { type ParamsOf, type PipelineSpec, pipelineKey, type Shader, specialise } from "./shader.ts";
export type { Site, Trial, TunerChoice, TunerTable } from "./tuner.ts";
