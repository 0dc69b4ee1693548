import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** What guides name is there: files by their path, names by a look through all code. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const guides = [
  "README.md",
  "CONTRIBUTING.md",
  "wgsl/README.md",
  "test/golden/README.md",
  ...readdirSync(`${root}docs`).map((f) => `docs/${f}`),
];
const rooms = ["src", "test", "docs", "scripts", "wgsl", "examples", "bench"];
const listed = (room: string): string[] =>
  readdirSync(`${root}${room}`, { recursive: true, encoding: "utf8" })
    .map((f) => `${room}/${f.replaceAll("\\", "/")}`)
    .filter((f) => !f.includes("node_modules"));
const files = [...rooms.flatMap(listed), "package.json"];
const code = files.filter((f) => /\.(ts|wgsl|py|json)$/.test(f) && f !== "test/house/docs.test.ts");
const words = new Set(code.flatMap((f) => `${f}\n${readFileSync(root + f, "utf8")}`.match(/\w+/g) ?? []));

/** `a/{b,c}.ts` as a/b.ts and a/c.ts. */
const spread = (path: string): string[] => {
  const list = /^(.*)\{([^}]*)\}(.*)$/.exec(path);
  return list ? list[2].split(",").flatMap((part) => spread(list[1] + part + list[3])) : [path];
};
/** A path with FAMILY, STEM, NAME or * in it stands for those that fit. */
const exists = (path: string): boolean => {
  if (!/[A-Z]{4,}|\*/.test(path.replace(/[^/]*\.md$/, ""))) return existsSync(root + path);
  const pattern = path.replace(/[.+$()]/g, "\\$&").replace(/FAMILY|STEM|NAME|\*/g, "[\\w-]*");
  return files.some((f) => new RegExp(`^${pattern}$`).test(f));
};

describe.each(guides)("%s", (guide) => {
  const text = readFileSync(root + guide, "utf8");
  // A table of others' names beside ours names theirs in its first column.
  const ours = text.replace(/^\| PyTorch \|.*?(?=^$)/gms, (table) => table.replace(/^\|[^|]*\|/gm, "|"));
  const quoted = [...ours.replace(/^```.*?^```/gms, "").matchAll(/`([^`]+)`/g)].map((m) => m[1].replace(/\s+/g, " "));

  test("every path is there", () => {
    const paths = [...text.matchAll(/(?<![\w/.@-])(?:src|test|docs|scripts|wgsl|examples|bench)\/[\w{},*./-]*[\w}*]/g)];
    expect(paths.flatMap((m) => spread(m[0])).filter((path) => !exists(path))).toEqual([]);
  });

  test("every file named alone is there", () => {
    const names = quoted.filter((q) => /^[\w.-]+\.(ts|wgsl|py)$/.test(q));
    expect(names.filter((name) => !files.some((f) => f.endsWith(`/${name}`)))).toEqual([]);
  });

  test("every name in backticks is in the code", () => {
    const names = quoted
      .filter((q) => /^@?[A-Za-z_][\w.]*(\(.*\))?$/.test(q))
      .flatMap((q) => q.match(/\w+/g) ?? [])
      .filter((word) => /[a-z]/.test(word) && !/^\d|^_|_$|STEM/.test(word)); // _left: the end of a name
    expect(names.filter((word) => !words.has(word))).toEqual([]);
  });

  test("lines of prose have at most 100 characters", () => {
    const prose = text.replace(/^```.*?^```/gms, "").split("\n");
    expect(prose.filter((line) => line.length > 100 && !/^\||https?:/.test(line))).toEqual([]);
  });
});
