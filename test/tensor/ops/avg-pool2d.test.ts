import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { avgPool2d, Tensor } from "../../../src/tensor/index.ts";
import { checkAgainstReference, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const rows: Record<
  string,
  [x: Ref, kernel: [number, number], stride: [number, number], padding: [number, number, number, number]]
> = {
  "windows apart": [normals("a", [2, 3, 8, 12]), [2, 2], [2, 2], [0, 0, 0, 0]],
  "odd sizes, gaps between windows": [normals("b", [1, 5, 13, 7]), [2, 1], [3, 2], [0, 0, 0, 0]],
  "overlapping, padding 1": [normals("c", [2, 1, 19, 23]), [3, 3], [2, 2], [1, 1, 1, 1]],
  "asymmetric padding": [normals("d", [1, 2, 17, 29]), [5, 3], [1, 2], [4, 0, 1, 2]],
  "a window of 16": [normals("e", [1, 3, 33, 47]), [16, 16], [16, 16], [0, 0, 0, 0]],
  "rows of two images in one invocation": [normals("g", [8, 8, 47, 51]), [2, 2], [1, 1], [1, 0, 0, 1]],
  "many workgroups": [normals("f", [4, 16, 37, 61]), [2, 2], [2, 2], [0, 1, 1, 0]],
};

describe("avgPool2d", () => {
  for (const [name, [x, kernel, stride, padding]] of Object.entries(rows))
    for (const countIncludePad of [true, false])
      it(`${name}, ${countIncludePad ? "with" : "without"} padding in the mean`, async () => {
        const attrs = { kernel, stride, padding, count_include_pad: countIncludePad };
        const run = ([t]: Tensor[]) => avgPool2d(t, { kernelSize: kernel, stride, padding, countIncludePad });
        await checkAgainstReference(device, { op: "avg_pool2d", attrs, inputs: [x], run, terms: 1, gradTerms: 1 });
      });

  it("takes one number for both directions, and the kernel as stride", () => {
    expect(avgPool2d(Tensor.meta([2, 3, 9, 8]), { kernelSize: 2 }).shape).toEqual([2, 3, 4, 4]);
  });

  it("says what does not fit", () => {
    expect(() => avgPool2d(Tensor.meta([1, 2, 3, 8]), { kernelSize: [1, 9] })).toThrow(
      /avgPool2d: a window spans 9 along W but x \[N=1, C=2, H=3, W=8\]/,
    );
    expect(() => avgPool2d(Tensor.meta([1, 2, 3, 8]), { kernelSize: 2, padding: 2 })).toThrow(
      /windows of padding only/,
    );
  });
});
