/** The float64 references against central differences (T2), and against PyTorch's float64 where a golden file holds it. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Random } from "../src/random.ts";
import { goldenCases } from "./harness/golden.ts";
import type { Attrs, Ref, Reference } from "./ops/common/ref.ts";
import type { Sample } from "./ops/common/sample.ts";
import { compare, tolerance } from "./ops/common/tolerance.ts";
import { ops } from "./ops/index.ts";

const eps = 1e-6;
const near = (got: number, want: number) => Math.abs(got - want) <= 1e-5 + 1e-3 * Math.abs(want);

/** sum(gradOut * forward(inputs)), with input `which` moved by `step` along `direction`. */
function moved(
  { inputs, attrs }: Sample,
  reference: Reference,
  gradOut: Ref,
  which: number,
  direction: (i: number) => number,
  step: number,
): number {
  const data = inputs[which].data.map((v, i) => v + step * direction(i));
  const out = reference.forward(
    inputs.map((x, i) => (i === which ? { shape: x.shape, data } : x)),
    attrs,
  );
  return out.data.reduce((sum, v, i) => sum + v * gradOut.data[i], 0);
}

/** Element by element, as many as a fixed amount of work allows, and all together along a random direction. */
function checkDifferences(op: string, name: string, sample: Sample, attrs: Attrs): void {
  const reference = ops[op].reference;
  const random = new Random(7).fork(op).fork(name);
  const out = reference.forward(sample.inputs, attrs);
  const gradOut: Ref = { shape: out.shape, data: out.data.map(() => random.uniform(-1, 1)) };
  const grads = reference.backward(sample.inputs, attrs, gradOut);
  expect(grads.length).toBe(sample.inputs.length);
  const work =
    sample.inputs.reduce((n, x) => Math.max(n, x.data.length), out.data.length) * (/^(matmul|conv)/.test(op) ? 30 : 1);
  grads.forEach((grad, which) => {
    if (!grad) return;
    const { length } = grad.data;
    expect(grad.shape, `${op} ${name}: shape of gradient ${which}`).toEqual(sample.inputs[which].shape);
    const slope = (direction: (i: number) => number) =>
      (moved(sample, reference, gradOut, which, direction, eps) -
        moved(sample, reference, gradOut, which, direction, -eps)) /
      (2 * eps);
    const checks = Math.min(length, 40, Math.max(2, Math.floor(30_000 / work)));
    for (let n = 0; n < checks; n++) {
      const at = checks === length ? n : random.integer(length);
      const want = slope((i) => (i === at ? 1 : 0));
      expect(
        near(grad.data[at], want),
        `${op} ${name}: gradient ${which}[${at}] is ${grad.data[at]}, differences say ${want}`,
      ).toBe(true);
    }
    const direction = grad.data.map(() => (random.uniform() < 0.5 ? -1 : 1));
    const along = grad.data.reduce((sum, g, i) => sum + g * direction[i], 0);
    const want = slope((i) => direction[i]);
    expect(
      near(along, want),
      `${op} ${name}: gradient ${which} along a direction is ${along}, differences say ${want}`,
    ).toBe(true);
  });
}

describe.each(Object.keys(ops))("%s", (op) => {
  const { rows } = ops[op].samples;

  test("agrees with central differences", () => {
    for (const r of rows) {
      const sample = r.make();
      if (!r.kinked) checkDifferences(op, r.name, sample, sample.attrs);
    }
  });

  test("holds float32 numbers, and its tolerances are neither negative nor beyond the value", () => {
    for (const r of rows) {
      const { inputs, attrs } = r.make();
      for (const x of inputs) expect(x.data.every((v) => Object.is(Math.fround(v), v))).toBe(true);
      const value = ops[op].reference.forward(inputs, attrs);
      expect(value.data.every(Number.isFinite), `${op} ${r.name}: finite`).toBe(true);
      const allowed = tolerance(ops[op], attrs, inputs, value, "forward", { swiftshader: false });
      // Rounding alone must pass; a shift of a hundredth of the largest value must not (of 1 where terms cancel).
      expect(compare(Float32Array.from(value.data), value.data, allowed).worst, `${op} ${r.name}`).toBeLessThan(0.5);
      const top = value.data.reduce((m, v) => Math.max(m, Math.abs(v)), op === "sum" && value.data.length > 0 ? 1 : 0);
      if (top > 0)
        expect(
          compare(
            value.data.map((v) => v + 1e-2 * top),
            value.data,
            allowed,
          ).worst,
          `${op} ${r.name}`,
        ).toBeGreaterThan(1);
    }
  });
});

describe("PyTorch in float64 agrees with the references", () => {
  const golden = new URL("./golden/", import.meta.url);
  const cases = readdirSync(golden)
    .filter((file) => /^ops-.*\.safetensors$/.test(file))
    .flatMap((file) => goldenCases(readFileSync(new URL(file, golden))));

  test.each(Object.keys(ops))("%s", (op) => {
    const own = cases.filter((c) => c.op === op);
    expect(own.length).toBeGreaterThanOrEqual(2);
    for (const c of own) {
      // Rounding in float64 is 1e-16 of the same terms that float32's 1e-5 stands for; 1e-4 of it is 1e-9 of them.
      const check = (what: string, got: Ref, want: Ref, which: Parameters<typeof tolerance>[4]) => {
        expect(got.shape, `${c.id} ${what}`).toEqual(want.shape);
        const { worst, index } = compare(
          got.data,
          want.data,
          tolerance(ops[op], c.attrs, c.inputs, want, which, { swiftshader: false }),
        );
        expect(
          worst,
          `${c.id} ${what}[${index}]: ${got.data[index]}, PyTorch has ${want.data[index]}`,
        ).toBeLessThanOrEqual(1e-4);
      };
      check("value", ops[op].reference.forward(c.inputs, c.attrs), c.out, "forward");
      ops[op].reference.backward(c.inputs, c.attrs, c.gradOut).forEach((got, i) => {
        expect(got === null, `${c.id}: input ${i} is a constant`).toBe(c.grads[i] === null);
        if (got) check(`gradient ${i}`, got, c.grads[i]!, { grad: i, gradOut: c.gradOut });
      });
    }
  });
});
