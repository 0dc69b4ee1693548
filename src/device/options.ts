import { ConfigError } from "../errors.ts";
import { checkOptions, type KeysOf } from "../options.ts";
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
const deviceKeys: KeysOf<DeviceOptions> = {
  adapter: 1,
  dawn: 1,
  maxBytes: 1,
  portableLimits: 1,
  maxPooledBytes: 1,
  tuner: 1,
  facts: 1,
};

/** Throws ConfigError naming the option, its value and what is due. @internal */
export function checkDeviceOptions(options: DeviceOptions): DeviceOptions {
  const { adapter, dawn, maxBytes, maxPooledBytes } = checkOptions("openDevice", options, deviceKeys);
  const refuse = (name: keyof DeviceOptions, wanted: string): never => {
    throw new ConfigError(
      `openDevice.${name}`,
      `openDevice: ${name} is ${JSON.stringify(options[name]) ?? options[name]}; give ${wanted}`,
    );
  };
  if (adapter !== undefined && adapter !== "system" && adapter !== "embedded")
    refuse("adapter", '"system" or "embedded", or leave it out');
  if (dawn !== undefined && !(Array.isArray(dawn) && dawn.every((f) => typeof f === "string")))
    refuse("dawn", "a list of names of Dawn's features");
  if (maxBytes !== undefined && !(typeof maxBytes === "number" && maxBytes > 0)) refuse("maxBytes", "bytes above 0");
  if (maxPooledBytes !== undefined && !(typeof maxPooledBytes === "number" && maxPooledBytes >= 0))
    refuse("maxPooledBytes", "bytes of 0 or more");
  return options;
}

/** What an observer of `dispatch` is told: enough to count, to profile and to record a step. */
export interface DispatchRecord {
  readonly pipeline: Pipeline;
  readonly groups: readonly [number, number, number];
  readonly bytes: number;
}
