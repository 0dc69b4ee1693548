/** Proves an op against its float64 reference: value, gradients, equal bits on a second run, no buffer left over. */
import { expect } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { Random } from "../../src/random.ts";
import { noGrad, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import type { Attrs, Ref } from "../ops/common/ref.ts";
import { ops } from "../ops/index.ts";

export interface Check {
  readonly op: string;
  readonly attrs: Attrs;
  /** Values are rounded to float32 first. */
  readonly inputs: readonly Ref[];
  readonly run: (inputs: Tensor[]) => Tensor;
  /** Terms of the longest sum of the value and of the gradients: the error allowed is 1e-5 * sqrt(terms) * scale. 0: exact. */
  readonly terms: number;
  readonly gradTerms?: number;
  /** Inputs that are constants to the op. */
  readonly constants?: readonly number[];
  /** Largest factor in the sums, where it is not the largest entry of the inputs and of the incoming gradient. */
  readonly scale?: number;
  readonly gradScale?: number;
}

export const normals = (name: string, shape: readonly number[], deviation = 1, mean = 0): Ref => {
  const random = new Random(11).fork(name);
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: count }, () => Math.fround(random.normal(mean, deviation))) };
};

const peak = (...lists: ArrayLike<number>[]): number =>
  lists.reduce((m, list) => Array.from(list).reduce((a, v) => Math.max(a, Number.isFinite(v) ? Math.abs(v) : 0), m), 0);

/** Each entry within `tolerance` of the wanted one; NaN and infinities must be the same. */
export function expectClose(what: string, got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length, `${what}: length`).toBe(want.length);
  let worst = 0;
  let at = 0;
  for (let i = 0; i < want.length; i++) {
    const same = Object.is(got[i], want[i]) || got[i] === want[i];
    const error = same ? 0 : Math.abs(got[i] - want[i]);
    if (!(error <= worst)) {
      worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      at = i;
    }
  }
  expect(worst, `${what}: entry ${at} is ${got[at]}, wanted ${want[at]}`).toBeLessThanOrEqual(tolerance);
}

const bits = (list: Float32Array): Uint32Array => new Uint32Array(list.buffer, list.byteOffset, list.length);

/** Runs forward and backward once; data of the value and of each gradient. */
async function once(device: Device, check: Check, gradOut: Ref): Promise<Float32Array[]> {
  const constants = check.constants ?? [];
  const kept = tidy(() => {
    const inputs = check.inputs.map((r, i) => {
      const t = tensor(device, Float32Array.from(r.data), r.shape);
      return constants.includes(i) ? t : t.requireGrad();
    });
    const silent = noGrad(() => check.run(inputs));
    const y = check.run(inputs);
    expect(y.shape).toEqual(gradOut.shape);
    y.backward(tensor(device, Float32Array.from(gradOut.data), gradOut.shape));
    const grads = inputs.filter((_, i) => !constants.includes(i)).map((t) => t.grad!.detach());
    return [y.detach(), silent.detach(), ...grads];
  });
  const data: Float32Array[] = [];
  for (const t of kept) {
    data.push(await t.data());
    t.dispose();
  }
  return data;
}

export async function checkAgainstReference(device: Device, check: Check): Promise<void> {
  const reference = ops[check.op].reference;
  const want = reference.forward(check.inputs, check.attrs);
  const gradOut = normals(`${check.op} gradient`, want.shape);
  const before = device.memory().liveBuffers;
  const [value, silent, ...grads] = await once(device, check, gradOut);
  const second = await once(device, check, gradOut);
  expect(device.memory().liveBuffers, `${check.op}: live buffers`).toBe(before);
  const largest = check.scale ?? peak(...check.inputs.map((r) => r.data));
  expectClose(`${check.op}: value`, value, want.data, 1e-5 * Math.sqrt(check.terms) * largest);
  expect(bits(silent), `${check.op}: without recording`).toEqual(bits(value));
  const wanted = reference.backward(check.inputs, check.attrs, gradOut).filter((_, i) => !check.constants?.includes(i));
  const gradScale = check.gradScale ?? peak(gradOut.data) * Math.max(1, largest);
  wanted.forEach((w, i) => {
    expectClose(
      `${check.op}: gradient ${i}`,
      grads[i],
      w!.data,
      1e-5 * Math.sqrt(check.gradTerms ?? check.terms) * gradScale,
    );
  });
  [value, silent, ...grads].forEach((list, i) => {
    expect(bits(second[i]), `${check.op}: bits of the second run, output ${i}`).toEqual(bits(list));
  });
}
