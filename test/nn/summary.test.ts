import { expect, test } from "vitest";
import { ResNet } from "../../examples/resnet.ts";
import { PlanesUNet } from "../../src/models/index.ts";
import {
  Conv1d,
  Conv3d,
  ConvTranspose2d,
  Embedding,
  Layer,
  Linear,
  Module,
  ReLU,
  Sequential,
  summary,
} from "../../src/nn/index.ts";
import { matmul, type Tensor } from "../../src/tensor/index.ts";

test("tells name, class, output, parameters and multiply-adds of each layer, without a GPU", () => {
  class Net extends Layer {
    readonly inputLayer = new Linear(6, 4);
    readonly body = new Sequential(new ReLU(), new Linear(4, 6));
    forward(x: Tensor): Tensor {
      const y = this.body.call(this.inputLayer.call(x));
      return matmul(this.inputLayer.call(y), y, { transposeA: true });
    }
  }
  const { rows, parameters, multiplyAdds, ...rest } = summary(new Net(), [5, 6]);
  const line = (name: string, kind: string, depth: number, output: number[], p: number, m: number) => ({
    name,
    kind,
    depth,
    outputs: [output],
    parameters: p,
    multiplyAdds: m,
  });
  expect(rows).toEqual([
    line("Net", "Net", 0, [4, 6], 0, 4 * 6 * 5),
    line("inputLayer", "Linear", 1, [5, 4], 6 * 4 + 4, 5 * 6 * 4),
    line("body", "Sequential", 1, [5, 6], 0, 0),
    line("body.0", "ReLU", 2, [5, 4], 0, 0),
    line("body.1", "Linear", 2, [5, 6], 4 * 6 + 6, 5 * 4 * 6),
    line("inputLayer", "Linear", 1, [5, 4], 0, 5 * 6 * 4), // its parameters are told of above
  ]);
  expect([parameters, multiplyAdds]).toEqual([58, 480]);
  expect(rest.toString().split("\n")).toEqual([
    "name        layer       output  parameters  multiply-adds",
    "---------------------------------------------------------",
    "Net         Net         [4, 6]                        120",
    "inputLayer  Linear      [5, 4]          28            120",
    "body        Sequential  [5, 6]",
    "body.0      ReLU        [5, 4]",
    "body.1      Linear      [5, 6]          30            120",
    "inputLayer  Linear      [5, 4]                        120",
    "---------------------------------------------------------",
    "total                                   58            480",
  ]);
});

test("counts known networks as they are counted elsewhere", () => {
  // torchvision's documentation of resnet18 and resnet34: parameters, and GFLOPS 1.81 and 3.66, which are multiply-adds.
  const known = [
    { blocks: [2, 2, 2, 2], parameters: 11_689_512, giga: 1.81 },
    { blocks: [3, 4, 6, 3], parameters: 21_797_672, giga: 3.66 },
  ];
  for (const { blocks, parameters, giga } of known) {
    const got = summary(new ResNet({ blocks }), [1, 3, 224, 224]);
    expect(got.parameters).toBe(parameters);
    expect(got.rows.reduce((n, r) => n + r.parameters, 0)).toBe(parameters);
    expect(got.rows.reduce((n, r) => n + r.multiplyAdds, 0)).toBe(got.multiplyAdds);
    expect((got.multiplyAdds / 1e9).toFixed(2)).toBe(`${giga}`);
  }
});

test("counts every kind of convolution", () => {
  const of = (layer: Layer, shape: number[]): number => summary(layer, shape).multiplyAdds;
  expect(of(new Conv1d(4, 6, 3, { groups: 2 }), [2, 4, 10])).toBe(2 * 6 * 8 * 2 * 3);
  expect(of(new Conv3d(2, 3, 2), [1, 2, 4, 4, 4])).toBe(3 * 27 * 2 * 8);
  expect(of(new ConvTranspose2d(2, 3, 2, { stride: 2 }), [1, 2, 5, 5])).toBe(2 * 25 * 3 * 4);
});

test("takes a list of shapes: one an argument, or one array where forward has one parameter", () => {
  class Two extends Module {
    readonly left = new Linear(2, 3, { bias: false });
    forward(a: Tensor, b: Tensor): Tensor[] {
      return [this.left.call(a), b];
    }
  }
  expect(
    summary(new Two(), [
      [1, 2],
      [7, 7],
    ]).rows[0].outputs,
  ).toEqual([
    [1, 3],
    [7, 7],
  ]);
  const net = new PlanesUNet({ landmarks: [19, 19, 18] });
  const plane = [1, 1, 128, 128];
  const { rows, parameters, multiplyAdds } = summary(net, [plane, plane, plane]);
  expect(rows[0]).toMatchObject({ name: "PlanesUNet", outputs: [19, 19, 18].map((k) => [1, k, 64, 64]) });
  expect(rows.map((r) => r.name)).toContain("body.decoder.3.0");
  expect(parameters).toBe(net.parameterCount());
  expect(multiplyAdds / 1e9).toBeCloseTo(0.765, 2);
  expect(summary(new Embedding(9, 4), [3], { dtype: "i32" }).rows[0].outputs).toEqual([[3, 4]]);
});
