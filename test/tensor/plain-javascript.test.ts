import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError, DTypeError } from "../../src/errors.ts";
import { Conv2d } from "../../src/nn/index.ts";
import {
  add,
  concat,
  conv1d,
  conv2d,
  matmul,
  maxPool2d,
  Rng,
  softmax,
  type Tensor,
  tensor,
} from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

/** What the compiler refuses and plain JavaScript passes on: an error of ours that names the place, never a TypeError. */
let device: Device;
let x: Tensor;
beforeAll(async () => {
  device = await testDevice();
  x = tensor(device, [1, 2, 3, 4], [1, 1, 2, 2]);
});

describe("plain JavaScript", () => {
  test("an axis may be a number, as in PyTorch", async () => {
    const rows = tensor(device, [0, 0, 0, Math.log(3)], [2, 2]);
    const shares = await softmax(rows, 1).data();
    for (const [i, v] of [0.5, 0.5, 0.25, 0.75].entries()) expect(shares[i]).toBeCloseTo(v, 6);
  });

  const list = [1] as never;
  test.each<[string, () => unknown, RegExp]>([
    ["add", () => add(x, list), /^add: input 1 is a list of numbers, not a tensor; make one with tensor\(/],
    ["x.mul", () => x.mul(list), /^mul: input 1 is a list/],
    ["matmul", () => matmul(Float32Array.of(1) as never, x), /^matmul: input 0 is a list of numbers/],
    ["softmax", () => softmax(list, 0), /^softmax: input 0 is a list/],
    ["conv2d", () => conv2d(x, { stride: 2 } as never), /^conv2d: input 1 is of type object/],
    ["concat", () => concat([x, undefined as never], 0), /^concat: input 1 is of type undefined/],
    [
      "sum's options",
      () => x.sum({ keepDims: true } as never),
      /^sum: axis is of type object; give a number or a list/,
    ],
    ["softmax's axis", () => softmax(x, null as never), /^softmax: axis is null/],
    ["add null", () => add(x, null as never), /^add: input 1 is null/],
  ])("%s of something that it does not take", (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).not.toThrow(TypeError);
  });

  test("a list in a tensor's place is a DTypeError", () => expect(() => add(x, list)).toThrow(DTypeError));

  test('padding "same" is refused with the number for it, by ops and layers', () => {
    const same = { padding: "same" as never };
    const w = tensor(device, [1], [1, 1, 1, 1]);
    const message =
      /padding is "same"; give numbers: 0 for "valid", and for "same" at stride 1 dilation \* \(kernel - 1\) \/ 2/;
    expect(() => conv2d(x, w, same)).toThrow(message);
    expect(() => conv2d(x, w, same)).toThrow(ConfigError);
    expect(() => conv1d(x.reshape([1, 1, 4]), w.reshape([1, 1, 1]), same)).toThrow(message);
    expect(() => new Conv2d(1, 1, 1, same).init(device, new Rng(1)).call(x)).toThrow(message);
    expect(() => maxPool2d(x, { kernelSize: "2" as never })).toThrow(/kernelSize is "2"/);
    expect(() => conv2d(x, w, { padding: null as never })).toThrow(ConfigError);
  });

  test("options in a tensor's place, and a tensor in theirs, are named", () => {
    const w = tensor(device, [1], [1, 1, 1, 1]);
    expect(() => conv2d(x, w, w as never)).toThrow(
      /conv2d: the options are a Tensor; give an object with bias, stride/,
    );
    expect(() => conv2d(x, w, { strid: 2 } as never)).toThrow(/did you mean stride\?/);
  });
});
