import { describe, expect, it } from "vitest";
import { DTypeError } from "../../src/errors.ts";
import { concat, div, flip, matmul, mean, permute, relu, reshape, Tensor } from "../../src/tensor/index.ts";

describe("dtypes", () => {
  const ints = Tensor.meta([2, 3], "i32");
  const floats = Tensor.meta([2, 3]);

  it("are refused by what has no form for integers, and would read them as floats", () => {
    for (const call of [
      () => div(ints, ints),
      () => div(floats, ints),
      () => div(ints, 2),
      () => relu(ints),
      () => mean(ints),
      () => matmul(ints, Tensor.meta([3, 2])),
    ]) {
      expect(call).toThrow(DTypeError);
      expect(call).toThrow(/input \d \[2, 3\] holds i32, and f32 is wanted: use cast\(x, "f32"\)/);
    }
  });

  it("go through what moves numbers", () => {
    expect(reshape(ints, [6]).dtype).toBe("i32");
    expect(permute(ints, [1, 0]).dtype).toBe("i32");
    expect(flip(ints, 0).dtype).toBe("i32");
    expect(concat([ints, ints]).dtype).toBe("i32");
    expect(() => concat([ints, floats])).toThrow(/input 1 \[2, 3\] holds f32, and i32 is wanted/);
  });
});
