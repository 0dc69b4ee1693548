import { DeviceError } from "../errors.ts";

/**
 * About 50 ms at start: a sum that must be right, the NaN test by bits that kernels rely on, and a few transcendental
 * results whose bits identify the driver's arithmetic.
 */
const code = `
@group(0) @binding(0) var<storage, read_write> out: array<u32, 8>;
@compute @workgroup_size(1) fn main() {
  out[0] = bitcast<u32>(bitcast<f32>(out[4]) + bitcast<f32>(out[5]));
  out[1] = select(0u, 1u, (out[6] & 0x7f800000u) == 0x7f800000u);
  out[2] = bitcast<u32>(exp(sin(bitcast<f32>(out[5]) * 0.37)));
  out[3] = bitcast<u32>(tanh(bitcast<f32>(out[4]) * 0.11) + log(bitcast<f32>(out[5])));
}`;

/** Runs the self-test; returns the bits that depend on the driver. Throws DeviceError when the adapter computes wrongly or nothing. */
export async function selfTest(device: GPUDevice): Promise<Uint32Array> {
  const input = new Uint32Array(8);
  new Float32Array(input.buffer, 16, 2).set([2, 2]);
  input[6] = 0x7fc00000; // NaN
  const storage = device.createBuffer({ size: 32, usage: 0x80 | 0x04 | 0x08 });
  const read = device.createBuffer({ size: 32, usage: 0x01 | 0x08 });
  device.queue.writeBuffer(storage, 0, input);
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }), entryPoint: "main" },
  });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: storage } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(storage, 0, read, 0, 32);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(1);
  const got = new Uint32Array(read.getMappedRange().slice(0));
  read.destroy();
  storage.destroy();
  const sum = new Float32Array(got.buffer, 0, 1)[0];
  if (sum !== 4)
    throw new DeviceError(
      `the adapter's self-test failed: 2 + 2 gave ${sum}; update its driver, or choose another adapter`,
    );
  if (got[1] !== 1)
    throw new DeviceError(
      "the adapter's self-test failed: a NaN is not seen by its bits; update its driver, or choose another adapter",
    );
  return got.slice(0, 4);
}

/** Sixteen hexadecimal digits from the adapter's names, features, limits and self-test bits (two rounds of FNV-1a). */
export function adapterHash(adapter: GPUAdapter, bits: Uint32Array): string {
  const { vendor, architecture, device, description } = adapter.info;
  const text = [
    vendor,
    architecture,
    device,
    description,
    ...[...adapter.features].sort(),
    `${adapter.limits.maxBufferSize}`,
    ...bits,
  ].join("|");
  const fnv = (seed: number) => {
    let h = seed;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return (h >>> 0).toString(16).padStart(8, "0");
  };
  return fnv(0x811c9dc5) + fnv(0x050c5d1f);
}
