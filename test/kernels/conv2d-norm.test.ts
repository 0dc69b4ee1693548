/** Convolution, bias, batch norm by fixed statistics and ReLU in one kernel: each variant against float64. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Binding, Device, DispatchRecord } from "../../src/device/index.ts";
import { fitting } from "../../src/kernels/common/variants.ts";
import { type Conv2dDims, conv2dForward } from "../../src/kernels/conv/conv2d.ts";
import { type Conv2dVariant, conv2dVariants } from "../../src/kernels/conv/conv2d-variants.ts";
import { Random } from "../../src/random.ts";
import { testDevice } from "../harness/device.ts";
import { cases, dimsOf, eachProduct } from "./conv2d-cases.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const eps = 1e-3;
const ulp = 2 ** -23;
const peak = (data: Float32Array): number => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** What a case is made of; statistics far from 0 and 1, and scales of both signs. */
function numbersOf(name: string, d: Conv2dDims) {
  const random = new Random(11).fork(name);
  const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const between = (low: number, high: number): Float32Array =>
    Float32Array.from({ length: d.o }, () => random.uniform(low, high));
  return {
    x: normals(d.n * d.c * d.h * d.w),
    w: normals((d.o * d.c * d.kh * d.kw) / d.groups),
    bias: normals(d.o),
    mean: between(-3, 3),
    variance: between(0.2, 4),
    gamma: between(-2, 2),
    beta: between(-1, 1),
  };
}
type Numbers = ReturnType<typeof numbersOf>;

interface Parts {
  readonly bias: boolean;
  readonly affine: boolean;
  readonly relu: boolean;
}

/** In float64, with how far float32 may be off: the sums' error and the mean's times the scale, and two roundings behind. */
function expected(d: Conv2dDims, v: Numbers, sums: Float64Array, { bias, affine, relu }: Parts) {
  const terms = (d.c / d.groups) * d.kh * d.kw + 1;
  const error = 1e-5 * Math.sqrt(terms) * peak(v.x) * peak(v.w);
  const want = new Float64Array(sums.length);
  const tolerance = new Float64Array(sums.length);
  sums.forEach((sum, i) => {
    const o = Math.floor(i / (d.outH * d.outW)) % d.o;
    const scale = (affine ? v.gamma[o] : 1) / Math.sqrt(v.variance[o] + eps);
    const centered = sum + (bias ? v.bias[o] : 0) - v.mean[o];
    const value = centered * scale + (affine ? v.beta[o] : 0);
    want[i] = relu ? Math.max(0, value) : value;
    tolerance[i] =
      Math.abs(scale) * (error + 2 * ulp * Math.abs(v.mean[o])) + 4 * ulp * (Math.abs(centered * scale) + 1);
  });
  return { want, tolerance };
}

async function run(d: Conv2dDims, v: Numbers, variant: Conv2dVariant | undefined, parts: Parts) {
  const lend = (data: Float32Array): Binding => {
    const binding = { buffer: device.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
    device.write(binding, data);
    return binding;
  };
  const y = lend(new Float32Array(d.n * d.o * d.outH * d.outW).fill(Number.NaN));
  const [x, w, bias, mean, variance, gamma, beta] = [v.x, v.w, v.bias, v.mean, v.variance, v.gamma, v.beta].map(lend);
  const kernels: string[] = [];
  const observe = ({ pipeline }: DispatchRecord): number => kernels.push(pipeline.spec.shader.name);
  device.observers.add(observe);
  conv2dForward(device, { x, w, bias: parts.bias ? bias : undefined, y }, d, {
    variant,
    norm: { mean, variance, affine: parts.affine ? { gamma, beta } : undefined, eps },
    activation: parts.relu ? "relu" : undefined,
  });
  device.observers.delete(observe);
  const got = new Float32Array(await device.read(y));
  for (const b of [x, w, bias, mean, variance, gamma, beta, y]) device.pool.release(b.buffer);
  return { got, kernels };
}

/** Each needs pipelines of its own, so a case has one; every variant meets several cases. */
const [all, unbiased, plain, bare]: Parts[] = [
  { bias: true, affine: true, relu: true },
  { bias: false, affine: true, relu: false },
  { bias: true, affine: false, relu: false },
  { bias: false, affine: false, relu: true },
];
const chosen: [name: string, parts: Parts][] = [
  ["3x3 same", all],
  ["3x3 same, 24 to 20 channels, 33 wide", unbiased],
  ["asymmetric padding", plain],
  ["two groups", bare],
  ["eight wide groups", all],
  ["stride 3 by 2", unbiased],
  ["dilation 3 by 2, stride 2 by 1", all],
  ["1x1", unbiased],
  ["1x1, in fours", all],
  ["1x1, in fours, two groups", plain],
  ["depthwise", all],
  ["depthwise, stride 2, 5x5", plain],
];

describe.each(chosen)("conv2d with batch norm, %s", (name, parts) => {
  const d = dimsOf(cases[name]);
  const v = numbersOf(name, d);
  const sums = new Float64Array(d.n * d.o * d.outH * d.outW);
  eachProduct(d, (i, j, k) => {
    sums[k] += v.x[i] * v.w[j];
  });

  it("gives the numbers of the three steps, in one dispatch but for Winograd's", async () => {
    const variants = fitting(conv2dVariants, d, device.facts, "forward").map((f) => f.name);
    const { want, tolerance } = expected(d, v, sums, parts);
    for (const variant of [undefined, ...variants]) {
      const { got, kernels } = await run(d, v, variant, parts);
      got.forEach((value, i) => {
        if (!(Math.abs(value - want[i]) <= tolerance[i]))
          throw new Error(`${variant}: element ${i} is ${value}, want ${want[i]}`);
      });
      if (variant !== undefined) expect([variant, kernels.length]).toEqual([variant, variant === "winograd" ? 4 : 1]);
    }
  });
});
