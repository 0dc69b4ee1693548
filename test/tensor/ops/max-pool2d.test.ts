import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError, ShapeError } from "../../../src/errors.ts";
import { maxPool2d, Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { checkAgainstReference, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

interface Row {
  x: Ref;
  kernel: [number, number];
  stride: [number, number];
  padding?: [number, number, number, number];
  dilation?: [number, number];
}
const whole = (r: Ref): Ref => ({ ...r, data: r.data.map((v) => Math.round(v)) });
const rows: Record<string, Row> = {
  "windows apart, even": { x: normals("a", [2, 3, 8, 12]), kernel: [2, 2], stride: [2, 2] },
  "windows apart, odd sizes leave inputs over": { x: normals("b", [1, 5, 13, 7]), kernel: [2, 3], stride: [2, 3] },
  "windows apart with gaps and padding": {
    x: normals("c", [3, 1, 11, 17]),
    kernel: [2, 1],
    stride: [3, 2],
    padding: [1, 0, 0, 0],
  },
  "overlapping 3x3 stride 2, padding 1": {
    x: normals("d", [2, 7, 19, 23]),
    kernel: [3, 3],
    stride: [2, 2],
    padding: [1, 1, 1, 1],
  },
  "asymmetric padding, stride not dilation": {
    x: normals("e", [1, 2, 17, 29]),
    kernel: [3, 2],
    stride: [2, 3],
    padding: [2, 0, 0, 1],
    dilation: [3, 2],
  },
  "ties go to the first": {
    x: whole(normals("f", [2, 2, 31, 9])),
    kernel: [3, 3],
    stride: [1, 2],
    padding: [1, 1, 0, 2],
  },
  "all negative": { x: normals("g", [1, 1, 9, 10], 1, -50), kernel: [3, 3], stride: [2, 1], padding: [1, 1, 1, 1] },
  "many workgroups": { x: normals("h", [4, 16, 37, 61]), kernel: [2, 2], stride: [2, 2] },
  "rows of two images in one invocation": {
    x: normals("j", [8, 8, 47, 51]),
    kernel: [2, 2],
    stride: [1, 1],
    padding: [1, 0, 0, 1],
  },
  "a single row": { x: normals("i", [1, 3, 1, 5]), kernel: [2, 1], stride: [1, 1], padding: [1, 0, 0, 0] },
};

describe("maxPool2d", () => {
  for (const [name, { x, kernel, ...row }] of Object.entries(rows))
    it(name, async () => {
      const options = { padding: [0, 0, 0, 0] as const, dilation: [1, 1] as const, ...row };
      const attrs = { ...options, kernel };
      await checkAgainstReference(device, {
        op: "max_pool2d",
        attrs,
        inputs: [x],
        run: ([t]) => maxPool2d(t, { ...options, kernelSize: kernel }),
        terms: 0,
        gradTerms: 9,
      });
    });

  it("NaN beats every number, and a window of padding only is -infinity without a gradient", async () => {
    const [y, dx] = tidy(() => {
      const x = tensor(
        device,
        [1, Number.NaN, 3, 9, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
        [1, 1, 1, 6],
      ).requireGrad();
      const y = maxPool2d(x, { kernelSize: [1, 2] });
      y.backward(tensor(device, [1, 2, 3], [1, 1, 1, 3]));
      return [y.detach(), x.grad!.detach()];
    });
    expect([...(await y.data())]).toEqual([Number.NaN, 9, Number.NEGATIVE_INFINITY]);
    expect([...(await dx.data())]).toEqual([0, 1, 0, 2, 3, 0]);
    const [hole, none] = tidy(() => {
      const x = tensor(device, [5], [1, 1, 1, 1]).requireGrad();
      const y = maxPool2d(x, { kernelSize: [2, 1], padding: [1, 1, 0, 0], dilation: [2, 1] });
      y.backward(tensor(device, [7], [1, 1, 1, 1]));
      return [y.detach(), x.grad!.detach()];
    });
    expect([...(await hole.data()), ...(await none.data())]).toEqual([Number.NEGATIVE_INFINITY, 0]);
    for (const t of [y, dx, hole, none]) t.dispose();
  });

  it("takes one number for both directions, and the kernel as stride; empty batches stay empty", () => {
    expect(maxPool2d(Tensor.meta([2, 3, 9, 8]), { kernelSize: 2 }).shape).toEqual([2, 3, 4, 4]);
    expect(maxPool2d(Tensor.meta([2, 3, 9, 8]), { kernelSize: 3, stride: 2, padding: 1 }).shape).toEqual([2, 3, 5, 4]);
    const y = tidy(() => maxPool2d(tensor(device, [], [0, 3, 4, 4]), { kernelSize: 2 }));
    expect(y.shape).toEqual([0, 3, 2, 2]);
    y.dispose();
  });

  it("says what does not fit", () => {
    const x = Tensor.meta([1, 2, 3, 8]);
    expect(() => maxPool2d(x, { kernelSize: 4 })).toThrow(
      new ShapeError(
        "maxPool2d: a window spans 4 along H but x [N=1, C=2, H=3, W=8] has H=3 and 0 of padding; use a smaller kernel or more padding",
      ),
    );
    expect(() => maxPool2d(x, { kernelSize: 2, padding: [0, 0, 2, 0] })).toThrow(
      /padding 2 and 0 along W would make windows of padding only/,
    );
    expect(() => maxPool2d(Tensor.meta([3, 8]), { kernelSize: 2 })).toThrow(/x is \[3, 8\]; it must have 4 dimensions/);
    expect(() => maxPool2d(x, { kernelSize: 0 })).toThrow(ConfigError);
    expect(() => maxPool2d(x, { kernelSize: 2, stride: [1.5, 1] })).toThrow(/maxPool2d: stride is \[1.5,1\]/);
  });
});
