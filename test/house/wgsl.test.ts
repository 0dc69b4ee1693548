import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { assembleAll } from "../../scripts/wgsl.ts";
import { pipelineKey, placeOf, specialize } from "../../src/device/shader.ts";
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
