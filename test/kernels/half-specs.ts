import { readdirSync } from "node:fs";
import type { PipelineSpec, Shader } from "../../src/device/index.ts";

const folder = new URL("../../src/kernels/wgsl/", import.meta.url);

/** Every shader there is. */
export async function allShaders(): Promise<Shader[]> {
  const shaders: Shader[] = [];
  for (const file of readdirSync(folder)) {
    const module = (await import(new URL(file, folder).href)) as Record<string, Shader>;
    shaders.push(...Object.values(module));
  }
  return shaders;
}

/** Each shader that takes floats, with all of them in half precision, as numbers and as fours. Optimizers take float32 alone. */
export function halfSpecs(shaders: readonly Shader[]): PipelineSpec[] {
  return shaders.flatMap((shader) => {
    if (shader.name.startsWith("optimizer")) return [];
    const half = shader.bindings.reduce(
      (mask, { name }, i) =>
        new RegExp(`> ${name}: array<(f32|vec2f|vec4f|number)>`).test(shader.source) ? mask | (1 << i) : mask,
      0,
    );
    if (half === 0) return [];
    const number = /alias number = (\w+);/.exec(shader.source)?.[1];
    const dtypes = number === undefined ? [undefined] : ([number, number === "f32" ? "vec4f" : "vec4u"] as const);
    const results = { each: "number()", sum: "0.0", first: "0.0" };
    const exprs = Object.fromEntries(Object.entries(results).filter(([name]) => shader.exprs.includes(name)));
    return dtypes.map((dtype) => ({ shader, half, dtype: dtype as PipelineSpec["dtype"], exprs }));
  });
}
