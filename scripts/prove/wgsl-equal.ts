/**
 * tsx scripts/prove/wgsl-equal.ts COMMIT: every assembled shader equals that commit's, up to white space and comments.
 * Compared are the module-scope declarations, each token by token. Said apart are the order in which they stand and what the
 * old text held that neither `main` nor text given at run time reaches. The old text's identifiers and the shaders' names are
 * first renamed by renames.json, which must take no two names of a shader to one.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { specialise } from "../../src/device/shader.ts";
import { readSource, type Source } from "../wgsl/source.ts";
import { assembleAll } from "../wgsl.ts";

const table = JSON.parse(readFileSync(new URL("renames.json", import.meta.url), "utf8")) as {
  stems: Record<string, string>;
  names: Record<string, string>;
};
let wrong = 0;
/** The text with every identifier renamed by the table. */
function rename(text: string, shader: string): string {
  const from = new Map<string, string>();
  return text
    .split("\n")
    .map((line) => {
      const comment = line.indexOf("//");
      const code = comment < 0 ? line : line.slice(0, comment);
      const renamed = code.replace(/(?<![\w@])[A-Za-z_]\w*/g, (name) => {
        const to = table.names[name] ?? name.replace(/^([a-zA-Z]+)_(\d+(?:_\d+)*)$/, "$1$2");
        const other = from.get(to);
        if (other !== undefined && other !== name) {
          console.log(`${shader}: ${name} and ${other} both become ${to}`);
          wrong++;
        }
        from.set(to, name);
        return to;
      });
      return renamed + (comment < 0 ? "" : line.slice(comment));
    })
    .join("\n");
}

const commit = process.argv[2];
const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", maxBuffer: 1 << 28 });
const old = new Map(
  git("ls-tree", "-r", "--name-only", commit, "wgsl/")
    .trim()
    .split("\n")
    .filter((f) => !f.includes("/lib/"))
    .map((f) => {
      const stem = f.replace(/^.*\/|\.wgsl$/g, "");
      return [table.stems[stem] ?? stem, rename(git("show", `${commit}:${f}`), stem)];
    }),
);
/** Declarations as tokens, marks apart (they are comments, and compared as marks). */
const declared = (text: string, file: string): [Map<string, string>, Source] => {
  const source = readSource(text, file);
  const out = new Map<string, string>();
  for (const d of source.declarations.values()) {
    const lines = source.lines.slice(d.from, d.to);
    const marks = lines.flatMap((l) => /\/\/ @(?:tile|dtype|expr \w+|body \w+)/.exec(l)?.[0] ?? []);
    const tokens =
      lines
        .map((l) => l.replace(/\/\/.*$/, ""))
        .join(" ")
        .match(/[\w.]+|\S/g) ?? [];
    out.set(d.name, [...tokens, ...marks].join(" "));
  }
  for (const at of source.directiveLines) out.set(source.lines[at].trim(), source.lines[at].trim());
  return [out, source];
};
let inOrder = 0;
const dropped = new Map<string, string[]>();
const now = assembleAll();
for (const name of new Set([...old.keys(), ...now.keys()])) {
  const before = old.get(name);
  const after = now.get(name);
  if (before === undefined || after === undefined) {
    console.log(`${name}: only ${before === undefined ? "now" : "before"}`);
    wrong++;
    continue;
  }
  // The old text without its marks of generated blocks: those blocks stand in it unrolled, as specialise() unrolls them now.
  const plain = before.replace(/^\s*\/\/ @(for|include|end).*$/gm, "");
  const [was, source] = declared(plain, `${commit}:${name}`);
  const [is] = declared(specialise({ shader: after.shader }).code, after.shader.file);
  const reached = new Set<string>();
  const visit = (n: string): void => {
    const d = source.declarations.get(n);
    if (!d || reached.has(n)) return;
    reached.add(n);
    for (const use of d.uses.keys()) visit(use);
  };
  visit("main");
  for (const [n, text] of was) {
    if (is.get(n) === text) continue;
    if (!is.has(n) && !reached.has(n)) dropped.set(n, [...(dropped.get(n) ?? []), name]);
    else {
      console.log(`${name}: ${n}\n  was ${text}\n  is  ${is.get(n)}`);
      wrong++;
    }
  }
  for (const n of is.keys()) {
    if (was.has(n)) continue;
    console.log(`${name}: ${n} is new`);
    wrong++;
  }
  const order = (m: Map<string, string>) => [...m.keys()].filter((n) => is.has(n)).join();
  if (order(was) === order(is)) inOrder++;
}
console.log(`${now.size} shaders, ${wrong} differences; ${inOrder} with all declarations in the old order`);
for (const [n, where] of dropped) console.log(`not reached before, gone now: ${n} in ${where.join(", ")}`);
process.exitCode = wrong ? 1 : 0;
