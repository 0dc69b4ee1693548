import { expect, test } from "vitest";
import { testDevice } from "../harness/device.ts";
import { allShaders, halfSpecs } from "./half-specs.ts";

const device = await testDevice();

if (device.features.has("shader-f16"))
  test("every kernel compiles with all its floats in float16", async () => {
    // A shader that wants more of the adapter compiles in null-backend.test.ts.
    const shaders = (await allShaders()).filter((s) => s.features.every((f) => device.features.has(f)));
    const specs = halfSpecs(shaders);
    for (const spec of specs) await device.pipelines.compile(spec); // rejects with the file and the line
    expect(specs.length).toBeGreaterThan(90);
  });
else
  test("float16 kernels need shader-f16", async () => {
    const { fill } = await import("../../src/kernels/wgsl/fill.ts");
    await expect(device.pipelines.compile({ shader: fill, half: 1 })).rejects.toThrow("f16");
  });
