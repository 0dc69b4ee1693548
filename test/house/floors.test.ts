import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closure, fileOf, files, importsOf, src } from "./imports.ts";

/** The line of the house, drawn from the imports themselves. A file imports only from its own floor or a lower one. */
const floors: Record<string, number> = {
  device: 0,
  kernels: 1,
  tensor: 2,
  nn: 3,
  landmarks: 3.5,
  models: 4,
  data: 5,
  metrics: 5,
  report: 5,
  "mri/scouts": 5,
  "mri/phantom": 5,
  training: 6,
  mri: 7,
  tasks: 7,
  experiments: 7.5,
  registry: 7.5,
  cli: 8,
};
// Leaves any file may use; towers without a GPU and what they may use besides themselves and leaves.
const leaves = new Set(["errors", "half", "nearest", "options", "random", "version"]);
const towers: Record<string, string[]> = { geometry: [], calibration: ["geometry"], io: ["geometry"] };
// Entries gather rooms for the outside; nothing inside imports them.
const entries = new Set(["index", "node", "browser", "ndarray"]);
// Rooms with a narrower view than their floor gives: what heads truly are must not come from what is judged by it.
const only: Record<string, string[]> = {
  report: ["geometry", "io"],
  metrics: ["geometry", "io"],
  "mri/scouts": ["geometry", "io"],
  "mri/phantom": ["geometry", "io", "mri/scouts"],
};
const apart = [["mri", "tasks"]];

const room = (file: string): string => {
  const [first, second] = file.split("/");
  return `${first}/${second}` in floors ? `${first}/${second}` : first.replace(/\.ts$/, "");
};

const allowed = (from: string, to: string): boolean => {
  if (from === to || leaves.has(to)) return true;
  if (leaves.has(from) || entries.has(to)) return false;
  if (entries.has(from)) return true;
  if (from in only) return only[from].includes(to);
  if (from in towers) return towers[from].includes(to);
  if (apart.some((rooms) => rooms.includes(from) && rooms.includes(to))) return false;
  if (to in towers) return floors[from] >= 5 || to === "geometry";
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
      const other = fileOf(file, target)!;
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
    expect(allowed("nn", "landmarks")).toBe(false);
    expect(allowed("landmarks", "nn")).toBe(true);
    expect(allowed("geometry", "io")).toBe(false);
    expect(allowed("calibration", "mri/scouts")).toBe(false);
    expect(allowed("report", "mri")).toBe(false);
    expect(allowed("metrics", "calibration")).toBe(false);
    expect(allowed("mri/scouts", "training")).toBe(false);
    expect(allowed("mri/scouts", "calibration")).toBe(false);
    expect(allowed("mri/phantom", "mri")).toBe(false);
    expect(allowed("mri", "mri/phantom")).toBe(true);
    expect(allowed("mri", "tasks")).toBe(false);
    expect(allowed("errors", "tensor")).toBe(false);
    expect(allowed("models", "index")).toBe(false);
  });

  test("what a browser loads imports no module of Node", () => {
    const nodeOnly = (f: string): boolean => /(^|\/)node(\/|\.ts$)|\.node\.ts$|^cli\/|^device\/embedded\.ts$/.test(f);
    for (const f of files.filter((x) => !nodeOnly(x)))
      for (const target of importsOf(f)) {
        expect(target.startsWith("node:"), `${f} imports ${target}`).toBe(false);
        if (target.startsWith(".")) expect(nodeOnly(fileOf(f, target)!), `${f} imports ${target}`).toBe(false);
      }
  });

  test("reports and the reading of a run need neither Node nor the CLI, with all they load", () => {
    const under = (folder: string): string[] => files.filter((f) => f.startsWith(folder));
    const drawing = closure(under("report/"));
    expect(new Set(drawing.files.map(room))).toEqual(new Set(["report", "geometry", "errors", "nearest", "options"]));
    const roots = [...under("report/"), ...under("mri/reports/"), "training/read-run.ts", "mri/run.ts"];
    const all = closure(roots);
    expect(all.files).toContain("io/png-write.ts");
    expect(all.files.length).toBeGreaterThan(100);
    expect(all.files.filter((f) => /^cli\/|(^|\/)node(\/|\.ts$)|\.node\.ts$/.test(f))).toEqual([]);
    const node = (name: string): boolean => name.startsWith("node:") || builtinModules.includes(name);
    expect(all.packages.filter((name) => node(name) || ["pngjs", "webgpu"].includes(name))).toEqual([]);
  });

  test("console, process and Math.random stay out of the library", () => {
    for (const f of files.filter((x) => !x.startsWith("cli/"))) {
      const text = readFileSync(join(src, f), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      expect(/(^|[^.\w])console\.|Math\.random\(/.test(text), f).toBe(false);
      expect(/\bnew Function\b|[^.\w]eval\((?!\))/.test(text), f).toBe(false); // a method called eval() is none
    }
  });
});
