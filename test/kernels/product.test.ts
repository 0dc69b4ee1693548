/** Batches of matrix products against float64, number by number and by fours: tails, sums in pieces, strides, bias, activation. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Binding, Device } from "../../src/device/index.ts";
import type { ChannelEnd } from "../../src/kernels/common/channel-end.ts";
import { product } from "../../src/kernels/matmul/product.ts";
import { inFours, type Product, type ProductIo } from "../../src/kernels/matmul/product-dims.ts";
import { productOfFours } from "../../src/kernels/matmul/product-lanes.ts";
import { productOfWorkgroups, type WorkgroupTile } from "../../src/kernels/matmul/product-workgroup.ts";
import { Random } from "../../src/random.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

interface Sizes {
  readonly batch?: number;
  readonly groups?: number;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly pieces?: number;
  /** What lies side by side. */
  readonly x: "columns" | "terms";
  readonly w: "terms" | "rows";
  /** Whether rows take whole quads of memory. */
  readonly padded?: boolean;
  /** How far from the first number everything begins. */
  readonly first?: number;
}

/** All dense, batches around groups around matrices. */
function productOf(s: Sizes): Product {
  const { batch = 1, groups = 1, pieces = 1, padded = false, first = 0, rows, columns, inner } = s;
  const row = (length: number): number => (padded ? 4 * Math.ceil(length / 4) : length);
  const [xRow, xRows] = s.x === "columns" ? [row(columns), inner] : [row(inner), columns];
  const [wRow, wRows] = s.w === "terms" ? [row(inner), rows] : [row(rows), inner];
  const yRow = row(columns);
  return {
    ...{ batch, groups, rows, columns, inner, pieces },
    ...{ xFirst: first, xBatch: groups * xRow * xRows, xGroup: xRow * xRows },
    ...(s.x === "columns" ? { xStep: xRow, xColumn: 1 } : { xStep: 1, xColumn: xRow }),
    ...{ wFirst: first, wBatch: groups * wRow * wRows, wGroup: wRow * wRows },
    ...(s.w === "terms" ? { wRow, wStep: 1 } : { wRow: 1, wStep: wRow }),
    ...{ yFirst: first, yBatch: groups * rows * yRow, yGroup: rows * yRow, yRow },
  };
}

const relu = "max(a, 0.0)";
const eps = 1e-3;

type Recorder = (device: Device, io: ProductIo, p: Product, end: ChannelEnd) => void;
const single: Recorder = (d, io, p, end) => product(d, io, p, end, true);
const byFours: Recorder = (d, io, p, end) => productOfFours(d, io, p, { end });

/** @param ended with a bias, batch norm and ReLU by rows. */
async function expectRight(p: Product, record: Recorder, ended: boolean): Promise<void> {
  const random = new Random(5).fork(JSON.stringify(p));
  // What nothing may read is NaN.
  const memory = (count: number): Float32Array => new Float32Array(count).fill(Number.NaN);
  const x = memory(p.xFirst + p.batch * p.xBatch);
  const w = memory(p.wFirst + p.batch * p.wBatch);
  const y = memory(p.yFirst + p.batch * p.pieces * p.yBatch);
  const rows = (draw: () => number): Float32Array => Float32Array.from({ length: p.groups * p.rows }, draw);
  const bias = rows(() => random.normal());
  const mean = rows(() => random.normal());
  const variance = rows(() => random.uniform(0.5, 4));
  const gamma = rows(() => random.uniform(-1, 1));
  const beta = rows(() => random.normal());
  for (let b = 0; b < p.batch; b++)
    for (let g = 0; g < p.groups; g++)
      for (let k = 0; k < p.inner; k++) {
        for (let i = 0; i < p.columns; i++)
          x[p.xFirst + b * p.xBatch + g * p.xGroup + k * p.xStep + i * p.xColumn] = random.normal();
        for (let o = 0; o < p.rows; o++)
          w[p.wFirst + b * p.wBatch + g * p.wGroup + o * p.wRow + k * p.wStep] = random.normal();
      }
  const lend = (data: Float32Array): Binding => {
    const binding = { buffer: device.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
    device.write(binding, data);
    return binding;
  };
  const held = [x, w, y, bias, mean, variance, gamma, beta].map(lend);
  const [X, W, Y, B, M, V, G, S] = held;
  const io = { x: X, w: W, y: Y, ...(ended ? { bias: B } : {}) };
  record(device, io, p, ended ? { norm: { mean: M, variance: V, affine: { gamma: G, beta: S }, eps }, act: relu } : {});
  const got = new Float32Array(await device.read(Y));
  for (const b of held) device.pool.release(b.buffer);
  // Nothing before the first result was written.
  expect(got.subarray(0, p.yFirst).every(Number.isNaN)).toBe(true);
  // Pieces differ in which terms they take, but not in their sum.
  const sums = new Float64Array(p.batch * p.groups * p.rows * p.columns);
  let at = 0;
  for (let b = 0; b < p.batch; b++)
    for (let g = 0; g < p.groups; g++)
      for (let o = 0; o < p.rows; o++)
        for (let i = 0; i < p.columns; i++, at++) {
          const row = g * p.rows + o;
          let want = ended ? bias[row] : 0;
          for (let k = 0; k < p.inner; k++)
            want +=
              w[p.wFirst + b * p.wBatch + g * p.wGroup + o * p.wRow + k * p.wStep] *
              x[p.xFirst + b * p.xBatch + g * p.xGroup + k * p.xStep + i * p.xColumn];
          for (let s = 0; s < p.pieces; s++)
            sums[at] += got[p.yFirst + (b * p.pieces + s) * p.yBatch + g * p.yGroup + o * p.yRow + i];
          if (ended) want = Math.max(((want - mean[row]) * gamma[row]) / Math.sqrt(variance[row] + eps) + beta[row], 0);
          if (!(Math.abs(sums[at] - want) <= 1e-5 * Math.sqrt(p.inner) * 16))
            throw new Error(`batch ${b}, group ${g}, row ${o}, column ${i}: got ${sums[at]}, want ${want}`);
        }
}

const cases: Record<string, Sizes> = {
  "one quad": { rows: 1, columns: 4, inner: 4, x: "columns", w: "terms" },
  "one row of terms": { rows: 1, columns: 4, inner: 64, x: "terms", w: "terms" },
  "below every tile": { rows: 4, columns: 8, inner: 8, x: "columns", w: "rows" },
  "at the tiles' edges": { rows: 32, columns: 32, inner: 16, x: "columns", w: "terms" },
  "just above them": { rows: 36, columns: 36, inner: 20, x: "terms", w: "rows" },
  "rows that fill no block": { rows: 13, columns: 100, inner: 12, x: "columns", w: "terms" },
  "columns that fill no quad, in longer rows": {
    rows: 9,
    columns: 30,
    inner: 8,
    x: "columns",
    w: "terms",
    padded: true,
  },
  "terms that fill no quad, in longer rows": { rows: 10, columns: 20, inner: 22, x: "terms", w: "terms", padded: true },
  "terms that fill no quad, weights by rows": { rows: 12, columns: 8, inner: 19, x: "terms", w: "rows", padded: true },
  "groups and batches": { batch: 3, groups: 5, rows: 12, columns: 16, inner: 8, x: "columns", w: "terms" },
  "groups and batches, turned": { batch: 2, groups: 3, rows: 20, columns: 12, inner: 8, x: "terms", w: "rows" },
  "sums in pieces": { rows: 16, columns: 12, inner: 300, pieces: 7, x: "terms", w: "terms" },
  "sums in pieces, columns side by side": { rows: 16, columns: 12, inner: 300, pieces: 7, x: "columns", w: "rows" },
  "more pieces than quads": { batch: 2, rows: 5, columns: 8, inner: 12, pieces: 5, x: "terms", w: "terms" },
  "far from the first number": { rows: 6, columns: 8, inner: 8, x: "columns", w: "terms", first: 64 },
  "more groups than a grid is deep": { groups: 66_000, rows: 1, columns: 4, inner: 4, x: "columns", w: "terms" },
};
const odd: Record<string, Sizes> = {
  "three columns": { rows: 5, columns: 3, inner: 7, x: "columns", w: "terms" },
  "a start in the middle of a quad": { rows: 4, columns: 8, inner: 8, x: "columns", w: "terms", first: 2 },
  "no room beyond the columns": { rows: 9, columns: 30, inner: 8, x: "columns", w: "terms" },
  "no room beyond the terms": { rows: 10, columns: 20, inner: 22, x: "terms", w: "terms" },
  "terms that fill no quad beside whole columns": { rows: 8, columns: 8, inner: 6, x: "columns", w: "rows" },
};

describe("products", () => {
  it.each(Object.entries({ ...cases, ...odd }))("number by number: %s", async (_, sizes) => {
    if (device.facts.subgroupMin < 4) return;
    await expectRight(productOf(sizes), single, false);
    if ((sizes.pieces ?? 1) === 1) await expectRight(productOf(sizes), single, true);
  });

  it.each(Object.entries(cases))("by fours: %s", async (_, sizes) => {
    const p = productOf(sizes);
    expect(inFours(p)).toBe(true);
    if (device.facts.subgroupMin < 4) return;
    await expectRight(p, byFours, false);
    if (p.pieces === 1) await expectRight(p, byFours, true);
  });

  // With 16 terms at a time, tiles of 64 x 64 take the compilers of software adapters half a minute a layout.
  const tiles: readonly WorkgroupTile[] = [
    { LR: 8, LC: 8, TM: 4, TN: 1, KB: 8 },
    { LR: 8, LC: 8, TM: 8, TN: 2, KB: 4 },
    { LR: 8, LC: 16, TM: 8, TN: 1, KB: 8 },
  ];
  describe.each(tiles)("through workgroup memory, $LR x $LC invocations of $TM x $TN, $KB terms", (tile) => {
    const record: Recorder = (d, io, p, end) => productOfWorkgroups(d, io, p, { end, tile });
    const large: Sizes = { rows: 75, columns: 140, inner: 52, x: "columns", w: "terms" };
    // Tens of thousands of workgroups that wait for each other take software half a minute.
    const few = Object.entries({ ...cases, "several tiles": large }).filter(([, c]) => (c.groups ?? 1) < 1000);
    it.each(few)("%s", async (_, sizes) => {
      const p = productOf(sizes);
      await expectRight(p, record, false);
      if (p.pieces === 1) await expectRight(p, record, true);
    });
  });

  it.each(Object.entries(odd))("not by fours: %s", (_, sizes) => {
    expect(inFours(productOf(sizes))).toBe(false);
  });

  it("are added to what is there", async () => {
    if (device.facts.subgroupMin < 4) return;
    const lend = (data: Float32Array): Binding => {
      const binding = { buffer: device.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
      device.write(binding, data);
      return binding;
    };
    // The second takes more workgroups than a grid is wide, and not twice as many.
    for (const sizes of [
      { rows: 5, columns: 12, inner: 8 },
      { groups: 65_537, rows: 1, columns: 4, inner: 4 },
    ]) {
      const p = productOf({ ...sizes, x: "columns", w: "terms" });
      for (const record of p.groups === 1 ? [productOfFours, productOfWorkgroups] : [productOfFours]) {
        const ramp = Float32Array.from({ length: p.groups * p.rows * p.columns }, (_, i) => i % 1000);
        const [x, w, y] = [
          new Float32Array(p.groups * p.columns * p.inner).fill(2),
          new Float32Array(p.groups * p.rows * p.inner).fill(3),
          ramp,
        ].map(lend);
        record(device, { x, w, y }, p, { add: true });
        expect(new Float32Array(await device.read(y))).toEqual(ramp.map((v) => v + 6 * p.inner));
        for (const b of [x, w, y]) device.pool.release(b.buffer);
      }
    }
  });
});
