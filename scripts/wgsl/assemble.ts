/** Plain WGSL of a shader and of what it imports from `wgsl/lib`: the items named and what those need, nothing else. */
import { joinParts, type ShaderPart } from "../../src/device/parts.ts";
import type { Shader } from "../../src/device/shader.ts";
import { type Declaration, type Import, type Source, WgslError } from "./source.ts";

/** A run of lines that stand one below the other in one file. */
export interface Run {
  readonly file: string;
  /** Of the first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
  /** The item of a lib that the run is, as the file's name and the item's. */
  readonly item?: { readonly lib: string; readonly name: string };
}

export interface Assembled {
  readonly source: string;
  readonly runs: readonly Run[];
  /** Where runs of lines come from: the line of `source` a run begins on (from 1), its file, its line there. */
  readonly origin: NonNullable<Shader["origin"]>;
  /** Items of libs that went in, as "lib::item". */
  readonly used: ReadonlySet<string>;
}

/** Reads `lib/NAME.wgsl`; undefined where there is none. */
export type ReadLib = (name: string) => Source | undefined;

function libOf(read: ReadLib, file: string, { lib, line, item }: Import): Source {
  const found = read(lib);
  if (!found) throw new WgslError(file, line, `there is no wgsl/lib/${lib}.wgsl`);
  if (!found.declarations.has(item)) {
    throw new WgslError(
      file,
      line,
      `${found.file} declares no ${item}; it has ${[...found.declarations.keys()].join(", ")}`,
    );
  }
  return found;
}

const usesAll = (source: Source): ReadonlyMap<string, number> =>
  new Map([...source.declarations.values()].flatMap((d) => [...d.uses]));

/** The file's imports by name; each exists, is named once, clashes with no declaration and is used. */
function checkImports(source: Source, read: ReadLib): ReadonlyMap<string, Import> {
  const byName = new Map<string, Import>();
  const uses = usesAll(source);
  for (const i of source.imports) {
    libOf(read, source.file, i);
    const other = byName.get(i.item)?.line ?? source.declarations.get(i.item)?.line;
    if (other !== undefined) {
      throw new WgslError(source.file, i.line, `${i.item} of lib::${i.lib} clashes with ${i.item} at line ${other}`);
    }
    if (!i.forExprs && !uses.has(i.item)) {
      throw new WgslError(source.file, i.line, `${i.item} of lib::${i.lib} is imported and not used`);
    }
    byName.set(i.item, i);
  }
  for (const [name, line] of source.expects) {
    if (!uses.has(name)) throw new WgslError(source.file, line, `${name} is expected and not used`);
  }
  return byName;
}

interface Need {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Everything that the imports of `host` need, lib by lib, each before those that use it; and what libs use of others. */
function gather(host: Source, read: ReadLib) {
  const taken = new Map<Source, Set<Declaration>>();
  const open: Need[] = [];
  const order = (source: Source, above: readonly Source[]) => {
    if (above.includes(source)) throw new WgslError(source.file, 1, "imports itself by way of others");
    for (const i of source.imports) {
      const lib = libOf(read, source.file, i);
      if (!taken.has(lib)) order(lib, [...above, source]);
    }
    if (source !== host) taken.set(source, new Set());
  };
  order(host, []);
  const take = (i: Import, file: string) => {
    const lib = libOf(read, file, i);
    const found = lib.declarations.get(i.item) as Declaration;
    const into = taken.get(lib) as Set<Declaration>;
    if (into.has(found)) return;
    into.add(found);
    const imports = checkImports(lib, read);
    for (const [name, line] of found.uses) {
      const imported = imports.get(name);
      if (imported) take(imported, lib.file);
      else if (lib.declarations.has(name)) take({ ...i, item: name }, lib.file);
      else open.push({ name, file: lib.file, line });
    }
  };
  for (const i of host.imports) take(i, host.file);
  return { taken, open };
}

function checkNames(
  host: Source,
  read: ReadLib,
  taken: ReadonlyMap<Source, ReadonlySet<Declaration>>,
  open: readonly Need[],
) {
  const imports = checkImports(host, read);
  const home = new Map<string, Source>();
  for (const [lib, items] of taken) {
    for (const { name, line } of items) {
      const other = home.get(name) ?? (host.declarations.has(name) ? host : undefined);
      if (other) {
        const at = other.declarations.get(name)?.line;
        throw new WgslError(lib.file, line, `${name} clashes with ${name} of ${other.file}:${at} in ${host.file}`);
      }
      home.set(name, lib);
    }
  }
  for (const [name, line] of usesAll(host)) {
    const lib = home.get(name);
    if (lib && !imports.has(name))
      throw new WgslError(host.file, line, `${name} of ${lib.file} is used and not imported`);
  }
  for (const { name, file, line } of open) {
    const lib = [...taken.keys()].find((l) => l.file === file) as Source;
    const declared = host.declarations.has(name) || home.has(name);
    if (lib.expects.has(name) && !declared) {
      throw new WgslError(host.file, 1, `${file} expects a declaration of ${name} (${file}:${line})`);
    }
    if (declared && !lib.expects.has(name)) {
      throw new WgslError(file, line, `${name} comes from the importing file; say so: // @expects ${name}`);
    }
  }
}

/** @throws WgslError with file and line: a lib or item that is not there, an import unused or missing, a clash of names. */
export function assemble(host: Source, read: ReadLib): Assembled {
  const { taken, open } = gather(host, read);
  checkNames(host, read, taken, open);
  const runs: (Run & { lines: string[] })[] = [];
  const copy = (from: number, to: number, keep: (line: number) => boolean) => {
    for (let k = from; k < to; k++) {
      if (!keep(k)) continue;
      const last = runs.at(-1);
      if (last?.file === host.file && last.line + last.lines.length === k + 1) last.lines.push(host.lines[k]);
      else runs.push({ file: host.file, line: k + 1, lines: [host.lines[k]] });
    }
  };
  // Imported items stand behind the file's own params and bindings, or in their place where a lib declares the params.
  const bound = [...host.declarations.values()].filter((d) => host.lines[d.line - 1].startsWith("@group"));
  const firstAt = Math.min(...host.importLines, ...host.directiveLines, host.lines.length);
  const head = host.declarations.has("Params") ? Math.max(firstAt, ...bound.map((d) => d.to)) : firstAt;
  const own = (k: number) => !host.directiveLines.has(k) && !host.importLines.has(k);
  copy(0, host.lines.length, (k) => host.directiveLines.has(k));
  copy(0, head, own);
  const used = new Set<string>();
  for (const [lib, items] of taken) {
    for (const item of lib.declarations.values()) {
      if (!items.has(item)) continue;
      const { file } = lib;
      const stem = file.replace(/^.*\/|\.wgsl$/g, "");
      const lines = lib.lines.slice(item.from, item.to);
      runs.push({ file, line: item.from + 1, lines, item: { lib: stem, name: item.name } });
      used.add(`${file}::${item.name}`);
    }
  }
  copy(head, host.lines.length, own);
  const parts = runs.map(({ line, lines, file }): ShaderPart => [line, lines.join("\n"), file]);
  return { ...joinParts(parts, host.file), runs, used };
}

/** Items of the libs that no shader needs. */
export function unusedItems(libs: readonly Source[], assembled: readonly Assembled[]): string[] {
  const used = new Set(assembled.flatMap((a) => [...a.used]));
  return libs.flatMap((lib) =>
    [...lib.declarations.values()]
      .filter((d) => !used.has(`${lib.file}::${d.name}`))
      .map((d) => `${lib.file}:${d.line}: no shader uses ${d.name}`),
  );
}
