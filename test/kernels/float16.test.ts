import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { Shader } from "../../src/device/index.ts";
import { testDevice } from "../harness/device.ts";

const device = await testDevice();
const folder = new URL("../../src/kernels/wgsl/", import.meta.url);

if (device.features.has("shader-f16"))
  test("every kernel compiles with all its floats in float16", async () => {
    let count = 0;
    for (const file of readdirSync(folder).filter((f) => !f.startsWith("optimizer"))) {
      const module = (await import(new URL(file, folder).href)) as Record<string, Shader>;
      for (const shader of Object.values(module)) {
        const half = shader.bindings.reduce(
          (mask, { name }, i) =>
            new RegExp(`> ${name}: array<(f32|vec2f|vec4f|number)>`).test(shader.source) ? mask | (1 << i) : mask,
          0,
        );
        if (half === 0) continue;
        const fours = /alias number = (\w+);/.exec(shader.source)?.[1];
        for (const dtype of fours === "f32"
          ? (["f32", "vec4f"] as const)
          : fours
            ? (["u32", "vec4u"] as const)
            : [undefined]) {
          const results = { each: "number()", sum: "0.0", first: "0.0" };
          const exprs = Object.fromEntries(Object.entries(results).filter(([name]) => shader.exprs.includes(name)));
          await device.pipelines.compile({ shader, half, dtype, exprs }); // rejects with the file and the line
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(90);
  });
else
  test("float16 kernels need shader-f16", async () => {
    const { fill } = await import("../../src/kernels/wgsl/fill.ts");
    await expect(device.pipelines.compile({ shader: fill, half: 1 })).rejects.toThrow("f16");
  });
