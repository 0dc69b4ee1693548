import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/device/index.ts";
import { DTypeError, GradError } from "../../src/errors.ts";
import { floatsFromHalves, halvesFromFloats } from "../../src/half.ts";
import * as L from "../../src/landmarks/index.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const device = await testDevice();
const waves = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(0.7 * i) + 0.01 * (i % 37));
const round = (v: Float32Array): Float32Array => floatsFromHalves(halvesFromFloats(v));
const bits = (v: Float32Array) => new Uint32Array(v.buffer, v.byteOffset, v.length);

test("shapes and dtypes are worked out without a GPU", () => {
  const x = T.Tensor.meta([2, 3], "f16");
  expect(T.softmax(x, 1).dtype).toBe("f16");
  expect(T.variance(x).dtype).toBe("f16");
  expect(T.argmax(x, 1).dtype).toBe("i32");
  expect(T.cast(x, "f32").dtype).toBe("f32");
  expect(T.where(x, 1, 0).dtype).toBe("f16");
  expect(() => T.add(x, T.Tensor.meta([2, 3]))).toThrow(DTypeError);
  expect(() => T.add(x, T.Tensor.meta([2, 3]))).toThrow(
    'add: input 0 [2, 3] holds f16 and input 1 [2, 3] f32; make them one with cast(x, "f32") or cast(x, "f16")',
  );
  expect(() => T.concat([T.Tensor.meta([2]), T.Tensor.meta([2], "f16")])).toThrow("make them one");
  expect(() => T.add(x, T.Tensor.meta([2, 3], "i32"))).toThrow(DTypeError);
});

if (device.features.has("shader-f16"))
  describe("float16 tensors", () => {
    /** All halves that are numbers, the middles between neighbors and what lies beside those, and what does not fit. */
    const hard = (): Float32Array => {
      const all = floatsFromHalves(Uint16Array.from({ length: 0xfc01 }, (_, i) => i)).filter((v) => !Number.isNaN(v));
      const words = new Uint32Array(1);
      const next = (v: number, by: number): number => {
        const one = new Float32Array(words.buffer);
        one[0] = v;
        words[0] += by;
        return one[0];
      };
      const middles = [...all].map((v, i) => (v + (all[i + 1] ?? v)) / 2).filter((v) => v !== 0 && Number.isFinite(v));
      const ends = [65_519.99, 65_520, 70_000, 1e30, 1e-30, -1e-30, 2 ** -25, 2 ** -24, Number.NaN];
      return Float32Array.from([
        ...all,
        ...middles,
        ...middles.map((v) => next(v, 1)),
        ...middles.map((v) => next(v, -1)),
        ...ends,
        ...ends.map((v) => -v),
      ]);
    };

    test("cast rounds to the nearest, of two to the even one, and widens exactly", async () => {
      const numbers = hard();
      const x = T.tensor(device, numbers);
      const y = T.cast(x, "f16");
      const want = round(numbers);
      expect(y.dtype).toBe("f16");
      expect(await y.data()).toEqual(want);
      const wide = T.cast(y, "f32");
      expect(await wide.data()).toEqual(want);
      const host = T.tensor(device, numbers, [numbers.length], "f16");
      expect(await host.data()).toEqual(want);
      for (const t of [x, y, wide, host]) t.dispose();
    });

    test("integers come and go as through float32", async () => {
      const x = T.tensor(device, Float32Array.of(1.5, -2.75, 65_504, Number.NaN), [4], "f16");
      const [i, u] = [T.cast(x, "i32"), T.cast(x, "u32")];
      expect(await i.integers()).toEqual(Int32Array.of(1, -2, 65_504, -2147483648));
      expect([...(await u.integers())].slice(2)).toEqual([65_504, 4294967295]);
      const back = T.cast(i, "f16");
      expect(await back.data()).toEqual(Float32Array.of(1, -2, 65_504, Number.NEGATIVE_INFINITY));
      for (const t of [x, i, u, back]) t.dispose();
    });

    test("numbers go in and out, also an odd number of them, in half the memory", async () => {
      const live = device.memory().live;
      const big = T.zeros(device, [1024, 1024], "f16");
      expect(device.memory().live - live).toBe(2 * 1024 * 1024);
      big.dispose();
      const x = T.tensor(device, [1, 2, Math.PI], [3], "f16");
      expect(await x.data()).toEqual(Float32Array.of(1, 2, 3.140625));
      x.write(Float32Array.of(1e9, -0.1, 7));
      expect(await x.data()).toEqual(round(Float32Array.of(1e9, -0.1, 7)));
      const [zero, one] = [T.zeros(device, [5], "f16"), T.full(device, [5], 0.1, "f16")];
      expect(await zero.data()).toEqual(new Float32Array(5));
      expect(await one.data()).toEqual(round(new Float32Array(5).fill(0.1)));
      const nothing = T.tensor(device, [], [0], "f16");
      expect((await nothing.data()).length).toBe(0);
      await expect(x.integers()).rejects.toThrow("f16; use data()");
      for (const t of [x, zero, one, nothing]) t.dispose();
    });

    test("a result beyond 65504 is infinite, and infinity goes on as in IEEE", async () => {
      const x = T.tensor(device, [60_000, -60_000, 1], [3], "f16");
      // A chain of elementwise ops is one kernel, and float32 inside.
      const chain = T.tidy(() => T.div(T.mul(x, 2), 4));
      expect(await chain.data()).toEqual(Float32Array.of(30_000, -30_000, 0.5));
      chain.dispose();
      const y = T.tidy(() => T.mul(x, 2));
      expect(await y.data()).toEqual(Float32Array.of(Infinity, -Infinity, 2));
      const z = T.tidy(() => T.sub(y, y));
      expect(await z.data()).toEqual(Float32Array.of(Number.NaN, Number.NaN, 0));
      // The sum itself is float32's: what overflows on the way comes back.
      const s = T.sum(x);
      expect(await s.item()).toBe(1);
      for (const t of [x, y, z, s]) t.dispose();
    });

    test("training is refused", () => {
      const x = T.tensor(device, [1, 2], [2], "f16");
      expect(() => x.requireGrad()).toThrow("float16 is for inference");
      const w = T.tensor(device, [1, 2]).requireGrad();
      expect(() => T.cast(w, "f16")).toThrow(GradError);
      expect(() => T.cast(w, "f16")).toThrow("cast: float16 is for inference");
      expect(() => T.mul(x, w)).toThrow(DTypeError);
      const quiet = T.noGrad(() => T.cast(w, "f16"));
      expect(quiet.requiresGrad).toBe(false);
      for (const t of [x, w, quiet]) t.dispose();
    });

    /** A kernel's float16 result is its float32 result, rounded. */
    const agrees = async (what: string, shapes: readonly (readonly number[])[], run: (xs: T.Tensor[]) => T.Tensor) => {
      const half = shapes.map((s, i) =>
        T.tensor(
          device,
          waves(T.sizeOf(s)).map((v) => v + i / 8),
          s,
          "f16",
        ),
      );
      const wide = half.map((t) => T.cast(t, "f32"));
      const [a, b] = [T.tidy(() => run(half)), T.tidy(() => run(wide))];
      expect(a.dtype, what).toBe("f16");
      const [got, want] = [await a.data(), round(await b.data())];
      // A compiler may join a product and a sum in one of the two and not in the other: the next half is right as well.
      const near = got.every(
        (v, i) => v === want[i] || Math.abs(v - want[i]) <= 2 ** -10 * Math.abs(want[i]) + 2 ** -14,
      );
      expect(near, `${what}: ${got.slice(0, 5)} and ${want.slice(0, 5)}`).toBe(true);
      for (const t of [...half, ...wide, a, b]) t.dispose();
    };

    test.each(["direct", "tile", "subgroup", "depthwise"])("conv2d's variant %s", async (variant) => {
      device.variants.set("conv2d", variant);
      try {
        await agrees("a convolution", [[2, 9, 13, 11], [14, 9, 3, 3], [14]], ([x, w, bias]) =>
          T.conv2d(x, w, { bias, padding: 1, activation: "relu" }),
        );
        await agrees("one of one channel a group", [[2, 9, 13, 11], [9, 1, 3, 3], [9]], ([x, w, bias]) =>
          T.conv2d(x, w, { bias, padding: 1, groups: 9 }),
        );
        await agrees(
          "one turned round",
          [
            [2, 9, 7, 6],
            [9, 8, 4, 4],
          ],
          ([x, w]) => T.convTranspose2d(x, w, { stride: 2, padding: 1 }),
        );
      } finally {
        device.variants.delete("conv2d");
      }
    });

    test.each(["planes", "direct"])("conv3d's variant %s", async (variant) => {
      device.variants.set("conv3d", variant);
      try {
        await agrees("a convolution", [[1, 3, 5, 7, 6], [4, 3, 3, 3, 3], [4]], ([x, w, bias]) =>
          T.conv3d(x, w, { bias, padding: 1 }),
        );
      } finally {
        device.variants.delete("conv3d");
      }
    });

    test("heat-maps are decoded to the same places", async () => {
      const maps = T.tensor(device, waves(2 * 3 * 15 * 17), [2, 3, 15, 17], "f16");
      const wide = T.cast(maps, "f32");
      const decoders: ((x: T.Tensor) => T.Tensor)[] = [
        (x) => L.argmax2d(x),
        (x) => L.decodeHeatmaps(x, { mode: "parabola" }),
        (x) => L.decodeCentroids(x, { threshold: "adaptive" }),
        (x) => L.softArgmax2d(x, { beta: 4 }),
      ];
      for (const decode of decoders) {
        const [a, b] = [decode(maps), decode(wide)];
        expect(a.dtype).toBe("f16");
        expect(await a.data()).toEqual(round(await b.data()));
        a.dispose();
        b.dispose();
      }
      const [a, b] = [L.connectedComponents(maps, { threshold: 0.5 }), L.connectedComponents(wide, { threshold: 0.5 })];
      expect(await a.integers()).toEqual(await b.integers());
      for (const t of [maps, wide, a, b]) t.dispose();
    });

    test("dropout draws the same mask", async () => {
      const x = T.tensor(device, waves(1000), [1000], "f16");
      const wide = T.cast(x, "f32");
      const [a, b] = [T.dropout(x, { p: 0.3, rng: [1, 2] }), T.dropout(wide, { p: 0.3, rng: [1, 2] })];
      expect(await a.data()).toEqual(round(await b.data()));
      for (const t of [x, wide, a, b]) t.dispose();
    });

    test("copies keep the bits, where neighbors share a word too", async () => {
      const numbers = floatsFromHalves(Uint16Array.from({ length: 999 }, (_, i) => (i * 67) % 0x7c00)); // subnormals among them
      const x = T.tensor(device, numbers, [999], "f16");
      const y = T.tidy(() => {
        const parts = T.split(x, [1, 333, 2, 663], 0);
        return T.concat([parts[3], parts[1], parts[0], parts[2]]);
      });
      const want = [336, 999, 1, 334, 0, 1, 334, 336];
      const order = [0, 2, 4, 6].flatMap((i) => [...numbers.slice(want[i], want[i + 1])]);
      expect(bits(await y.data())).toEqual(bits(Float32Array.from(order)));
      x.dispose();
      y.dispose();
    });

    test("what is larger than a binding is walked in parts", async () => {
      // An odd number of 256 bytes, so that a part of 2-byte numbers would begin off the grid if it were cut as 4-byte ones.
      const facts = { limits: { maxStorageBufferBindingSize: 768 } };
      using small = await openDevice({ adapter: device.info.kind, facts });
      const numbers = waves(1000);
      const x = T.tensor(small, numbers, [1000], "f16");
      const at = round(numbers);
      const want = (f: (v: number) => number): Float32Array => round(at.map(f));
      const y = T.tidy(() => T.mul(x, 2));
      expect(await y.data()).toEqual(want((v) => 2 * v));
      const z = T.tidy(() => T.add(T.reshape(x, [10, 100]), T.full(small, [10, 1], 1, "f16")));
      expect(await z.data()).toEqual(want((v) => v + 1));
      const wide = T.cast(x, "f32");
      expect(await wide.data()).toEqual(at);
      const filled = T.full(small, [1000], 3, "f16");
      expect(new Set(await filled.data())).toEqual(new Set([3]));
      // A product whose inner dimension is cut: partial sums stay float32.
      const ones = T.full(small, [1, 384], 1, "f16");
      const steps = T.full(small, [384, 8], 1 + 2 ** -10, "f16"); // 384.375, a tie; rounded at each cut it were 384.25
      const product = T.matmul(ones, steps);
      expect(await product.data()).toEqual(new Float32Array(8).fill(384.5));
      const rows = T.tidy(() => T.matmul(T.reshape(x, [250, 4]), T.full(small, [4, 1], 1, "f16")));
      const sums = Float32Array.from({ length: 250 }, (_, r) => at.slice(4 * r, 4 * r + 4).reduce((s, v) => s + v, 0));
      expect(await rows.data()).toEqual(round(sums));
    });
  });
