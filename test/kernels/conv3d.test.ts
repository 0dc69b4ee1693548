import { beforeAll, describe, expect, test } from "vitest";
import type { Binding, Device } from "../../src/device/index.ts";
import { cheapest } from "../../src/kernels/common/variants.ts";
import {
  type Conv3dDims,
  type Conv3dVariant,
  conv3dForward,
  conv3dInputGrad,
  conv3dVariants,
  conv3dWeightGrad,
} from "../../src/kernels/conv/conv3d.ts";
import { testDevice } from "../harness/device.ts";
import type { Attrs, Ref } from "../ops/common/ref.ts";
import { numbersOf } from "../ops/common/ref.ts";
import { adapterClass, compare, tolerance } from "../ops/common/tolerance.ts";
import { ops } from "../ops/index.ts";
import { devices } from "./variant-cases.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const dimsOf = (x: Ref, w: Ref, y: Ref, attrs: Attrs): Conv3dDims => {
  const [strideD, strideH, strideW] = numbersOf(attrs, "stride");
  const [dilationD, dilationH, dilationW] = numbersOf(attrs, "dilation");
  const [padFront, , padTop, , padLeft] = numbersOf(attrs, "padding");
  const [n, c, d, h, wide] = x.shape;
  const [o, , kd, kh, kw] = w.shape;
  const [, , outD, outH, outW] = y.shape;
  const sizes = { n, c, d, h, w: wide, o, kd, kh, kw, outD, outH, outW, groups: attrs.groups as number };
  return { ...sizes, strideD, strideH, strideW, dilationD, dilationH, dilationW, padFront, padTop, padLeft };
};

const lend = (data: Float32Array): Binding => {
  const binding = { buffer: device.pool.acquire(data.byteLength, "test"), bytes: data.byteLength };
  device.write(binding, data);
  return binding;
};

/** What `record` writes into memory full of NaN. */
async function written(count: number, record: (out: Binding) => void): Promise<Float32Array> {
  const out = lend(new Float32Array(count).fill(Number.NaN));
  record(out);
  const data = new Float32Array(await device.read(out));
  device.pool.release(out.buffer);
  return data;
}

const rows = ops.conv3d.samples.rows.filter((r) => r.make().inputs[0].data.length > 0);

/** The table runs the variant that is chosen; here every variant meets every row. */
describe.each<Conv3dVariant>(["planes", "direct"])("conv3d by %s", (variant) => {
  test("agrees with float64 in every pass, with the same bits again, and gives back what it borrows", async () => {
    const adapter = adapterClass(device.info);
    for (const row of rows) {
      const before = device.memory().liveBuffers;
      const { inputs, attrs } = row.make();
      const [x, w, bias] = inputs;
      const want = ops.conv3d.reference.forward(inputs, attrs);
      const gradOut: Ref = { shape: want.shape, data: want.data.map((_, i) => Math.fround(Math.sin(1 + 0.7 * i))) };
      const [dx, dw] = ops.conv3d.reference.backward(inputs, attrs, gradOut);
      const dims = dimsOf(x, w, want, attrs);
      const held = [x, w, gradOut, ...(bias ? [bias] : [])].map((r) => lend(Float32Array.from(r.data)));
      const [xs, ws, g, b] = held;
      const passes: [Ref, Parameters<typeof tolerance>[4], (out: Binding) => void][] = [
        [want, "forward", (y) => conv3dForward(device, { x: xs, w: ws, bias: b, y }, dims, variant)],
        [dx!, { grad: 0, gradOut }, (out) => conv3dInputGrad(device, { g, w: ws, inputGrad: out }, dims, variant)],
        [dw!, { grad: 1, gradOut }, (out) => conv3dWeightGrad(device, { x: xs, g, weightGrad: out }, dims, variant)],
      ];
      for (const [ref, which, record] of passes) {
        const got = await written(ref.data.length, record);
        const { worst, index } = compare(got, ref.data, tolerance(ops.conv3d, attrs, inputs, ref, which, adapter));
        const what = `${row.name}, ${which === "forward" ? which : `gradient ${which.grad}`}`;
        expect(worst, `${what}: at ${index} got ${got[index]}, want ${ref.data[index]}`).toBeLessThanOrEqual(1);
        expect(new Uint32Array((await written(ref.data.length, record)).buffer), what).toEqual(
          new Uint32Array(got.buffer),
        );
      }
      for (const binding of held) device.pool.release(binding.buffer);
      expect(device.memory().liveBuffers, `${row.name}: buffers left`).toBe(before);
    }
  });
});

test("planes that would not fit into a binding are left alone", () => {
  const { inputs, attrs } = rows[0].make();
  const small = dimsOf(inputs[0], inputs[1], ops.conv3d.reference.forward(inputs, attrs), attrs);
  const choice = (dims: Conv3dDims): string => cheapest(conv3dVariants, dims, devices.lavapipe, "forward").name;
  expect(choice(small)).toBe("planes");
  expect(choice({ ...small, c: 32, d: 64, outD: 64, h: 64, w: 64, kd: 5 })).toBe("direct");
});
