/**
 * Weights and images that scripts/golden/models/drawn.py draws by the same rule: number i of a name is a 32-bit hash
 * (MurmurHash3's finalizer) of i and of the name's FNV-1a, as a float of 24 bits in [0, 1).
 */
import type { HostTensor } from "../../src/nn/index.ts";
import type { Module } from "../../src/nn/module.ts";
import { Counter } from "../../src/nn/slots.ts";

export function unit(name: string, count: number): Float64Array {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193);
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let v = Math.imul(i, 0x9e3779b1) ^ h;
    v ^= v >>> 16;
    v = Math.imul(v, 0x85ebca6b);
    v ^= v >>> 13;
    v = Math.imul(v, 0xc2b2ae35);
    v ^= v >>> 16;
    out[i] = (v >>> 8) / 2 ** 24;
  }
  return out;
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** A state's tensor by its name and shape: He's bound for weights, moderate numbers for everything else. */
export function drawnTensor(name: string, shape: readonly number[]): Float32Array {
  const u = unit(name, product(shape));
  const bound = Math.sqrt(6 / product(shape.slice(1)));
  const number = name.endsWith("running_var")
    ? (v: number) => 0.5 + v
    : name.endsWith("running_mean") || name.endsWith("bias")
      ? (v: number) => 0.4 * (v - 0.5)
      : shape.length === 1
        ? (v: number) => 0.5 + v
        : (v: number) => (2 * v - 1) * bound;
  return Float32Array.from(u, number);
}

/** Numbers in [-1, 1) for a network's input. */
export const drawnImage = (shape: readonly number[], number = 0): Float32Array =>
  Float32Array.from(unit(`image-${number}`, product(shape)), (v) => 2 * v - 1);

/** A state for `model.load`: every tensor drawn, counters 0. */
export function drawnState(model: Module): Map<string, HostTensor> {
  const state = new Map<string, HostTensor>();
  for (const [name, slot] of model.namedState())
    state.set(
      name,
      slot instanceof Counter
        ? { dtype: "I64", shape: [], data: BigInt64Array.of(0n) }
        : { dtype: "F32", shape: slot.shape, data: drawnTensor(name, slot.shape) },
    );
  return state;
}
