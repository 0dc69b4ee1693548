/** The typed modules that shaders become: text without comments and indentation, an item of `wgsl/lib` once for all. */
import type { ShaderPart } from "../../src/device/parts.ts";
import type { Shader } from "../../src/device/shader.ts";
import type { Assembled, Run } from "./assemble.ts";

const camel = (name: string): string => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

/** A line as it travels: no indentation, and of comments only the marks that `specialize` reads. */
export function bare(line: string): string {
  const mark = line.search(/\/\/ @(?:for|tile|dtype|expr|body)\b/);
  return (mark < 0 ? line.replace(/\/\/.*$/, "") : line).trim();
}

/** The run without comments. Lines stay lines, so that one number places them all; those at its ends go. */
function partOf(run: Run): ShaderPart | undefined {
  const lines = run.lines.map(bare);
  const first = lines.findIndex((l) => l !== "");
  if (first < 0) return undefined;
  const last = lines.findLastIndex((l) => l !== "");
  return [run.line + first, lines.slice(first, last + 1).join("\n")];
}

/** The module of a shader: its type holds what a kernel may ask of it. */
function shaderModule(shader: Shader): string {
  const { source, origin, ...typed } = shader;
  const name = camel(shader.name);
  return [
    `// Written by scripts/wgsl.ts from ${shader.file}.`,
    'import { shaderOf } from "../../device/parts.ts";',
    'import type { Shader } from "../../device/shader.ts";',
    `import { ${name} as parts } from "../shader-text.ts";`,
    "",
    `type Typed = Shader & ${JSON.stringify(typed, null, 2)};`,
    `export const ${name} = /* @__PURE__ */ shaderOf<Typed>(${JSON.stringify(shader.file)}, parts);`,
    "",
  ].join("\n");
}

/**
 * The texts of all shaders, one constant each, so that a bundler keeps what is used; and in one module, so that they lie side by
 * side in a bundle: there gzip finds what is alike (3 of 100 bytes). An item of a lib stands before its first reader.
 */
function textModule(all: readonly { shader: Shader; assembled: Assembled }[]): string {
  const out = ["// Written by scripts/wgsl.ts.", 'import type { ShaderPart } from "../device/parts.ts";', ""];
  const written = new Set<string>();
  for (const { shader, assembled } of all) {
    const parts: string[] = [];
    for (const run of assembled.runs) {
      const part = partOf(run);
      if (!part) continue;
      if (!run.item) {
        parts.push(JSON.stringify(part));
        continue;
      }
      const name = `${camel(run.item.lib)}_${run.item.name}`;
      parts.push(name);
      if (written.has(name)) continue;
      written.add(name);
      const lib = `${camel(run.item.lib)}_`;
      if (!written.has(lib)) out.push(`const ${lib} = ${JSON.stringify(run.file)};`);
      written.add(lib);
      out.push(`const ${name}: ShaderPart = [${part[0]}, ${JSON.stringify(part[1])}, ${lib}];`);
    }
    out.push(`export const ${camel(shader.name)}: readonly ShaderPart[] = [${parts.join(", ")}];`);
  }
  return `${out.join("\n")}\n`;
}

/** The module of texts, and those of shaders by their names in `src/kernels/wgsl`. */
export function modulesOf(all: readonly { shader: Shader; assembled: Assembled }[]): {
  text: string;
  shaders: ReadonlyMap<string, string>;
} {
  const file = (name: string): string => `${name.replaceAll("_", "-")}.ts`;
  const shaders = new Map(all.map(({ shader }) => [file(shader.name), shaderModule(shader)]));
  return { text: textModule(all), shaders };
}
