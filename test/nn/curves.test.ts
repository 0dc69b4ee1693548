/** The layers around the newer curves, and the embedding with PyTorch's names and start. */
import { expect, test } from "vitest";
import { ELU, Embedding, GELU, Sequential, Softplus } from "../../src/nn/index.ts";
import { elu, gelu, Rng, softplus, Tensor, tensor } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

test("ELU, GELU and Softplus are their ops, with their options", async () => {
  const device = await testDevice();
  const x = tensor(device, [-3, -0.5, 0, 0.25, 2]);
  const both = [
    [new ELU(0.5).forward(x), elu(x, 0.5)],
    [new ELU().forward(x), elu(x, 1)],
    [new GELU().forward(x), gelu(x)],
    [new GELU({ approximate: "tanh" }).forward(x), gelu(x, { approximate: "tanh" })],
    [new Softplus().forward(x), softplus(x)],
  ];
  for (const [layer, op] of both) expect(await layer.data()).toEqual(await op.data());
  expect(await both[2][0].data()).not.toEqual(await both[3][0].data());
  expect(new Sequential(new ELU(), new GELU(), new Softplus()).forward(Tensor.meta([2, 3])).shape).toEqual([2, 3]);
});

test("Embedding holds one weight [count, features] from N(0, 1) and takes rows of it", async () => {
  const device = await testDevice();
  const layer = new Embedding(500, 16).init(device, new Rng(3));
  const state = await layer.stateDict();
  expect([...state.keys()]).toEqual(["weight"]);
  const { data } = state.get("weight") as { data: Float32Array };
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const spread = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
  expect(Math.abs(mean)).toBeLessThan(0.05); // 4.5 deviations of the mean of 8,000
  expect(Math.abs(spread - 1)).toBeLessThan(0.04);
  const rows = layer.forward(tensor(device, Int32Array.of(7, 499, 7, 0), [2, 2]));
  expect(rows.shape).toEqual([2, 2, 16]);
  const want = [7, 499, 7, 0].flatMap((r) => [...data.subarray(16 * r, 16 * r + 16)]);
  expect([...(await rows.data())]).toEqual(want);
  rows.backward(tensor(device, new Float32Array(64).fill(1), [2, 2, 16]));
  const grad = await layer.weight.value.grad!.data();
  expect([0, 7, 499, 1].map((r) => grad[16 * r])).toEqual([1, 2, 1, 0]);
  expect(() => layer.forward([500])).toThrow("index[0] is 500, outside weight [V=500, D=16]; use 0 to 499");
  layer.dispose();
});
