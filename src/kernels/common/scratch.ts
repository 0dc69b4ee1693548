import type { Binding, Device } from "../../device/index.ts";

/**
 * Lends scratch memory of `count` floats to `use`, in half precision with `half`; given back once the commands that use it are
 * recorded.
 */
export function withFloats<T>(
  device: Device,
  count: number,
  what: string,
  use: (scratch: Binding) => T,
  half?: boolean,
): T {
  const bytes = Math.max(4, count * (half ? 2 : 4));
  const buffer = device.pool.acquire(bytes, what);
  try {
    return use({ buffer, bytes, name: what, ...(half && { half }) });
  } finally {
    device.pool.release(buffer);
  }
}
