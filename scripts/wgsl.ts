/**
 * wgsl/*.wgsl -> src/kernels/wgsl/*.ts: a typed module for each shader (source, bindings, params, overrides).
 *   tsx scripts/wgsl.ts           refresh the marked blocks of wgsl/*.wgsl and write the modules
 *   tsx scripts/wgsl.ts --check   only say which marked blocks are stale; exit 1 if any
 * Marks: `// @include lib/x.wgsl` and `// @for i TM, j 4: text {i} {j}`, each closed by `// @end`, hold generated text, so
 * that every file is valid WGSL as it lies on disk.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expandFor, type ParamType, type Shader } from "../src/device/shader.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const tilesOf = (source: string): Record<string, number> =>
  Object.fromEntries(
    [...source.matchAll(/const (\w+)\s*(?::\s*u32)?\s*=\s*(\d+)u?;\s*\/\/ @tile/g)].map((m) => [m[1], Number(m[2])]),
  );

/** The file with its marked blocks made anew. */
export function refresh(source: string, file: string): string {
  const tiles = tilesOf(source);
  const out: string[] = [];
  let skipping = false;
  for (const text of source.split("\n")) {
    const mark = /^(\s*)\/\/ @(include|for|end)\s*(.*)$/.exec(text);
    if (mark?.[2] === "end") skipping = false;
    if (skipping) continue;
    out.push(text);
    if (mark?.[2] === "include") {
      out.push(
        ...readFileSync(join(root, "wgsl", mark[3].trim()), "utf8")
          .trimEnd()
          .split("\n"),
      );
      skipping = true;
    } else if (mark?.[2] === "for") {
      out.push(...expandFor(mark[3], tiles, file).map((l) => mark[1] + l));
      skipping = true;
    }
  }
  if (skipping) throw new Error(`${file}: a marked block is not closed by // @end`);
  return out.join("\n");
}

const size: Record<ParamType, [align: number, bytes: number]> = {
  u32: [4, 4],
  i32: [4, 4],
  f32: [4, 4],
  vec4u: [16, 16],
  vec4i: [16, 16],
  vec4f: [16, 16],
};

/** Reads what the module needs to know from the WGSL text. Throws with the file and the line's text for what it cannot read. */
export function parseShader(source: string, file: string): Shader {
  const body = /struct Params \{([^}]*)\}/.exec(source)?.[1];
  if (body === undefined) throw new Error(`${file}: no "struct Params { ... }"`);
  let at = 0;
  const params: Shader["params"][number][] = [];
  for (const field of body
    .replace(/\/\/.*$/gm, "")
    .split(/,(?![^<]*>)/)
    .map((f) => f.trim())
    .filter(Boolean)) {
    const m = /^(\w+)\s*:\s*(?:array<(\w+),\s*(\d+)>|(\w+))$/.exec(field);
    const type = (m?.[2] ?? m?.[4]) as ParamType;
    if (!m || !(type in size)) throw new Error(`${file}: cannot read the params field "${field}"`);
    const count = m[3] ? Number(m[3]) : 1;
    if (count > 1 && !type.startsWith("vec4")) throw new Error(`${file}: arrays in uniforms are of vec4 ("${field}")`);
    const [align, bytes] = size[type];
    at = Math.ceil(at / align) * align;
    params.push({ name: m[1], type, offset: at, count });
    at += bytes * count;
  }
  const bindings = [...source.matchAll(/@group\(0\) @binding\((\d+)\)\s*var<storage,\s*(read|read_write)>\s*(\w+)/g)];
  bindings.forEach((b, i) => {
    if (Number(b[1]) !== i + 1) throw new Error(`${file}: binding ${b[1]} (${b[3]}) stands at place ${i + 1}`);
  });
  const features: Shader["features"][number][] = [];
  if (/^enable f16;/m.test(source)) features.push("shader-f16");
  if (/^enable subgroups;/m.test(source)) features.push("subgroups");
  return {
    name: basename(file, ".wgsl"),
    file,
    source,
    bindings: bindings.map((b) => ({ name: b[3], access: b[2] as "read" | "read_write" })),
    params,
    paramBytes: Math.ceil(at / 16) * 16,
    overrides: [...source.matchAll(/^override (\w+)/gm)].map((m) => m[1]),
    tiles: tilesOf(source),
    exprs: [...source.matchAll(/\/\/ @(?:expr|body) (\w+)/g)].map((m) => m[1]),
    features,
  };
}

const camel = (name: string) => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

function main(check: boolean): void {
  const out = join(root, "src/kernels/wgsl");
  if (!check) {
    mkdirSync(out, { recursive: true });
  }
  const stale: string[] = [];
  const files = readdirSync(join(root, "wgsl"))
    .filter((f) => f.endsWith(".wgsl"))
    .sort();
  for (const f of files) {
    const path = join(root, "wgsl", f);
    const old = readFileSync(path, "utf8");
    const source = refresh(old, `wgsl/${f}`);
    if (source !== old) {
      stale.push(f);
      if (!check) writeFileSync(path, source);
    }
    if (check) continue;
    const name = camel(basename(f, ".wgsl"));
    const shader = parseShader(source, `wgsl/${f}`);
    const text = `// Written by scripts/wgsl.ts from wgsl/${f}.\nimport type { Shader } from "../../device/shader.ts";\n\nexport const ${name} = ${JSON.stringify(shader, null, 2)} as const satisfies Shader;\n`;
    const target = join(out, `${basename(f, ".wgsl").replaceAll("_", "-")}.ts`);
    let before = "";
    try {
      before = readFileSync(target, "utf8");
    } catch {
      // not there yet
    }
    if (before !== text) writeFileSync(target, text);
  }
  if (!check) {
    const names = new Set(files.map((f) => `${basename(f, ".wgsl").replaceAll("_", "-")}.ts`));
    for (const f of readdirSync(out)) if (!names.has(f)) rmSync(join(out, f));
  }
  if (check && stale.length > 0) {
    console.error(`stale marked blocks in ${stale.join(", ")}: run "npm run wgsl"`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) main(process.argv.includes("--check"));
