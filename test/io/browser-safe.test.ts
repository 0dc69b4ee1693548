import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { expect, test } from "vitest";

const root = new URL("../../src/io/", import.meta.url);
const shared = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
  (f) => f.endsWith(".ts") && !f.startsWith("node/"),
);

test("no file outside src/io/node imports Node, pngjs or src/io/node: a browser loads all of them", () => {
  expect(shared.length).toBeGreaterThan(15);
  for (const file of shared) {
    const imports = [...readFileSync(new URL(file, root), "utf8").matchAll(/from "([^"]+)"/g)].map((m) => m[1]);
    const wrong = imports.filter(
      (i) => i.startsWith("node:") || builtinModules.includes(i) || i === "pngjs" || i.includes("/node/"),
    );
    expect({ file, wrong }).toEqual({ file, wrong: [] });
  }
});
