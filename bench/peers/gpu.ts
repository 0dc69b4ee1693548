// Puts Dawn for Node where browser libraries look for WebGPU. The packages of this folder have no types here: they are not
// installed for anybody but the benchmark.
const { create, globals } = await import("webgpu");

/** WebGPU in `navigator.gpu`, and the name of its adapter. */
export async function installGpu(): Promise<string> {
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis, "navigator", {
    value: { gpu, userAgent: "node", platform: "linux", hardwareConcurrency: 2, language: "en" },
    configurable: true,
    writable: true,
  });
  // Dawn for Node refuses views of a SharedArrayBuffer, which a threaded WebAssembly module writes from: copy them.
  const write = GPUQueue.prototype.writeBuffer;
  GPUQueue.prototype.writeBuffer = function (this: GPUQueue, buffer, at, data, from = 0, size) {
    const whole = ArrayBuffer.isView(data) ? data.buffer : data;
    if (!(whole instanceof SharedArrayBuffer)) {
      write.call(this, buffer, at, data as BufferSource, from, size);
      return;
    }
    const view = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(whole);
    const unit = (data as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const end = size === undefined ? view.length : (from + size) * unit;
    write.call(this, buffer, at, Uint8Array.from(view.subarray(from * unit, end)));
  } as typeof write;
  const adapter = await gpu.requestAdapter();
  return adapter?.info.description ?? "none";
}
