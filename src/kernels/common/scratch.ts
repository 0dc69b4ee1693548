import type { Binding, Device } from "../../device/index.ts";

/** Lends scratch memory of `count` floats to `use`; given back once the commands that use it are recorded. */
export function withFloats<T>(device: Device, count: number, what: string, use: (scratch: Binding) => T): T {
  const bytes = Math.max(4, count * 4);
  const buffer = device.pool.acquire(bytes, what);
  try {
    return use({ buffer, bytes, name: what });
  } finally {
    device.pool.release(buffer);
  }
}
