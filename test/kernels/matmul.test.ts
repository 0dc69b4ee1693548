/** Every variant of the matrix product against float64, twice: tiles' edges, long sums, transposes, batches, small bindings. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Binding, type Device, type Facts, openDevice } from "../../src/device/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { cheapest, fitting } from "../../src/kernels/common/variants.ts";
import { type MatmulDims, matmulKernel } from "../../src/kernels/matmul/matmul.ts";
import { type MatmulVariantName, matmulVariants } from "../../src/kernels/matmul/matmul-variants.ts";
import { Random } from "../../src/random.ts";
import { testDevice } from "../harness/device.ts";
import { devices } from "./variant-cases.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const normals = (name: string, count: number): Float32Array => {
  const random = new Random(11).fork(name);
  return Float32Array.from({ length: count }, () => random.normal());
};
const peak = (data: Float32Array): number => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
const bits = (v: Float32Array) => new Uint32Array(v.buffer, v.byteOffset, v.length);

/** x [batch, m, k], w [batch, k, n]; a flipped side is stored transposed, and w may be shared by all batches. */
const dimsOf = (m: number, k: number, n: number, fx: boolean, fw: boolean, batch = 1, shared = false): MatmulDims => ({
  ...{ m, n, k, batch: [batch] },
  x: { ...(fx ? { m: 1, k: m } : { m: k, k: 1 }), batch: [m * k] },
  w: { ...(fw ? { k: 1, n: k } : { k: n, n: 1 }), batch: [shared ? 0 : k * n] },
});

function product(d: MatmulDims, x: Float32Array, w: Float32Array): Float64Array {
  const out = new Float64Array(d.batch[0] * d.m * d.n);
  for (let b = 0, at = 0; b < d.batch[0]; b++)
    for (let m = 0; m < d.m; m++)
      for (let n = 0; n < d.n; n++, at++)
        for (let k = 0; k < d.k; k++)
          out[at] += x[b * d.x.batch[0] + m * d.x.m + k * d.x.k] * w[b * d.w.batch[0] + k * d.w.k + n * d.w.n];
  return out;
}

async function run(on: Device, d: MatmulDims, x: Float32Array, w: Float32Array, variant?: MatmulVariantName) {
  const before = on.memory().liveBuffers;
  const lend = (data: Float32Array): Binding => {
    const binding = { buffer: on.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
    on.write(binding, data);
    return binding;
  };
  const held = [x, w, new Float32Array(d.batch[0] * d.m * d.n).fill(Number.NaN)].map(lend);
  matmulKernel(on, { x: held[0], w: held[1], y: held[2] }, d, { variant });
  const out = new Float32Array(await on.read(held[2]));
  for (const b of held) on.pool.release(b.buffer);
  expect(on.memory().liveBuffers).toBe(before);
  return out;
}

async function expectRight(on: Device, d: MatmulDims, variant?: MatmulVariantName): Promise<void> {
  const x = normals("x", d.batch[0] * d.m * d.k);
  const w = normals("w", (d.w.batch[0] === 0 ? 1 : d.batch[0]) * d.k * d.n);
  const got = await run(on, d, x, w, variant);
  const want = product(d, x, w);
  const tolerance = 1e-5 * Math.sqrt(d.k) * peak(x) * peak(w);
  got.forEach((v, i) => {
    if (!(Math.abs(v - want[i]) <= tolerance)) throw new Error(`element ${i}: got ${v}, want ${want[i]}`);
  });
  expect(bits(await run(on, d, x, w, variant))).toEqual(bits(got));
}

const cases: Record<string, MatmulDims> = {
  "one by one": dimsOf(1, 1, 1, false, false),
  "below every tile": dimsOf(7, 5, 3, false, true),
  "at the tiles' edges": dimsOf(64, 32, 64, false, false),
  "just above them": dimsOf(65, 33, 67, true, false),
  "both sides transposed": dimsOf(37, 70, 129, true, true),
  "few rows": dimsOf(2, 40, 300, false, false),
  "few columns": dimsOf(300, 40, 3, false, false),
  "a long sum of few rows": dimsOf(8, 3001, 45, false, false),
  "a long sum, both transposed": dimsOf(5, 2500, 17, true, true),
  "one long scalar product": dimsOf(1, 5000, 1, false, false),
  "many rows of short sums": dimsOf(1200, 8, 100, true, false),
  "batches, w shared": dimsOf(9, 130, 11, false, true, 6, true),
  "batches of attention": dimsOf(49, 64, 49, false, true, 5),
  "in fours": dimsOf(12, 20, 24, false, false),
  "in fours, w transposed": dimsOf(10, 36, 100, false, true),
  "in fours, x transposed": dimsOf(44, 12, 52, true, false),
  "in fours, both transposed": dimsOf(20, 28, 36, true, true),
  "in fours, above the tiles' edges": dimsOf(132, 36, 68, true, false),
  "in fours, one row": dimsOf(1, 64, 300, false, false),
  "in fours, three rows, w transposed": dimsOf(3, 640, 32, false, true),
  "in fours, a long sum": dimsOf(8, 3004, 44, false, false),
  "in fours, a long sum, both transposed": dimsOf(4, 2500, 16, true, true),
  "in fours, batches": dimsOf(20, 32, 48, true, false, 3),
  "in fours, batches, w shared": dimsOf(9, 128, 12, false, true, 6, true),
};

const able = (d: MatmulDims, facts: Facts): string[] => fitting(matmulVariants, d, facts, "product").map((v) => v.name);

describe.each(matmulVariants.map((v) => v.name))("matmul %s", (variant) => {
  it.each(Object.entries(cases))("%s", async (_, d) => {
    if (able(d, device.facts).includes(variant)) await expectRight(device, d, variant);
    else {
      const refused = run(device, d, new Float32Array(d.m * d.k), new Float32Array(d.k * d.n), variant);
      await expect(refused).rejects.toThrow(ConfigError);
    }
  });

  it("walks operands larger than one binding along each dimension", async () => {
    const facts = { limits: { maxStorageBufferBindingSize: 2 ** 14 } };
    using small = await openDevice({ adapter: device.info.kind, facts });
    const walked: MatmulDims[] = [
      dimsOf(90, 64, 40, false, false), // x by rows
      dimsOf(20, 400, 30, true, false), // x and w by the products
      dimsOf(3, 640, 32, false, false), // w by the products, a long way
      dimsOf(16, 48, 200, false, true), // w by columns
      dimsOf(150, 16, 64, false, false), // y by rows
      dimsOf(20, 400, 32, true, false), // in fours: x and w by the products
      dimsOf(64, 400, 48, false, true), // the same, w transposed
    ];
    for (const d of walked) if (able(d, small.facts).includes(variant)) await expectRight(small, d, variant);
  });

  it.each([
    ["any sizes", 19, 1300, 21],
    ["sizes in fours", 20, 1300, 24],
  ])("hands NaN and infinity on to their rows and columns, and to no other: %s", async (_, m, k, n) => {
    const d = dimsOf(m, k, n, false, false);
    if (!able(d, device.facts).includes(variant)) return;
    const x = new Float32Array(m * k).fill(1);
    const w = new Float32Array(k * n).fill(2);
    x[m * k - 1] = Number.NaN;
    w[n - 1] = Number.POSITIVE_INFINITY;
    const y = await run(device, d, x, w, variant);
    const want = (row: number, column: number) =>
      row === m - 1 ? Number.NaN : column === n - 1 ? Number.POSITIVE_INFINITY : 2600;
    y.forEach((value, at) => {
      expect(value).toBe(want(Math.floor(at / n), at % n));
    });
  });
});

describe("the choice", () => {
  const choice = (d: MatmulDims, facts: Facts): string => cheapest(matmulVariants, d, facts, "product").name;
  const { lavapipe } = devices;
  it("moves fours where all comes in fours, cuts long sums of few outputs, and shares rows by subgroups where there are any", () => {
    expect(choice(dimsOf(8, 91_264, 1000, false, false), lavapipe)).toBe("vec4");
    expect(choice(dimsOf(16_384, 256, 32, false, true), lavapipe)).toBe("vec4");
    expect(choice(dimsOf(16_384, 256, 4, false, true), lavapipe)).toBe("subgroup"); // most lanes would idle
    expect(choice(dimsOf(8, 91_264, 1001, false, false), lavapipe)).toBe("split");
    expect(choice(dimsOf(8, 1001, 91_264, false, true), lavapipe)).toBe("subgroup");
    expect(choice(dimsOf(91_264, 7, 1000, true, false), lavapipe)).toBe("subgroup");
    expect(choice(dimsOf(512, 512, 512, false, false), devices.softwareWithoutSubgroups)).toBe("tile");
    expect(choice(dimsOf(512, 512, 512, false, false), devices.gpu)).toBe("workgroup");
  });

  it("names the variants that can run, and is refused one that cannot", async () => {
    const d = dimsOf(4, 1, 4, false, false);
    expect(able(d, devices.gpuWithoutSubgroups)).toEqual(["tile", "workgroup"]);
    const error = await run(device, d, new Float32Array(4), new Float32Array(4), "split").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    expect(`${error}`).toContain('"split" of product cannot run here; choose one of tile');
  });

  it("takes what device.variants insists on, where it can run", async () => {
    const seen = new Set<string>();
    const observe = ({ pipeline }: { pipeline: { key: string } }) => seen.add(pipeline.key.split("|")[0]);
    device.observers.add(observe);
    device.variants.set("matmul", "workgroup");
    try {
      await expectRight(device, dimsOf(5, 6, 7, false, false));
    } finally {
      device.variants.delete("matmul");
      device.observers.delete(observe);
    }
    expect([...seen]).toEqual(["matmul_workgroup"]);
  });
});
