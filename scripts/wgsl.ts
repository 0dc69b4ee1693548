/**
 * wgsl/FAMILY/STEM.wgsl -> src/kernels/wgsl/STEM.ts: a typed module for each shader (source, bindings, params, overrides),
 * and src/kernels/shader-text.ts: the texts of all.
 *   npm run wgsl                   check all names and write the modules
 *   npm run wgsl -- --show STEM    print the plain WGSL of a shader, as the device gets it with its own tiles
 * A shader names the functions it shares with others in WESL's notation, before all else but comments:
 *   import package::lib::math::{is_nan, nan_max};
 * and gets those items of wgsl/lib/math.wgsl, and what they need, in the assembled text. `// @exprs` behind an import keeps
 * what only text given at run time calls; `// @expects params` in a lib names what the importing file must declare.
 * `// @for i TM, j 4: text {i} {j}` is not unrolled before the pipeline is made, for the tiles it is made with.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseShader } from "../src/device/parse-shader.ts";
import { type Shader, specialize } from "../src/device/shader.ts";
import { type Assembled, assemble, type ReadLib, unusedItems } from "./wgsl/assemble.ts";
import { modulesOf } from "./wgsl/modules.ts";
import { readSource, type Source, WgslError } from "./wgsl/source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const wgslIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((f) => f.endsWith(".wgsl"))
    .sort()
    .map((f) => `${folder}/${f}`);

const read = (file: string): Source => readSource(readFileSync(join(root, file), "utf8"), file);

const stemOf = (file: string): string => basename(file, ".wgsl");

/** All shaders of `wgsl/`, assembled. @throws {@link WgslError} with file and line for the first wrong name. */
export function assembleAll(): Map<string, { shader: Shader; assembled: Assembled }> {
  const libs = new Map(wgslIn("wgsl/lib").map((file) => [stemOf(file), read(file)]));
  const readLib: ReadLib = (name) => libs.get(name);
  const families = readdirSync(join(root, "wgsl"), { withFileTypes: true })
    .filter((f) => f.isDirectory() && f.name !== "lib")
    .map((f) => `wgsl/${f.name}`)
    .sort();
  const all = new Map<string, { shader: Shader; assembled: Assembled }>();
  for (const file of families.flatMap(wgslIn)) {
    const other = all.get(stemOf(file))?.shader.file;
    if (other) throw new WgslError(file, 1, `${other} has the same name; a shader's name is its key`);
    const assembled = assemble(read(file), readLib);
    all.set(stemOf(file), { assembled, shader: parseShader(assembled.source, file, assembled.origin) });
  }
  const unused = unusedItems(
    [...libs.values()],
    [...all.values()].map((a) => a.assembled),
  );
  if (unused.length > 0) throw new WgslError(...splitPlace(unused[0]));
  return all;
}

const splitPlace = (text: string): [string, number, string] => {
  const [file, line, ...rest] = text.split(":");
  return [file, Number(line), rest.join(":").trim()];
};

/** Writes what has changed alone: who watches the files builds less. */
function write(target: string, text: string): void {
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {
    // not there yet
  }
  if (before !== text) writeFileSync(target, text);
}

function writeModules({ text, shaders }: ReturnType<typeof modulesOf>): void {
  const out = join(root, "src/kernels/wgsl");
  mkdirSync(out, { recursive: true });
  write(join(root, "src/kernels/shader-text.ts"), text);
  for (const [name, module] of shaders) write(join(out, name), module);
  for (const f of readdirSync(out)) if (!shaders.has(f)) rmSync(join(out, f), { recursive: true });
}

function main(show: string | undefined): void {
  const all = assembleAll();
  if (show === undefined) {
    writeModules(modulesOf([...all.values()]));
    return;
  }
  const found = all.get(show.replaceAll("-", "_"));
  if (!found)
    throw new WgslError(`wgsl/*/${show}.wgsl`, 1, `there is no such shader; there are ${[...all.keys()].join(", ")}`);
  console.log(specialize({ shader: found.shader }).code);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  try {
    const at = process.argv.indexOf("--show");
    main(at < 0 ? undefined : (process.argv[at + 1] ?? ""));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
