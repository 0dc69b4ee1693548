import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** Every source file, by its path in src. */
export const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".ts"))
  .sort();

/** What a file imports or exports from, as written. Types too, unless `values`: they leave nothing to load. */
export const importsOf = (file: string, { values = false } = {}): string[] => {
  const text = readFileSync(join(src, file), "utf8");
  const all = text.matchAll(
    /^\s*(?:import|export)\b( type\b(?! *,))?[^;]*?from\s*"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm,
  );
  return [...all].filter((m) => !(values && m[1])).map((m) => m[2] ?? m[3] ?? m[4]);
};

/** The path in src of what `file` imports as `target`, or undefined where that is a package. */
export const fileOf = (file: string, target: string): string | undefined =>
  target.startsWith(".") ? relative(src, resolve(src, dirname(file), target)) : undefined;

/** All that is loaded with `roots` in a browser: files of src, and packages. */
export function closure(roots: readonly string[]): { files: string[]; packages: string[] } {
  const seen = new Set(roots);
  const packages = new Set<string>();
  for (const file of seen)
    for (const target of importsOf(file, { values: true })) {
      const other = target === "#adapter" ? "device/adapter.browser.ts" : fileOf(file, target);
      if (other) seen.add(other);
      else packages.add(target);
    }
  return { files: [...seen].sort(), packages: [...packages].sort() };
}
