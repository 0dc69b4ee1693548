// onnxruntime's WebGPU back end: forward convolutions of a one-node model. Input and output stay on the device (its IO
// binding), so that no copy is timed. The model is written here as ONNX protobuf.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type ConvSize, draws, type Participant, product } from "../workloads.ts";
import { installGpu } from "./gpu.ts";

const adapter = await installGpu();
const dist = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));
const loaded = await import(join(dist, "ort.webgpu.bundle.min.mjs"));
const ort = loaded.default?.InferenceSession ? loaded.default : loaded;
ort.env.wasm.wasmBinary = readFileSync(join(dist, "ort-wasm-simd-threaded.asyncify.wasm"));
ort.env.wasm.numThreads = 1;

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
const bytes = (field: number, body: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from(varint((field << 3) | 2)), Uint8Array.from(varint(body.length)), body]);
const int = (field: number, n: number): Uint8Array => Uint8Array.from([...varint(field << 3), ...varint(n)]);
const text = (field: number, s: string): Uint8Array => bytes(field, Buffer.from(s));
const join_ = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);
const ints = (name: string, list: readonly number[]): Uint8Array =>
  bytes(5, join_(text(1, name), ...list.map((v) => int(8, v)), int(20, 7)));
const value = (field: number, name: string, shape: readonly number[]): Uint8Array => {
  const dims = join_(...shape.map((d) => bytes(1, int(1, d))));
  return bytes(field, join_(text(1, name), bytes(2, bytes(1, join_(int(1, 1), bytes(2, dims))))));
};

function model({ x, w, padding, dilation, groups }: ConvSize, weights: Float32Array): Uint8Array {
  const attributes = [
    ints("kernel_shape", [w[2], w[3]]),
    ints("pads", [padding, padding, padding, padding]),
    ints("dilations", [dilation, dilation]),
    bytes(5, join_(text(1, "group"), int(3, groups), int(20, 2))),
  ];
  const node = join_(text(1, "x"), text(1, "w"), text(2, "y"), text(3, "conv"), text(4, "Conv"), ...attributes);
  const raw = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const initializer = join_(...w.map((d) => int(1, d)), int(2, 1), text(8, "w"), bytes(9, raw));
  const out = [x[0], w[0], x[2], x[3]];
  const graph = join_(bytes(1, node), text(2, "g"), bytes(5, initializer), value(11, "x", x), value(12, "y", out));
  return join_(int(1, 8), bytes(7, graph), bytes(8, int(2, 17)));
}

export const participant: Participant = {
  mode: "session, IO binding",
  adapter,
  async prepare({ job, pass }) {
    if (job.type !== "conv" || pass !== "fwd") return undefined;
    const { x, w } = job.size;
    const session = await ort.InferenceSession.create(model(job.size, draws(product(w), 2, 0.5)), {
      executionProviders: ["webgpu"],
      preferredOutputLocation: "gpu-buffer",
      logSeverityLevel: 3,
    });
    const device: GPUDevice = await ort.env.webgpu.device;
    const data = draws(product(x), 1);
    const buffer = device.createBuffer({ size: data.byteLength, usage: 0x80 | 0x08 | 0x04 }); // STORAGE | COPY_DST | COPY_SRC
    device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
    const input = ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [...x] });
    return {
      async run() {
        const { y } = await session.run({ x: input });
        await device.queue.onSubmittedWorkDone();
        y.dispose();
      },
      async results() {
        const { y } = await session.run({ x: input });
        const out = { y: Float32Array.from(await y.getData()) };
        y.dispose();
        return out;
      },
      dispose() {
        session.release();
        buffer.destroy();
      },
    };
  },
};
