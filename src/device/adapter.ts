/** What every platform's `#adapter` gives: `findAdapter` and `missingParts`. */
export type AdapterKind = "system" | "embedded";
export type AdapterChoice = AdapterKind;

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
