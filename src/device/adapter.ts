/** What every platform's `#adapter` gives: `findAdapter` and `missingParts`. */
export type AdapterKind = "system" | "embedded";
export type AdapterChoice = AdapterKind;

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  readonly kind: AdapterKind;
  /** Identifies adapter, driver and self-test bits: results are bit-equal only where it is equal. */
  readonly hash: string;
}

export interface FoundAdapter {
  /** Must stay referenced as long as the device lives, else Dawn hangs or aborts. */
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly kind: AdapterKind;
}

/** Dawn's `null` back end accepts every command and computes nothing; it names no vendor and no architecture. */
export const isNull = (adapter: GPUAdapter): boolean => adapter.info.vendor === "" && adapter.info.architecture === "";

/** Commands that give a usable adapter, the faster one first. */
export const adapterFixes = (systemOnly: boolean): string[] => {
  const system =
    "apt-get install -t bookworm-backports mesa-vulkan-drivers libvulkan1  (Debian 12 with its backports suite; elsewhere your GPU's Vulkan driver, or Mesa 23 or newer)";
  return systemOnly ? [system] : [system, "npm install @sparticuz/chromium@147.0.0 --ignore-scripts"];
};

/** Whether the adapter is no GPU but a program that plays one on the processor. */
export const isSoftware = (info: AdapterInfo, adapter: { isFallbackAdapter?: boolean } | undefined): boolean =>
  adapter?.isFallbackAdapter === true ||
  /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${info.vendor} ${info.architecture} ${info.description}`);

/** Whether the adapter's compiler takes minutes and gigabytes over kernels that hold dozens of values at once: SwiftShader's. */
export const wantsSmallKernels = ({ architecture, description }: AdapterInfo): boolean =>
  /swiftshader/i.test(`${architecture} ${description}`);
