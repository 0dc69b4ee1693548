import { beforeAll, describe, expect, it } from "vitest";
import type { Binding, Device, Facts } from "../../src/device/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { evenPieces } from "../../src/kernels/common/pieces.ts";
import { cheapest, fitting } from "../../src/kernels/common/variants.ts";
import type { ConvPass } from "../../src/kernels/conv/conv-variant.ts";
import { type Conv2dDims, conv2dForward, conv2dInputGrad, conv2dWeightGrad } from "../../src/kernels/conv/conv2d.ts";
import { forwardGather } from "../../src/kernels/conv/conv2d-gather.ts";
import { type Conv2dVariant, conv2dVariants } from "../../src/kernels/conv/conv2d-variants.ts";
import { workgroupGather, workgroupWeightGrad } from "../../src/kernels/conv/conv2d-workgroup.ts";
import { Random } from "../../src/random.ts";
import { testDevice } from "../harness/device.ts";
import { cases, dimsOf, eachProduct } from "./conv2d-cases.ts";
import { devices } from "./variant-cases.ts";

const convVariants = (pass: ConvPass, d: Conv2dDims, { facts }: { facts: Facts }): Conv2dVariant[] =>
  fitting(conv2dVariants, d, facts, pass).map((v) => v.name);

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const normals = (name: string, count: number): Float32Array => {
  const random = new Random(7).fork(name);
  return Float32Array.from({ length: count }, () => random.normal());
};
const peak = (data: ArrayLike<number>): number => Array.from(data).reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** Runs `record` twice on uploaded inputs, each time into memory full of NaN; gives both outputs and asserts that no buffer leaks. */
async function twice(
  inputs: Float32Array[],
  outputs: number,
  record: (inputs: Binding[], output: Binding) => void,
): Promise<[Float32Array, Float32Array]> {
  const before = device.memory().liveBuffers;
  const lend = (data: Float32Array): Binding => {
    const binding = { buffer: device.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
    device.write(binding, data);
    return binding;
  };
  const held = inputs.map(lend);
  const run = async (): Promise<Float32Array> => {
    const out = lend(new Float32Array(outputs).fill(Number.NaN));
    record(held, out);
    const data = new Float32Array(await device.read(out));
    device.pool.release(out.buffer);
    return data;
  };
  const both: [Float32Array, Float32Array] = [await run(), await run()];
  for (const b of held) device.pool.release(b.buffer);
  expect(device.memory().liveBuffers).toBe(before);
  return both;
}

/** Every element within 1e-5 * sqrt(terms) * max|a| * max|b| of the float64 sums, and the second run bit-equal. */
function expectRight(
  [got, again]: [Float32Array, Float32Array],
  want: Float64Array,
  terms: number,
  a: Float32Array,
  b: Float32Array,
): void {
  const tolerance = 1e-5 * Math.sqrt(Math.max(1, terms)) * peak(a) * peak(b);
  let worst = 0;
  let at = -1;
  got.forEach((v, i) => {
    const error = Number.isFinite(v) ? Math.abs(v - want[i]) : Number.POSITIVE_INFINITY;
    if (error > worst) [worst, at] = [error, i];
  });
  expect(worst, `element ${at}: got ${got[at]}, want ${want[at]}`).toBeLessThanOrEqual(tolerance);
  expect(new Uint32Array(again.buffer)).toEqual(new Uint32Array(got.buffer));
}

for (const [name, config] of Object.entries(cases)) {
  const d = dimsOf(config);
  const x = normals(`${name} x`, d.n * d.c * d.h * d.w);
  const w = normals(`${name} w`, (d.o * d.c * d.kh * d.kw) / d.groups);
  const g = normals(`${name} g`, d.n * d.o * d.outH * d.outW);
  const bias = normals(`${name} bias`, d.o);
  const taps = (d.c / d.groups) * d.kh * d.kw;

  describe(`conv2d, ${name}`, () => {
    // A pipeline more for each variant: some cases will do, since the store is one for all.
    if (["3x3 same", "depthwise", "two groups", "1x1"].includes(name))
      it("with ReLU in the same kernel: the same numbers, those below 0 as 0", async () => {
        for (const variant of convVariants("forward", d, device)) {
          const run = async (activation?: "relu") =>
            (
              await twice([x, w, bias], d.n * d.o * d.outH * d.outW, ([bx, bw, bb], y) =>
                conv2dForward(device, { x: bx, w: bw, bias: bb, y }, d, { variant, activation }),
              )
            )[0];
          const plain = await run();
          expect((await run("relu")).map((v) => v + 0)).toEqual(plain.map((v) => Math.max(0, v)));
        }
      });

    it("forward, with and without bias", async () => {
      const want = new Float64Array(g.length);
      eachProduct(d, (i, j, k) => {
        want[k] += x[i] * w[j];
      });
      const biased = want.map((v, i) => v + bias[Math.floor(i / (d.outH * d.outW)) % d.o]);
      for (const variant of [undefined, ...convVariants("forward", d, device)]) {
        const plain = await twice([x, w], g.length, ([x, w], y) => conv2dForward(device, { x, w, y }, d, { variant }));
        expectRight(plain, want, taps, x, w);
        const shifted = await twice([x, w, bias], g.length, ([x, w, bias], y) =>
          conv2dForward(device, { x, w, bias, y }, d, { variant }),
        );
        expectRight(shifted, biased, taps + 1, x, w);
      }
    });

    it("gradient of the input", async () => {
      const want = new Float64Array(x.length);
      eachProduct(d, (i, j, k) => {
        want[i] += g[k] * w[j];
      });
      for (const variant of [undefined, ...convVariants("inputGrad", d, device)]) {
        const dx = await twice([g, w], x.length, ([g, w], dx) =>
          conv2dInputGrad(device, { g, w, inputGrad: dx }, d, { variant }),
        );
        expectRight(dx, want, (taps * d.o) / d.c, g, w);
      }
    });

    it("gradient of the weights", async () => {
      const want = new Float64Array(w.length);
      eachProduct(d, (i, j, k) => {
        want[j] += g[k] * x[i];
      });
      for (const variant of [undefined, ...convVariants("weightGrad", d, device)]) {
        const dw = await twice([x, g], w.length, ([x, g], dw) =>
          conv2dWeightGrad(device, { x, g, weightGrad: dw }, d, { variant }),
        );
        expectRight(dw, want, d.n * d.outH * d.outW, x, g);
      }
    });
  });
}

/** Sums of 65,536 products of one sign: float32 has 8 bits left for what an addition adds to them. */
describe("conv2d of numbers of one sign", () => {
  const d = dimsOf({ x: [4, 3, 128, 128], o: 4, k: [3, 3], pad: [1, 1, 1, 1] });
  const uniform = (name: string, count: number): Float32Array => {
    const random = new Random(3).fork(name);
    return Float32Array.from({ length: count }, () => random.uniform(0, 2));
  };
  const x = uniform("x", d.n * d.c * d.h * d.w);
  const g = uniform("g", d.n * d.o * d.outH * d.outW);
  it("gradient of the weights", async () => {
    const want = new Float64Array(d.o * d.c * 9);
    eachProduct(d, (i, j, k) => {
      want[j] += g[k] * x[i];
    });
    for (const variant of convVariants("weightGrad", d, device)) {
      const [dw] = await twice([x, g], want.length, ([x, g], dw) =>
        conv2dWeightGrad(device, { x, g, weightGrad: dw }, d, { variant }),
      );
      // In places of float32: the usual tolerance is 1.3 of them here. The constants of "winograd", 1 / sqrt(2) and sqrt(2), are
      // rounded themselves, the same way in every piece.
      const off = want.map((v, i) => Math.abs(dw[i] - v) / 2 ** (Math.floor(Math.log2(v)) - 23));
      expect(Math.max(...off), variant).toBeLessThanOrEqual(variant === "winograd" ? 2.5 : 1.25);
    }
  });
});

describe("the pieces of a sum", () => {
  it.each([
    [1, 1],
    [600, 400],
    [70_000, 70_000],
    [16_777_216, 65_536],
    [5, 0],
  ])("%d in up to %d: as many as a grid holds, none empty, all covered", (length, wanted) => {
    const pieces = evenPieces(length, wanted);
    const each = Math.ceil(length / pieces);
    expect(pieces).toBeGreaterThanOrEqual(1);
    expect(pieces).toBeLessThanOrEqual(Math.max(1, Math.min(wanted, 65535)));
    expect(pieces * each).toBeGreaterThanOrEqual(length);
    expect((pieces - 1) * each).toBeLessThan(length);
  });
});

/** A NaN reaches every sum that holds it; "winograd" may spread it in its own image, the others give it to no other sum. */
describe("conv2d and a NaN", () => {
  for (const name of ["3x3 same", "1x1", "two groups", "depthwise"])
    it(name, async () => {
      const d = dimsOf(cases[name]);
      const x = normals(`${name} x`, d.n * d.c * d.h * d.w);
      const w = normals(`${name} w`, (d.o * d.c * d.kh * d.kw) / d.groups);
      const g = normals(`${name} g`, d.n * d.o * d.outH * d.outW);
      const [hole, gap] = [d.w + 2, d.outW + 3];
      x[hole] = Number.NaN;
      g[gap] = Number.NaN;
      const reached = { y: new Set<number>(), inputGrad: new Set<number>(), weightGrad: new Set<number>() };
      eachProduct(d, (i, j, k) => {
        if (i === hole) reached.y.add(k);
        if (k === gap) reached.inputGrad.add(i);
        if (i === hole || k === gap) reached.weightGrad.add(j);
      });
      const judge = (variant: string | undefined, [got]: Float32Array[], want: Set<number>, image: number) => {
        const spreads = variant === undefined || variant === "winograd";
        got.forEach((v, i) => {
          if (want.has(i) || !spreads || i >= image)
            expect(Number.isNaN(v), `${variant}, element ${i}: ${v}`).toBe(want.has(i));
        });
      };
      for (const variant of [undefined, ...convVariants("forward", d, device)]) {
        const y = await twice([x, w], g.length, ([x, w], y) => conv2dForward(device, { x, w, y }, d, { variant }));
        judge(variant, y, reached.y, g.length / d.n);
      }
      for (const variant of [undefined, ...convVariants("inputGrad", d, device)]) {
        const dx = await twice([g, w], x.length, ([g, w], dx) =>
          conv2dInputGrad(device, { g, w, inputGrad: dx }, d, { variant }),
        );
        judge(variant, dx, reached.inputGrad, x.length / d.n);
      }
      for (const variant of [undefined, ...convVariants("weightGrad", d, device)]) {
        const dw = await twice([x, g], w.length, ([x, g], dw) =>
          conv2dWeightGrad(device, { x, g, weightGrad: dw }, d, { variant }),
        );
        judge(variant, dw, reached.weightGrad, w.length);
      }
    });
});

describe("conv2d through workgroup memory", () => {
  it("with the large tiles that only GPUs take by themselves", async () => {
    if (device.facts.smallKernels) return; // its compiler does not take them
    const d = dimsOf({ x: [2, 5, 132, 131], o: 37, k: [3, 3], pad: [1, 1, 1, 1] });
    const x = normals("large x", d.n * d.c * d.h * d.w);
    const w = normals("large w", d.o * d.c * 9);
    const g = normals("large g", d.n * d.o * d.outH * d.outW);
    const [y, dw] = [new Float64Array(g.length), new Float64Array(w.length)];
    eachProduct(d, (i, j, k) => {
      y[k] += x[i] * w[j];
      dw[j] += x[i] * g[k];
    });
    const forward = await twice([x, w], g.length, ([x, w], y) =>
      workgroupGather(device, { x, w, y }, forwardGather(d), {}, { largest: 8 }),
    );
    expectRight(forward, y, d.c * 9, x, w);
    const grad = await twice([x, g], w.length, ([x, g], dw) =>
      workgroupWeightGrad(device, { x, g, weightGrad: dw }, d, 8),
    );
    expectRight(grad, dw, d.n * d.outH * d.outW, x, g);
  }, 60_000);
});

describe("conv2d's variants", () => {
  const lend = (count: number): Binding => ({ buffer: device.pool.acquire(4 * count, "test"), bytes: 4 * count });

  it("refuses a variant that cannot run", () => {
    const d = dimsOf({ x: [1, 1, 20, 20], o: 1, k: [9, 9], stride: [9, 9] });
    const [g, w, dx] = [lend(4), lend(81), lend(400)];
    expect(convVariants("inputGrad", d, device)).toEqual(["direct"]);
    expect(() => conv2dInputGrad(device, { g, w, inputGrad: dx }, d, { variant: "tile" })).toThrow(ConfigError);
    for (const b of [g, w, dx]) device.pool.release(b.buffer);
  });

  it("needs subgroups of 4 for the subgroup variant", () => {
    const d = dimsOf(cases["3x3 same"]);
    const many = dimsOf({ x: [1, 64, 32, 32], o: 64, k: [3, 3] });
    for (const pass of ["forward", "inputGrad", "weightGrad"] as const) {
      const choice = (dims: Conv2dDims, facts: Facts) => cheapest(conv2dVariants, dims, facts, pass).name;
      expect(convVariants(pass, d, { facts: { ...devices.lavapipe, subgroupMin: 2 } })).not.toContain("subgroup");
      expect(choice(d, devices.lavapipe)).toBe("subgroup");
      expect(choice(many, devices.lavapipe)).toBe("winograd");
      expect(choice(many, devices.gpu)).toBe("winograd");
    }
  });
});
