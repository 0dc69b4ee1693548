import type { Device } from "../device/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { Random, type RandomState } from "../random.ts";
import { type Shape, sizeOf } from "./shape.ts";
import { type Tensor, tensor } from "./tensor.ts";

const normalKeys: KeysOf<{ mean?: number; deviation?: number }> = { mean: 1, deviation: 1 };
const uniformKeys: KeysOf<{ low?: number; high?: number }> = { low: 1, high: 1 };

/** `Random` that also fills tensors. Every tensor from nothing names its device. */
export class Rng extends Random {
  override fork(name: string | number): Rng {
    return new Rng({ key: this.forkKey(name), drawn: 0 } satisfies RandomState);
  }

  /** The stream's key, for kernels that draw on the GPU. */
  get key(): readonly [number, number] {
    return [this.k0, this.k1];
  }

  /** Independent normal numbers. */
  override normal(device: Device, shape: Shape, options?: { mean?: number; deviation?: number }): Tensor;
  override normal(mean?: number, deviation?: number): number;
  override normal(
    first?: Device | number,
    second?: Shape | number,
    options: { mean?: number; deviation?: number } = {},
  ): Tensor & number {
    checkOptions("normal", options, normalKeys);
    if (typeof first !== "object") return super.normal(first, second as number | undefined) as Tensor & number;
    const { mean = 0, deviation = 1 } = options;
    const shape = second as Shape;
    const data = Float32Array.from({ length: sizeOf(shape) }, () => super.normal(mean, deviation));
    return tensor(first, data, shape) as Tensor & number;
  }

  /** Independent numbers, uniform in [low, high). */
  override uniform(device: Device, shape: Shape, options?: { low?: number; high?: number }): Tensor;
  override uniform(low?: number, high?: number): number;
  override uniform(
    first?: Device | number,
    second?: Shape | number,
    options: { low?: number; high?: number } = {},
  ): Tensor & number {
    checkOptions("uniform", options, uniformKeys);
    if (typeof first !== "object") return super.uniform(first, second as number | undefined) as Tensor & number;
    const { low = 0, high = 1 } = options;
    const shape = second as Shape;
    const data = Float32Array.from({ length: sizeOf(shape) }, () => super.uniform(low, high));
    return tensor(first, data, shape) as Tensor & number;
  }
}
