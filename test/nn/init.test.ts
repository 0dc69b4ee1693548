import { describe, expect, test } from "vitest";
import { ConfigError, ShapeError } from "../../src/errors.ts";
import {
  biasFor,
  constant,
  fans,
  gain,
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierUniform,
} from "../../src/nn/index.ts";
import { Random } from "../../src/random.ts";

const draw = (init: Initializer, shape: number[]): Float32Array => init(shape, new Random(5));
const deviation = (data: Float32Array): number => Math.sqrt(data.reduce((s, v) => s + v * v, 0) / data.length);
const largest = (data: Float32Array): number => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

describe("initializers", () => {
  test("fans count the field of a kernel", () => {
    expect(fans([8, 4, 3, 5])).toEqual({ in: 60, out: 120 });
    expect(fans([7, 2])).toEqual({ in: 2, out: 7 });
    expect(() => fans([7])).toThrow(ShapeError);
  });

  test("gains are those of PyTorch's table", () => {
    expect(gain("relu")).toBeCloseTo(Math.SQRT2, 12);
    expect(gain("tanh")).toBeCloseTo(5 / 3, 12);
    expect(gain("leaky_relu", Math.sqrt(5))).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(gain("sigmoid")).toBe(1);
  });

  test.each([
    ["kaiming uniform, PyTorch's default", kaimingUniform({ slope: Math.sqrt(5) }), 1 / Math.sqrt(100)],
    ["kaiming uniform for relu", kaimingUniform({ nonlinearity: "relu" }), Math.sqrt(6 / 100)],
    ["kaiming uniform, fan out", kaimingUniform({ nonlinearity: "relu", mode: "fan_out" }), Math.sqrt(6 / 500)],
    ["xavier uniform", xavierUniform(2), 2 * Math.sqrt(6 / 600)],
    ["uniform", uniform(0.3), 0.3],
    ["bias", biasFor([500, 100]), 0.1],
  ])("%s keeps its bound and fills it", (_, init, bound) => {
    const data = draw(init, [500, 100]);
    expect(largest(data)).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest(data)).toBeGreaterThan(bound * 0.999);
    expect(deviation(data)).toBeCloseTo(bound / Math.sqrt(3), 2);
  });

  test("normal ones have their deviation", () => {
    expect(deviation(draw(kaimingNormal({ nonlinearity: "relu", mode: "fan_out" }), [500, 100]))).toBeCloseTo(
      Math.sqrt(2 / 500),
      3,
    );
    expect(deviation(draw(normal({ deviation: 0.02 }), [500, 100]))).toBeCloseTo(0.02, 3);
    expect(draw(constant(0.25), [2, 2])).toEqual(new Float32Array(4).fill(0.25));
    expect(() => uniform(Number.NaN)).toThrow(ConfigError);
  });
});
