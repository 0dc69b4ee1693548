import { findAdapter } from "#adapter";
import { Device } from "./device.ts";
import { checkDeviceOptions, type DeviceOptions } from "./options.ts";
import { adapterHash, selfTest } from "./self-test.ts";

/**
 * Opens a device and proves that it computes. Throws ConfigError for options that it has not, NoAdapterError with the commands
 * that mend it, or DeviceError when the self-test fails.
 */
export async function openDevice(options: DeviceOptions = {}): Promise<Device> {
  checkDeviceOptions(options);
  const { gpu, adapter, kind } = await findAdapter(options.adapter, options.dawn);
  const wanted = [
    "shader-f16",
    "subgroups",
    "timestamp-query",
    "chromium-experimental-subgroup-matrix",
  ] as unknown as GPUFeatureName[];
  const limits: Record<string, number> = {};
  for (const name of [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupSizeX",
    "maxComputeWorkgroupSizeY",
    "maxComputeWorkgroupSizeZ",
    "maxStorageBuffersPerShaderStage",
  ] as const)
    limits[name] = adapter.limits[name];
  const gpuDevice = await adapter.requestDevice({
    requiredFeatures: wanted.filter((f) => adapter.features.has(f)),
    requiredLimits: options.portableLimits ? {} : limits,
  });
  const { vendor, architecture, description } = adapter.info;
  const bits = await selfTest(gpuDevice);
  const hash = adapterHash(adapter, bits);
  return new Device(gpuDevice, gpu, { vendor, architecture, description, kind, hash }, options);
}
