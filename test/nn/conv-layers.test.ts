import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError, ShapeError } from "../../src/errors.ts";
import {
  Conv1d,
  Conv2d,
  Conv3d,
  ConvTranspose2d,
  type Layer,
  ReflectionPad2d,
  ReplicationPad2d,
  ZeroPad2d,
} from "../../src/nn/index.ts";
import { conv1d, conv2d, conv3d, convTranspose2d, pad, Rng, Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const wave = (shape: readonly number[]): Tensor =>
  tensor(
    device,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1 + 1.7 * i)),
    shape,
  );

/** Data of both, made in one scope. */
const both = async (f: () => [Tensor, Tensor]): Promise<[number[], number[]]> => {
  const [a, b] = tidy(f);
  expect(a.shape).toEqual(b.shape);
  const data: [number[], number[]] = [[...(await a.data())], [...(await b.data())]];
  a.dispose();
  b.dispose();
  return data;
};

const ready = <L extends Layer>(layer: L): L => {
  layer.init(device, new Rng(3));
  return layer;
};

// Shapes as PyTorch's state_dict has them; bounds 1 / sqrt(fan-in), the fan-in of a transposed weight from its second axis.
const layers: readonly (readonly [string, () => Layer, Record<string, number[]>, number])[] = [
  ["Conv1d", () => new Conv1d(4, 600, 5, { groups: 2 }), { weight: [600, 2, 5], bias: [600] }, 1 / Math.sqrt(10)],
  ["Conv3d", () => new Conv3d(2, 300, [1, 2, 3]), { weight: [300, 2, 1, 2, 3], bias: [300] }, 1 / Math.sqrt(12)],
  [
    "ConvTranspose2d",
    () => new ConvTranspose2d(6, 400, [3, 2], { groups: 2 }),
    { weight: [6, 200, 3, 2], bias: [400] },
    1 / Math.sqrt(1200),
  ],
];

describe("convolution layers", () => {
  test.each(layers)("%s has PyTorch's names, shapes and first numbers", async (_, make, shapes, bound) => {
    const layer = ready(make());
    const parameters = [...layer.namedParameters()];
    expect(Object.fromEntries(parameters.map(([n, p]) => [n, [...p.shape]]))).toEqual(shapes);
    for (const [name, p] of parameters) {
      const largest = (await p.value.data()).reduce((m, v) => Math.max(m, Math.abs(v)), 0);
      expect(largest, name).toBeLessThanOrEqual(bound * (1 + 1e-6));
      expect(largest, name).toBeGreaterThan(bound * 0.97);
    }
    layer.dispose();
  });

  test("do without a bias, and refuse groups that do not divide", () => {
    for (const make of [
      (groups: number) => new Conv1d(4, 6, 3, { groups, bias: false }),
      (groups: number) => new Conv2d(4, 6, 3, { groups, bias: false }),
      (groups: number) => new Conv3d(4, 6, 3, { groups, bias: false }),
      (groups: number) => new ConvTranspose2d(4, 6, 3, { groups, bias: false }),
    ]) {
      expect([...make(2).namedParameters().keys()]).toEqual(["weight"]);
      expect(() => make(3)).toThrow(ConfigError);
    }
  });

  test("give what their ops give", async () => {
    const line = ready(new Conv1d(2, 3, 3, { stride: 2, padding: [1, 0], dilation: 2 }));
    const volume = ready(new Conv3d(2, 3, 2, { stride: [1, 2, 1], padding: [1, 0, 0, 1, 2, 0] }));
    const up = ready(new ConvTranspose2d(2, 3, 3, { stride: 2, padding: 1, outputPadding: 1 }));
    const checks: [Tensor, Layer, (x: Tensor) => Tensor][] = [
      [
        wave([2, 2, 9]),
        line,
        (x) => conv1d(x, line.weight.value, { bias: line.bias?.value, stride: 2, padding: [1, 0], dilation: 2 }),
      ],
      [
        wave([1, 2, 4, 5, 3]),
        volume,
        (x) =>
          conv3d(x, volume.weight.value, {
            bias: volume.bias?.value,
            stride: [1, 2, 1],
            padding: [1, 0, 0, 1, 2, 0],
          }),
      ],
      [
        wave([1, 2, 5, 4]),
        up,
        (x) => convTranspose2d(x, up.weight.value, { bias: up.bias?.value, stride: 2, padding: 1, outputPadding: 1 }),
      ],
    ];
    for (const [x, layer, run] of checks) {
      const [got, want] = await both(() => [layer.forward(x), run(x)]);
      expect(got).toEqual(want);
      x.dispose();
      layer.dispose();
    }
  });

  test("a shape-only call needs no GPU, and doubles an image", () => {
    const up = new ConvTranspose2d(8, 4, 2, { stride: 2 });
    expect(up.forward(Tensor.meta([2, 8, 7, 5])).shape).toEqual([2, 4, 14, 10]);
  });
});

describe("padding", () => {
  test.each(["reflect", "replicate"] as const)("mode %s of the layers pads first, and has a gradient", async (mode) => {
    const line = ready(new Conv1d(2, 3, 3, { padding: [2, 1], paddingMode: mode }));
    const image = ready(new Conv2d(2, 3, 3, { padding: [1, 2], stride: 2, paddingMode: mode }));
    const volume = ready(new Conv3d(2, 3, 3, { padding: 1, paddingMode: mode }));
    const zero = [0, 0] as const;
    const checks: [Tensor, Layer, (x: Tensor) => Tensor][] = [
      [
        wave([2, 2, 5]),
        line,
        (x) => conv1d(pad(x, [zero, zero, [2, 1]], { mode }), line.weight.value, { bias: line.bias?.value }),
      ],
      [
        wave([1, 2, 6, 5]),
        image,
        (x) =>
          conv2d(pad(x, [zero, zero, [1, 1], [2, 2]], { mode }), image.weight.value, {
            bias: image.bias?.value,
            stride: 2,
          }),
      ],
      [
        wave([1, 2, 3, 4, 2]),
        volume,
        (x) =>
          conv3d(pad(x, [zero, zero, [1, 1], [1, 1], [1, 1]], { mode }), volume.weight.value, {
            bias: volume.bias?.value,
          }),
      ],
    ];
    for (const [x, layer, run] of checks) {
      const before = device.memory().liveBuffers;
      x.requireGrad();
      const gradient = (f: () => Tensor): Tensor => {
        x.zeroGrad();
        f().sum().backward();
        return x.grad!.detach();
      };
      const [got, want] = await both(() => [gradient(() => layer.forward(x)), gradient(() => run(x))]);
      expect(got).toEqual(want);
      const [value, wanted] = await both(() => [layer.forward(x), run(x)]);
      expect(value).toEqual(wanted);
      x.zeroGrad();
      for (const [, p] of layer.namedParameters()) p.value.zeroGrad();
      expect(device.memory().liveBuffers).toBe(before);
      x.dispose();
      layer.dispose();
    }
  });

  test("layers take [top, bottom, left, right]", async () => {
    const x = tensor(device, [1, 2, 3, 4], [1, 1, 2, 2]);
    const padded = async (layer: Layer): Promise<number[]> => {
      const y = layer.forward(x);
      const data = [...(await y.data())];
      y.dispose();
      return data;
    };
    expect(await padded(new ReflectionPad2d([1, 0, 0, 1]))).toEqual([3, 4, 3, 1, 2, 1, 3, 4, 3]);
    expect(await padded(new ReplicationPad2d([0, 1, 2, 0]))).toEqual([1, 1, 1, 2, 3, 3, 3, 4, 3, 3, 3, 4]);
    expect(await padded(new ZeroPad2d([1, 0]))).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
    expect(await padded(new ZeroPad2d(1))).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0]);
    x.dispose();
  });

  test("is refused by name where it cannot be", () => {
    const image = Tensor.meta([1, 1, 2, 2]);
    expect(() => new ReflectionPad2d(2).forward(image)).toThrow(ShapeError);
    expect(() => new ReplicationPad2d(1).forward(Tensor.meta([2, 2]))).toThrow(/ReplicationPad2d.*4 dimensions/);
    expect(() => new ZeroPad2d([1, 2, 3] as unknown as number).forward(image)).toThrow(ConfigError);
    expect(() =>
      pad(
        image,
        [
          [0, 0],
          [0, 0],
          [1, 1],
          [1, 1],
        ],
        { mode: "wrap" as "reflect" },
      ),
    ).toThrow(/"wrap"/);
  });
});
