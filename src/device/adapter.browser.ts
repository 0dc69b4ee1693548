import { NoAdapterError } from "../errors.ts";
import { type AdapterChoice, type AdapterKind, type FoundAdapter, isNull } from "./adapter.ts";

/** The adapter in a browser or a web worker: `navigator.gpu`. */
export async function findAdapter(_choice?: AdapterChoice, _dawn?: readonly string[]): Promise<FoundAdapter> {
  const fixes = [
    "use a browser with WebGPU (Chrome or Edge 113, Safari 26, Firefox 141 or newer) on a secure page (https or localhost)",
  ];
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) throw new NoAdapterError("no WebGPU: navigator.gpu is missing", fixes);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter || isNull(adapter))
    throw new NoAdapterError("no adapter: navigator.gpu.requestAdapter() gave none", fixes);
  return { gpu, adapter, kind: "system" };
}

export function missingParts(_kind?: AdapterKind): { what: string; command: string }[] {
  return [];
}
