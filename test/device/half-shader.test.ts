import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pipelineKey, type Shader, specialize } from "../../src/device/index.ts";

/** A shader of the given body with bindings x and y (f32), b (u32, bits) and p (vec2f). */
const shaderOf = (body: string): Shader => ({
  name: "made_up",
  file: "made_up.wgsl",
  source: `struct Params { n: u32, x: array<vec4u, 2> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<storage, read> b: array<u32>;
@group(0) @binding(4) var<storage, read_write> p: array<vec2f>;
${body}`,
  bindings: [
    { name: "x", access: "read" },
    { name: "y", access: "read_write" },
    { name: "b", access: "read" },
    { name: "p", access: "read_write" },
  ],
  params: [],
  paramBytes: 48,
  overrides: [],
  tiles: {},
  exprs: [],
  features: [],
});
const bodyOf = (body: string, half: number): string =>
  specialize({ shader: shaderOf(body), half })
    .code.split("\n")
    .slice(7)
    .join("\n");

describe("a shader on float16 bindings", () => {
  test("declares them, and nothing else changes where none is half", () => {
    const shader = shaderOf("y[i] = x[i];");
    expect(specialize({ shader }).code).toBe(shader.source);
    const { code, lines } = specialize({ shader, half: 0b1111 });
    expect(code).toContain("enable f16;\n");
    expect(code).toContain("x: array<f16>;");
    expect(code).toContain("y: array<f16>;");
    expect(code).toContain("b: array<f16>;");
    expect(code).toContain("p: array<vec2h>;");
    expect(lines).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("is a pipeline of its own", () => {
    const shader = shaderOf("");
    expect(new Set([{ shader }, { shader, half: 1 }, { shader, half: 3 }].map(pipelineKey)).size).toBe(3);
    expect(pipelineKey({ shader, half: 0 })).toBe(pipelineKey({ shader }));
  });

  test.each([
    ["let v = x[i];", 1, "let v = f32(x[i]);"],
    ["let v = x[i] + x[i + 1u] * other[i];", 1, "let v = f32(x[i]) + f32(x[i + 1u]) * other[i];"],
    ["let v = y[i] == 2.0 || x[i] <= y[j];", 3, "let v = f32(y[i]) == 2.0 || f32(x[i]) <= f32(y[j]);"],
    ["y[i] = 2.0 * f(a);", 2, "y[i] = f16(2.0 * f(a));"],
    ["y[i] = 2.0 * x[i];", 3, "y[i] = f16(2.0 * f32(x[i]));"],
    ["y[i] = 2.0 * x[i];", 1, "y[i] = 2.0 * f32(x[i]);"],
    ["y[i] += x[i] - 1.0;", 3, "y[i] = f16(f32(y[i]) + (f32(x[i]) - 1.0));"],
    ["y[i] *= 2.0;", 2, "y[i] = f16(f32(y[i]) * (2.0));"],
    // Indices are read too, and may be long.
    ["y[u32(x[i])] = z[u32(x[j])];", 3, "y[u32(f32(x[i]))] = f16(z[u32(f32(x[j]))]);"],
    ["y[rows[i] * (w + 1u)] = 0.0;", 2, "y[rows[i] * (w + 1u)] = f16(0.0);"],
    // A copy moves the half itself; not so where one side is wide, or there is more to it.
    ["y[t] = x[o];", 3, "y[t] = x[o];"],
    ["y[t] = x[u32(x[o])];", 3, "y[t] = x[u32(f32(x[o]))];"],
    ["y[t] = x[o];", 2, "y[t] = f16(x[o]);"],
    ["y[t] = x[o] + x[p];", 3, "y[t] = f16(f32(x[o]) + f32(x[p]));"],
    // Bits of float32 numbers, and places.
    ["let v = b[i] & 1u;", 4, "let v = bitcast<u32>(f32(b[i])) & 1u;"],
    ["y[i] = bitcast<f32>(b[i]);", 6, "y[i] = f16(bitcast<f32>(bitcast<u32>(f32(b[i]))));"],
    ["p[i] = p[j] * 2.0; let c = p[i].x;", 8, "p[i] = vec2h(vec2f(p[j]) * 2.0); let c = vec2f(p[i]).x;"],
    // A member, another name, a comment, and a statement over two lines.
    ["let v = params.x[1].y + max[i] + xx[i] + x_[i];", 1, "let v = params.x[1].y + max[i] + xx[i] + x_[i];"],
    [
      "// y[i] = x[i];\ny[i] = select(a,\n  x[i], ok); // x[i]",
      3,
      "// y[i] = x[i];\ny[i] = f16(select(a,\n  f32(x[i]), ok)); // x[i]",
    ],
    ["if (a && y[i] != 0.0) { y[i] = 1.0; }", 2, "if (a && f32(y[i]) != 0.0) { y[i] = f16(1.0); }"],
  ])("%s, half %i", (body, half, want) => {
    expect(bodyOf(body, half)).toBe(want);
  });

  test("four numbers at a time, under another name", () => {
    const source = "alias number = f32; // @dtype\n".concat(
      "@group(0) @binding(1) var<storage, read> x: array<number>;\n@group(0) @binding(2) var<storage, read_write> y: array<number>;\n",
      "fn main(i: u32) { y[i] = x[i] + x[i + 1u]; }",
    );
    const bindings = [
      { name: "x", access: "read" },
      { name: "y", access: "read_write" },
    ] as const;
    const { code } = specialize({ shader: { ...shaderOf(""), source, bindings }, half: 3, dtype: "vec4f" });
    expect(code).toContain("alias number = vec4f;");
    expect(code).toContain("x: array<vec4h>;");
    expect(code).toContain("y[i] = vec4h(vec4f(x[i]) + vec4f(x[i + 1u]));");
  });

  test("what cannot be half is an error, not a wrong program", () => {
    expect(() => bodyOf("f(&y);", 2)).toThrow("a pointer to y");
    expect(() => bodyOf("p[i].x = 1.0;", 8)).toThrow("a store to a part of p[]");
    expect(() => bodyOf("y[i = 1.0;", 2)).toThrow('no "]"');
    const threes = { ...shaderOf(""), source: shaderOf("").source.replace("x: array<f32>", "x: array<vec3f>") };
    expect(() => specialize({ shader: threes, half: 1 })).toThrow("array<vec3f>, which has no half form");
  });

  test("every kernel of the package can be rewritten", async () => {
    const folder = new URL("../../src/kernels/wgsl/", import.meta.url);
    let count = 0;
    for (const file of readdirSync(folder)) {
      const module = (await import(new URL(file, folder).href)) as Record<string, Shader>;
      for (const shader of Object.values(module)) {
        const floats = shader.bindings.map((b) => new RegExp(`> ${b.name}: array<(f32|vec2f)>`).test(shader.source));
        const half = floats.reduce((mask, is, i) => (is ? mask | (1 << i) : mask), 0);
        if (half === 0) continue;
        count++;
        const { code, lines } = specialize({ shader, half });
        expect(code.split("\n").length, file).toBe(lines.length);
        for (const [i, { name }] of shader.bindings.entries())
          if (floats[i]) expect(code, `${file}: ${name}`).toMatch(new RegExp(`> ${name}: array<(f16|vec2h)>`));
      }
    }
    expect(count).toBeGreaterThan(100);
  });
});
