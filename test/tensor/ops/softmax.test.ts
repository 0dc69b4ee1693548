import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { logSoftmax, softmax, Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { checkAgainstReference, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const rows: Record<string, [x: Ref, axes: number[]]> = {
  "the last axis": [normals("a", [37, 10]), [-1]],
  "channels of an image": [normals("b", [2, 19, 31, 17]), [1]],
  "maps, in parallel": [normals("c", [2, 3, 61, 67]), [2, 3]],
  "a large map": [normals("d", [1, 2, 128, 131], 3), [2, 3]],
  everything: [normals("e", [3, 5, 7, 11]), [0, 1, 2, 3]],
  "axes apart": [normals("f", [5, 3, 7, 13]), [0, 2]],
  "axes apart, among them the last": [normals("g", [5, 3, 7, 2, 3]), [4, 1]],
  "a far offset": [normals("h", [3, 41], 2, 500), [1]],
  "peaks of 60": [normals("i", [4, 3, 29, 31], 20), [2, 3]],
  "one entry": [normals("j", [4, 1]), [1]],
};

describe("softmax and logSoftmax", () => {
  for (const [name, [x, axes]] of Object.entries(rows)) {
    const length = axes.map((a) => x.shape.at(a)!).reduce((a, b) => a * b, 1);
    it(`softmax over ${name}`, async () => {
      const run = ([t]: Tensor[]) => softmax(t, axes);
      await checkAgainstReference(device, {
        op: "softmax",
        attrs: { axes },
        inputs: [x],
        run,
        terms: 1,
        scale: 1,
        gradTerms: 4,
        gradScale: 4,
      });
    });
    it(`logSoftmax over ${name}`, async () => {
      const run = ([t]: Tensor[]) => logSoftmax(t, axes);
      const largest = x.data.reduce((m, v) => Math.max(m, Math.abs(v)), 1);
      const limits = { terms: 1, scale: Math.max(5, largest * 0.2), gradTerms: length, gradScale: 4 };
      await checkAgainstReference(device, { op: "log_softmax", attrs: { axes }, inputs: [x], run, ...limits });
    });
  }

  it("-infinity gets nothing; a NaN makes its row NaN and no other", async () => {
    const values = [1, Number.NEGATIVE_INFINITY, 1, Number.NaN, 2, 3];
    const [p, l] = tidy(() => [
      softmax(tensor(device, values, [2, 3]), 1),
      logSoftmax(tensor(device, values, [2, 3]), 1),
    ]);
    expect([...(await p.data())]).toEqual([0.5, 0, 0.5, Number.NaN, Number.NaN, Number.NaN]);
    const log = await l.data();
    expect([...log.slice(1, 2), ...log.slice(3)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    p.dispose();
    l.dispose();
  });

  it("an empty tensor stays empty; errors name the axis", () => {
    const y = tidy(() => softmax(tensor(device, [], [0, 3]), 1));
    expect(y.shape).toEqual([0, 3]);
    y.dispose();
    expect(() => softmax(Tensor.meta([2, 3]), 2)).toThrow(/softmax: axis 2 is outside a tensor of rank 2/);
    expect(() => logSoftmax(Tensor.meta([2, 3]), [])).toThrow(/logSoftmax: axis is empty; name the dimensions/);
    expect(() => softmax(Tensor.meta([2, 3]), [1, -1])).toThrow(/name one dimension twice/);
  });
});
