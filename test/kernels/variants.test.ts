/** What runs where nobody insists and no tuner has measured, written down for a grid of sizes and devices. */
import { describe, expect, test } from "vitest";
import { cheapest, fitting } from "../../src/kernels/common/variants.ts";
import { conv2dVariants } from "../../src/kernels/conv/conv2d-variants.ts";
import { conv3dVariants } from "../../src/kernels/conv/conv3d.ts";
import { matmulVariants } from "../../src/kernels/matmul/matmul-variants.ts";
import { conv2dCases, conv3dCases, devices, matmulCases } from "./variant-cases.ts";
import choices from "./variant-choices.json" with { type: "json" };

const passes = ["forward", "inputGrad", "weightGrad"] as const;
const each = (f: (facts: (typeof devices)[keyof typeof devices]) => string): string =>
  Object.values(devices).map(f).join(" | ");

const all = <D>(cases: Record<string, D>, choose: (dims: D) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(cases).map(([name, dims]) => [name, choose(dims)]));

describe("the choice", () => {
  test("of conv2d", () => {
    const chosen = all(conv2dCases, (dims) =>
      each((facts) => passes.map((pass) => cheapest(conv2dVariants, dims, facts, pass).name).join(" ")),
    );
    expect(chosen).toEqual(choices.conv2d);
  });

  test("of matmul", () => {
    const chosen = all(matmulCases, (dims) => each((facts) => cheapest(matmulVariants, dims, facts, "product").name));
    expect(chosen).toEqual(choices.matmul);
  });

  test("of conv3d", () => {
    const chosen = all(conv3dCases, (dims) =>
      [128, 2048]
        .map((mib) => {
          const limits = { ...devices.lavapipe.limits, maxStorageBufferBindingSize: mib * 2 ** 20 };
          return cheapest(conv3dVariants, dims, { ...devices.lavapipe, limits }, "forward").name;
        })
        .join(" | "),
    );
    expect(chosen).toEqual(choices.conv3d);
  });

  test("is always one that fits, and the plain one always does", () => {
    for (const facts of Object.values(devices))
      for (const dims of Object.values(conv2dCases))
        for (const pass of passes) {
          const able = fitting(conv2dVariants, dims, facts, pass).map((v) => v.name);
          expect(able).toContain("direct");
          expect(able).toContain(cheapest(conv2dVariants, dims, facts, pass).name);
        }
  });

  test("no two variants of a list share a name", () => {
    for (const list of [conv2dVariants, conv3dVariants, matmulVariants])
      expect(new Set(list.map((v) => v.name)).size).toBe(list.length);
  });
});
