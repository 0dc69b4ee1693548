import { type AdapterInfo, isSoftware, wantsSmallKernels } from "./adapter.ts";

type LimitName =
  | "maxBufferSize"
  | "maxBindGroups"
  | "maxBindingsPerBindGroup"
  | "maxDynamicUniformBuffersPerPipelineLayout"
  | "maxDynamicStorageBuffersPerPipelineLayout"
  | "maxStorageBuffersPerShaderStage"
  | "maxUniformBuffersPerShaderStage"
  | "maxUniformBufferBindingSize"
  | "maxStorageBufferBindingSize"
  | "minUniformBufferOffsetAlignment"
  | "minStorageBufferOffsetAlignment"
  | "maxComputeWorkgroupStorageSize"
  | "maxComputeInvocationsPerWorkgroup"
  | "maxComputeWorkgroupSizeX"
  | "maxComputeWorkgroupSizeY"
  | "maxComputeWorkgroupSizeZ"
  | "maxComputeWorkgroupsPerDimension";

/** Limits of compute shaders by WebGPU's names; listed, so that the type is the same with every version of WebGPU's types. */
export type Limits = Readonly<Record<LimitName, number>>;

/** What kernels may know of a device when they choose a variant, cut a tensor or lay out a grid. */
export interface Facts {
  readonly limits: Limits;
  readonly features: ReadonlySet<string>;
  /** Smallest and largest subgroup the adapter may use; 0 where subgroups are not offered. */
  readonly subgroupMin: number;
  readonly subgroupMax: number;
  /** Whether subgroups of 32 multiply 16 x 16 matrices of float16 and add up in float32. */
  readonly subgroupMatrices: boolean;
  /** The adapter is no GPU but a software adapter: lavapipe, SwiftShader, or a browser's fallback. */
  readonly software: boolean;
  /** The adapter's compiler takes minutes and gigabytes over kernels that hold dozens of values at once: SwiftShader's. */
  readonly smallKernels: boolean;
}

/** Facts to take for true in place of the adapter's own: for tests. Limits may only be lowered, as the adapter holds to its own. */
export type ToldFacts = Partial<Omit<Facts, "limits">> & { readonly limits?: Partial<Limits> };

interface MatrixConfig {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
}

const hasMatrices = (device: GPUDevice): boolean => {
  const info = device.adapterInfo as { subgroupMatrixConfigs?: Iterable<MatrixConfig>; subgroupMaxSize?: number };
  const wanted = (c: MatrixConfig): boolean =>
    c.componentType === "f16" && c.resultComponentType === "f32" && c.M === 16 && c.N === 16 && c.K === 16;
  return info.subgroupMaxSize === 32 && [...(info.subgroupMatrixConfigs ?? [])].some(wanted);
};

/** What is known of a device, with `told` in place of what it says itself. @internal */
export function factsOf(device: GPUDevice, info: AdapterInfo, { limits, ...told }: ToldFacts = {}): Facts {
  const all: Record<string, number> = {};
  // The limits are getters of the prototype, which a spread does not see.
  for (const name in device.limits) {
    const value = (device.limits as unknown as Record<string, unknown>)[name];
    if (typeof value === "number") all[name] = value;
  }
  const features: ReadonlySet<string> = new Set(device.features as unknown as Iterable<string>);
  const sizes = device.adapterInfo as { subgroupMinSize?: number; subgroupMaxSize?: number } | undefined;
  const subgroups = features.has("subgroups");
  return {
    limits: { ...all, ...limits } as Limits,
    features,
    subgroupMin: subgroups ? (sizes?.subgroupMinSize ?? 0) : 0,
    subgroupMax: subgroups ? (sizes?.subgroupMaxSize ?? 0) : 0,
    subgroupMatrices: features.has("chromium-experimental-subgroup-matrix") && hasMatrices(device),
    software: isSoftware(info, device.adapterInfo),
    smallKernels: wantsSmallKernels(info),
    ...told,
  };
}
