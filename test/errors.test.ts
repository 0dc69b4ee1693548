import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as errors from "../src/errors.ts";

/** Classes with the short names that a minifier gives them. */
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/errors.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  minify: true,
  write: false,
});
const minified = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

test.each(Object.keys(errors))("%s is the name of its errors, in a minified build too", (name) => {
  const thrown = Reflect.construct(minified[name], ["a", "b", "c", "d"]) as Error;
  expect(thrown.constructor.name).not.toBe(name); // else nothing was minified
  expect(thrown.name).toBe(name);
  expect(`${thrown}`).toMatch(new RegExp(`^${name}: `));
});
