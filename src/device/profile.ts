/** GPU time of one kernel over a profiled stretch. */
export interface KernelTime {
  /** The pipeline's key: the shader and all that specializes it. */
  readonly key: string;
  readonly count: number;
  readonly ms: number;
}

const slots = 4096;

/** Stamps the GPU's clock at both ends of passes that hold one dispatch each. */
export class KernelTimer {
  readonly bytes = slots * 8;
  readonly #set: GPUQuerySet;
  readonly #target: GPUBuffer;
  readonly #keys: string[] = [];

  constructor(device: GPUDevice) {
    this.#set = device.createQuerySet({ type: "timestamp", count: slots });
    this.#target = device.createBuffer({ size: this.bytes, usage: 0x200 | 0x04, label: "timestamps" }); // QUERY_RESOLVE | COPY_SRC
  }

  /** The pass for the next dispatch; an untimed one once all slots are taken. */
  passFor(key: string): GPUComputePassDescriptor {
    const at = 2 * this.#keys.length;
    if (at + 2 > slots) return {};
    this.#keys.push(key);
    return { timestampWrites: { querySet: this.#set, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } };
  }

  /** Writes what was stamped into a buffer of `bytes`. */
  resolve(encoder: GPUCommandEncoder, buffer: GPUBuffer): void {
    if (this.#keys.length > 0) encoder.resolveQuerySet(this.#set, 0, 2 * this.#keys.length, this.#target, 0);
    encoder.copyBufferToBuffer(this.#target, 0, buffer, 0, this.bytes);
  }

  /** Sums by kernel, slowest first, from the buffer's content. */
  times(content: ArrayBuffer): KernelTime[] {
    const ticks = new BigUint64Array(content);
    const sums = new Map<string, { count: number; ms: number }>();
    this.#keys.forEach((key, i) => {
      const t = sums.get(key) ?? { count: 0, ms: 0 };
      sums.set(key, { count: t.count + 1, ms: t.ms + Number(ticks[2 * i + 1] - ticks[2 * i]) / 1e6 });
    });
    return [...sums].map(([key, t]) => ({ key, ...t })).sort((a, b) => b.ms - a.ms);
  }

  destroy(): void {
    this.#set.destroy();
    this.#target.destroy();
  }
}
