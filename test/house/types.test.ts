import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { files, src } from "./imports.ts";

/** Two types of one name are taken for one another, in imports and in messages of the compiler. */
test("no two exported types have one name", () => {
  const places = new Map<string, string[]>();
  // Generated modules are not written by hand; the convolution kernels' options go by the name of their op's.
  for (const f of files.filter((name) => !/^kernels\/(wgsl|conv)\//.test(name)))
    for (const [, name] of readFileSync(join(src, f), "utf8").matchAll(
      /^export (?:abstract )?(?:interface|class|enum|type) (\w+)/gm,
    ))
      places.set(name, [...new Set([...(places.get(name) ?? []), f])]);
  expect([...places].filter(([, at]) => at.length > 1)).toEqual([]);
  expect(places.size).toBeGreaterThan(200);
});
