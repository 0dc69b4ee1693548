import type { AdapterChoice } from "./adapter.ts";
import type { ToldFacts } from "./facts.ts";
import type { Pipeline } from "./pipelines.ts";
import type { TunerTable } from "./tuner.ts";

export interface DeviceOptions {
  /** "system" or "embedded" to insist on one; by default the system's adapter, else the embedded one. */
  adapter?: AdapterChoice;
  /**
   * Features of Dawn to switch on, in Node alone, at the user's own risk: `"vulkan_enable_f16_on_nvidia"` gives float16 on NVIDIA's
   * GPUs, and with `"allow_unsafe_apis"` matrices of float16 are multiplied by subgroup matrices.
   */
  dawn?: readonly string[];
  /** Budget for live buffers, bytes; software adapters never report that memory is used up. Default 8 GiB. */
  maxBytes?: number;
  /** Ask for no more than WebGPU promises everywhere (128 MiB a binding): what runs then, runs on every adapter. */
  portableLimits?: boolean;
  /** Bytes kept for reuse at most. Default 1 GiB. */
  maxPooledBytes?: number;
  /** Choices of variants that `tune` made on this adapter. */
  tuner?: TunerTable;
  /** Facts that kernels take for true in place of the adapter's own: another adapter's layouts and choices, for tests. */
  facts?: ToldFacts;
}

/** What an observer of `dispatch` is told: enough to count, to profile and to record a step. */
export interface DispatchRecord {
  readonly pipeline: Pipeline;
  readonly groups: readonly [number, number, number];
  readonly bytes: number;
}
