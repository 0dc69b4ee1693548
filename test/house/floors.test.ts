import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The line of the house, drawn from the imports themselves. A file imports from its own floor or a lower one. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const src = join(root, "src");

const floors: Record<string, number> = {
  device: 0,
  kernels: 1,
  tensor: 2,
  nn: 3,
  models: 4,
  landmarks: 5,
  data: 5,
  metrics: 5,
  report: 5,
  training: 6,
  mri: 7,
  registry: 7,
  cli: 8,
};
// Leaves any file may use; towers without a GPU and what they may use besides themselves and leaves.
const leaves = new Set(["errors", "half", "random", "version"]);
const towers: Record<string, string[]> = { geometry: [], calibration: ["geometry"], io: ["geometry"] };
// Entries gather rooms for the outside; nothing inside imports them.
const entries = new Set(["index", "node", "browser"]);

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".ts"))
  .sort();
const room = (file: string): string => file.split("/")[0].replace(/\.ts$/, "");
const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(src, file), "utf8").matchAll(
      /^\s*(?:import|export)\b[^;]*?from\s*"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3]);

const allowed = (from: string, to: string): boolean => {
  if (from === to || leaves.has(to)) return true;
  if (leaves.has(from) || entries.has(to)) return false;
  if (entries.has(from)) return true;
  if (from in towers) return towers[from].includes(to);
  if (to in towers) return floors[from] >= 5 || to === "geometry" || (from === "training" && to === "io");
  return floors[from] >= floors[to];
};

describe("the import floors", () => {
  test("every room has its floor", () => {
    for (const f of files)
      expect(room(f) in floors || room(f) in towers || leaves.has(room(f)) || entries.has(room(f)), f).toBe(true);
  });

  test.each(files)("%s imports only from its floor or below", (file) => {
    for (const target of importsOf(file)) {
      if (target === "#adapter") {
        expect(room(file)).toBe("device");
        continue;
      }
      if (!target.startsWith(".")) continue;
      const other = relative(src, resolve(src, dirname(file), target));
      expect(allowed(room(file), room(other)), `${file} imports ${other}`).toBe(true);
    }
  });

  test("the registry is imported by commands alone, so that a bundler drops what a program does not name", () => {
    for (const f of files.filter((x) => room(x) !== "cli"))
      for (const target of importsOf(f))
        expect(/(^|\/)registry\.ts$/.test(target), `${f} imports ${target}`).toBe(false);
  });

  test("the rule refuses an import upwards, of an entry, and across towers", () => {
    expect(allowed("kernels", "tensor")).toBe(false);
    expect(allowed("tensor", "kernels")).toBe(true);
    expect(allowed("geometry", "io")).toBe(false);
    expect(allowed("calibration", "data")).toBe(false);
    expect(allowed("errors", "tensor")).toBe(false);
    expect(allowed("models", "index")).toBe(false);
  });

  test("what a browser loads imports no module of Node", () => {
    const nodeOnly = (f: string): boolean => /(^|\/)node(\/|\.ts$)|\.node\.ts$|^cli\/|^device\/embedded\.ts$/.test(f);
    for (const f of files.filter((x) => !nodeOnly(x)))
      for (const target of importsOf(f)) {
        expect(target.startsWith("node:"), `${f} imports ${target}`).toBe(false);
        if (target.startsWith("."))
          expect(nodeOnly(relative(src, resolve(src, dirname(f), target))), `${f} imports ${target}`).toBe(false);
      }
  });

  test("console, process and Math.random stay out of the library", () => {
    for (const f of files.filter((x) => !x.startsWith("cli/"))) {
      const text = readFileSync(join(src, f), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      expect(/(^|[^.\w])console\.|Math\.random\(/.test(text), f).toBe(false);
      expect(/\bnew Function\b|[^.\w]eval\((?!\))/.test(text), f).toBe(false); // a method called eval() is none
    }
  });
});
