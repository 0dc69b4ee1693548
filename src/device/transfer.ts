import { DeviceError, type DeviceLostError } from "../errors.ts";
import type { Binding } from "./recorder.ts";

/** What reading back needs of a device. */
interface Reading {
  /** Outside of any pass. */
  readonly encoder: GPUCommandEncoder;
  submit(): void;
  readonly lost: Promise<DeviceLostError>;
  /** Throws what went wrong on the device meanwhile. */
  settled(): Promise<void>;
}

/** Copies ranges to the host in one wait. Rejects with DeviceLostError when the device goes meanwhile; never gives zeros. */
export async function readBack(
  device: GPUDevice,
  bindings: readonly Binding[],
  { encoder, submit, lost, settled }: Reading,
): Promise<ArrayBuffer[]> {
  const sizes = bindings.map((b) => Math.max(4, Math.ceil(b.bytes / 4) * 4));
  const total = sizes.reduce((a, b) => a + b, 0);
  const target = device.createBuffer({ size: total, usage: 0x01 | 0x08, label: "read-back" }); // MAP_READ | COPY_DST
  try {
    let at = 0;
    bindings.forEach((b, i) => {
      encoder.copyBufferToBuffer(b.buffer.gpu, b.offset ?? 0, target, at, sizes[i]);
      at += sizes[i];
    });
    submit();
    try {
      await target.mapAsync(1);
    } catch (error) {
      throw await Promise.race([
        lost,
        new Promise<Error>((done) => setTimeout(() => done(new DeviceError(`reading back failed: ${error}`)), 200)),
      ]);
    }
    await settled();
    at = 0;
    const mapped = target.getMappedRange(); // ranges asked for one by one must start at multiples of 8 and not overlap
    return bindings.map((b, i) => {
      const out = mapped.slice(at, at + b.bytes);
      at += sizes[i];
      return out;
    });
  } finally {
    target.destroy();
  }
}

/** Bytes for the queue, which takes multiples of four. */
export const paddedTo4 = (data: ArrayBufferView): ArrayBufferView => {
  if (data.byteLength % 4 === 0) return data;
  const out = new Uint8Array(Math.ceil(data.byteLength / 4) * 4);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return out;
};
