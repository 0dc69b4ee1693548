import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bare } from "../../scripts/wgsl/modules.ts";
import { assembleAll } from "../../scripts/wgsl.ts";
import { parseShader } from "../../src/device/parse-shader.ts";
import { pipelineKey, placeOf, type Shader, specialize } from "../../src/device/shader.ts";
import { matmul } from "../../src/kernels/wgsl/matmul.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shaders = [...assembleAll().values()].map((a) => a.shader);

test.each(shaders.map((s) => [s.file, s] as const))("each line of %s is one of a file on disk", (_, shader) => {
  shader.source
    .trimEnd()
    .split("\n")
    .forEach((text, k) => {
      const [file, line] = placeOf(shader, k + 1).split(":");
      expect(readFileSync(root + file, "utf8").split("\n")[Number(line) - 1], placeOf(shader, k + 1)).toBe(text);
    });
});

const folder = `${root}src/kernels/wgsl`;
const modules = readdirSync(folder);

test("there is a module for each shader", () => {
  expect(modules).toEqual(shaders.map((s) => `${s.name.replaceAll("_", "-")}.ts`).sort());
});

test.each(modules)("%s travels without comments and indentation, and its lines keep their places", async (name) => {
  const [shader] = Object.values((await import(`${folder}/${name}`)) as Record<string, Shader>);
  const whole = shaders.find((s) => s.name === shader.name)!;
  expect({ ...shader, source: "", origin: [] }).toEqual({ ...whole, source: "", origin: [] });
  expect(Object.keys(shader).sort()).toEqual(Object.keys(parseShader(whole.source, whole.file, [])).sort());
  const text = shader.source.trimEnd().split("\n");
  text.forEach((line, k) => {
    const [file, at] = placeOf(shader, k + 1).split(":");
    expect(line, placeOf(shader, k + 1)).toBe(bare(readFileSync(root + file, "utf8").split("\n")[Number(at) - 1]));
  });
  expect(text.filter((line) => line !== "")).toEqual(
    whole.source
      .split("\n")
      .map(bare)
      .filter((line) => line !== ""),
  );
  expect(text.filter((line) => /^\s|\s$|\/\/ (?!@)/.test(line))).toEqual([]);
});

test("an item that shaders share travels once", () => {
  const text = readFileSync(`${root}src/kernels/shader-text.ts`, "utf8");
  const shared = shaders.filter((s) => s.source.includes("fn isNan("));
  expect(shared.length).toBeGreaterThan(5);
  expect(text.match(/fn isNan\(/g)).toHaveLength(1);
});

test.each(shaders.map((s) => [s.file, s] as const))("%s tests no NaN by comparing a value with itself", (_, shader) => {
  const text = shader.source.replace(/\/\/.*$/gm, "");
  expect([...text.matchAll(/\b([a-z_]\w*)\s*[!=]=\s*\1\b/g)].map((m) => m[0])).toEqual([]);
});

test("tiles are repeated as often as asked, and lines keep their origin", () => {
  const { code, lines } = specialize({ shader: matmul, tiles: { TM: 1, TN: 3 } });
  expect(code).toContain("const TM: u32 = 1u;");
  expect([...code.matchAll(/var sum\d_\d/g)]).toHaveLength(3);
  const at = code.split("\n").findIndex((l) => l.includes("var sum0_2"));
  expect(matmul.source.split("\n")[lines[at] - 1]).toContain("@for i TM, j TN: var sum");
});

test("the key tells pipelines apart by all that specializes them", () => {
  const keys = [
    { shader: matmul },
    { shader: matmul, tiles: { TM: 8 } },
    { shader: matmul, overrides: { LANES: 8 } },
    { shader: matmul, dtype: "f16" as const },
  ].map(pipelineKey);
  expect(new Set(keys).size).toBe(4);
  expect(pipelineKey({ shader: matmul, tiles: { TM: 8, TN: 2 } })).toBe(
    pipelineKey({ shader: matmul, tiles: { TN: 2, TM: 8 } }),
  );
});
