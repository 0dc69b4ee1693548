import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ConfigError, NameError } from "../../src/errors.ts";
import { matmul, Tensor } from "../../src/tensor/index.ts";
import type * as elementwise from "../../src/tensor/ops/elementwise/index.ts";
import * as allElementwise from "../../src/tensor/ops/elementwise/index.ts";
import type * as layout from "../../src/tensor/ops/layout/index.ts";
import * as allLayout from "../../src/tensor/ops/layout/index.ts";
import type * as reduce from "../../src/tensor/ops/reduce/index.ts";
import * as allReduce from "../../src/tensor/ops/reduce/index.ts";

/** By rule, elementwise ops, reductions and layout ops are methods: an op that is missing fails to compile here. */
type Ops = keyof typeof elementwise | keyof typeof reduce | keyof typeof layout;
type Missing = Exclude<Ops, keyof Tensor | "concat" | "stack" | "where">;
const none: Missing[] = [] satisfies never[];
const allThere: [Missing] extends [never] ? true : Missing = true;

const x = Tensor.meta([2, 3, 4]);

describe("methods of Tensor", () => {
  test("every op of the three families is one, and takes what the function takes after its first", () => {
    expect([none.length, allThere]).toEqual([0, true]);
    for (const name of Object.keys({ ...allElementwise, ...allReduce, ...allLayout }))
      if (!["concat", "stack", "where"].includes(name))
        expect(typeof (x as unknown as Record<string, unknown>)[name], name).toBe("function");
    expect(x.sum(1).shape).toEqual([2, 4]);
    expect(x.mean([0, -1], { keepDims: true }).shape).toEqual([1, 3, 1]);
    expect(x.argmax(-1, { keepDims: true }).shape).toEqual([2, 3, 1]);
    expect(x.softmax(1).clamp(0, 1).transpose().shape).toEqual([2, 4, 3]);
    expect(x.split(2, -1).map((part) => part.shape)).toEqual([
      [2, 3, 2],
      [2, 3, 2],
    ]);
    expect(x.flip(-1).roll(1, 0).roll([1, 2], [0, -1]).unsqueeze(0).squeeze(0).shape).toEqual([2, 3, 4]);
    expect(x.variance([1, 2], { keepDims: true, correction: 0 }).shape).toEqual([2, 1, 1]);
    expect(x.logsumexp().shape).toEqual([]);
    // @ts-expect-error no positional boolean
    expect(() => x.sum(1, true)).toThrow(ConfigError);
    // @ts-expect-error products are functions only
    expect(() => x.matmul).toThrow(NameError);
    expect(matmul(Tensor.meta([2, 3]), Tensor.meta([3, 4])).shape).toEqual([2, 4]);
  });

  test("they are no fields: for...in and Object.keys see none", () => {
    for (const name in x) expect(Object.hasOwn(x, name), name).toBe(true);
  });
});

describe("a name of PyTorch's", () => {
  const loose = x as unknown as Record<string | number, never>;

  test.each([
    ["view", "reshape(x, shape)"],
    ["T", "transpose(x)"],
    ["ndim", "x.rank"],
    ["cat", "concat([x, y], axis)"],
    ["log_softmax", "x.logSoftmax(...)"],
    ["cpu", "await x.data()"],
    ["zero_", "x.write("],
    ["requires_grad", "x.requireGrad()"],
    [0, "x.at(0)"],
    [-1, "x.at(-1)"],
  ])("%s says what to write instead", (name, cure) => {
    expect(() => loose[name]).toThrow(NameError);
    expect(() => loose[name]).toThrow(cure);
    expect(() => Object.assign(x, { [name]: true })).toThrow(NameError);
  });

  test("sizes one by one are refused", () => {
    // @ts-expect-error PyTorch's reshape(6, 4)
    expect(() => x.reshape(6, 4)).toThrow("reshape: the shape is 6; give one array");
    // @ts-expect-error PyTorch's permute(0, 2, 1)
    expect(() => x.permute(0, 2, 1)).toThrow("permute: the order is 0; give one array");
  });

  test("operators are refused, and a text shows shape and dtype", () => {
    const any = x as never as number;
    expect(() => any + any).toThrow("operators do not work on Tensor [2, 3, 4] f32; write add(x, y)");
    expect(() => any < 1).toThrow(NameError);
    expect(`${x}`).toBe("Tensor [2, 3, 4] f32 (shape only)");
    expect(inspect({ x })).toBe("{ x: Tensor [2, 3, 4] f32 (shape only) }");
    expect(JSON.stringify({ x })).toBe('{"x":{"shape":[2,3,4],"dtype":"f32"}}');
  });
});
