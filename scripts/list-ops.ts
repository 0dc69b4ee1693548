/**
 * Lists the test files of ops, test/ops/FAMILY/STEM.ts, in test/ops/list.ts, which git ignores: so there is no list to edit,
 * and Node, a browser and a bundle of scripts/parity.ts see the same ops. `npm run wgsl`, `npm run parity` and the
 * configurations of vitest write it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../test/ops", import.meta.url));
/** Of no family: what several ops' tests share. */
const shared = "common";

/** FAMILY/STEM of every op's test file, in order. */
export function opFiles(): string[] {
  const families = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== shared);
  return families
    .flatMap(({ name }) => readdirSync(`${folder}/${name}`).map((file) => `${name}/${file}`))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.slice(0, -".ts".length))
    .sort();
}

/** Writes the list where it has changed. */
export function listOps(): void {
  const imported = (path: string): string => path.replace(/\W(\w)/g, (_, c: string) => c.toUpperCase());
  const lines = [
    "// Written by scripts/list-ops.ts.",
    'import type { OpTest } from "./common/op-test.ts";',
    ...opFiles().map((path) => `import { op as ${imported(path)} } from "./${path}.ts";`),
    "",
    "export const list: readonly OpTest[] = [",
    ...opFiles().map((path) => `  ${imported(path)},`),
    "];",
    "",
  ];
  const text = lines.join("\n");
  const file = `${folder}/list.ts`;
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) listOps();
