import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { NoAdapterError } from "../errors.ts";
import { type AdapterChoice, type AdapterKind, adapterFixes, type FoundAdapter, isNull } from "./adapter.ts";
import { embeddedDawn, embeddedSource } from "./embedded.ts";

/**
 * The adapter in Node: the system's own through Dawn first (Vulkan, Metal, D3D12); only where there is none, the
 * embedded SwiftShader. Never both, since two copies of Dawn with a device each hang at exit.
 */
export async function findAdapter(choice?: AdapterChoice, dawn: readonly string[] = []): Promise<FoundAdapter> {
  const flags = dawn.length > 0 ? [`enable-dawn-features=${dawn.join(",")}`] : [];
  if (choice !== "embedded") {
    const { create } = await import("webgpu");
    const gpu = create(flags);
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter && !isNull(adapter)) return { gpu, adapter, kind: "system" };
    if (choice === "system")
      throw new NoAdapterError(
        "no system adapter: Dawn found no Vulkan, Metal or D3D12 driver that it accepts",
        adapterFixes(true),
      );
  }
  const gpu = embeddedDawn(choice === "embedded").create(flags);
  const adapter = await gpu.requestAdapter();
  if (!adapter || isNull(adapter))
    throw new NoAdapterError(
      `no adapter: the embedded SwiftShader of ${embeddedSource()} gave none`,
      adapterFixes(false),
    );
  return { gpu, adapter, kind: "embedded" };
}

/** What could be installed for a better adapter, with the command for it; for `fiducial doctor`. */
export function missingParts(kind: AdapterKind): { what: string; command: string }[] {
  const missing: { what: string; command: string }[] = [];
  if (kind === "embedded" && process.platform === "linux")
    missing.push({
      what: "a Vulkan driver (lavapipe runs 4 to 7 times faster than the embedded SwiftShader)",
      command: adapterFixes(true)[0],
    });
  try {
    if (!existsSync(createRequire(import.meta.url).resolve("@sparticuz/chromium"))) throw new Error("absent");
  } catch {
    missing.push({ what: "the embedded adapter (used where the system has none)", command: adapterFixes(false)[1] });
  }
  return missing;
}
