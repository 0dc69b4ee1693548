import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/**
 * One spelling, the American one, so that a name can be guessed. Keys of files and drawn streams keep theirs, and
 * CHANGELOG.md quotes old names.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const british = new RegExp(
  [
    "cent(re|ring)",
    "(milli|micro|kilo)(met|lit)re",
    "(normal|initial|regular|special|recogn|penal|standard|quant|linear|general|summar|optim|serial|organ|visual)is(e|ation|ing)",
    "colour|grey|neighbour|behaviour|favour|licence|catalogue|artefact|learnt",
    "(label|model|signal|travel|cancel|channel)l(ed|ing)",
  ].join("|"),
  "i",
);
/** Keys and landmark names that files hold, the name of a stream (another draws other numbers), and that of a place. */
const kept = /\bcentre_mm\b|\bbox_centre\b|fork\("grey"\)|Brain Imaging Centre/g;
const self = "test/house/spelling.test.ts";

const files = [
  "README.md",
  "CONTRIBUTING.md",
  ...["src", "wgsl", "test", "docs", "scripts", "bench", "examples"].flatMap((room) =>
    readdirSync(`${root}${room}`, { recursive: true, encoding: "utf8" }).map(
      (f) => `${room}/${f.replaceAll("\\", "/")}`,
    ),
  ),
].filter((f) => /\.(ts|md|py|wgsl)$/.test(f) && f !== self && !/node_modules|src\/kernels\/wgsl/.test(f));

describe("American spelling", () => {
  test("of files", () => expect(files.filter((f) => british.test(f))).toEqual([]));

  test("of what stands in them", () => {
    const found = files.flatMap((f) =>
      readFileSync(root + f, "utf8")
        .split("\n")
        .flatMap((line, i) => (british.test(line.replace(kept, "")) ? [`${f}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
});
