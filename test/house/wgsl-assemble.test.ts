import { describe, expect, test } from "vitest";
import { assemble, unusedItems } from "../../scripts/wgsl/assemble.ts";
import { readSource } from "../../scripts/wgsl/source.ts";

const math = `// Doubles.
fn twice(a: f32) -> f32 {
  return 2.0 * a;
}
fn four_times(a: f32) -> f32 {
  return twice(twice(a));
}
const unit: f32 = 1.0;
`;
const walk = `// @expects params
import package::lib::math::twice;

fn steps(a: f32) -> f32 {
  return twice(a) * params.n;
}
`;
const head = `struct Params {
  n: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
`;
const main = (body: string) => `@compute @workgroup_size(1)\nfn main() {\n  ${body}\n}\n`;

const build = (text: string, libs: Record<string, string> = { math, walk }) => {
  const sources = new Map(Object.entries(libs).map(([k, v]) => [k, readSource(v, `wgsl/lib/${k}.wgsl`)]));
  return { ...assemble(readSource(text, "wgsl/a/b.wgsl"), (name) => sources.get(name)), sources };
};

describe("assembling shaders", () => {
  test("only what is imported and what that needs goes in, each line with its place", () => {
    const { source, origin } = build(
      `import package::lib::math::four_times;\n\n${head}${main("let y = four_times(params.n);")}`,
    );
    expect(source).not.toContain("unit");
    expect(source.indexOf("fn twice")).toBeLessThan(source.indexOf("fn four_times"));
    expect(source).not.toContain("import");
    const line = source.split("\n").indexOf("  return twice(twice(a));") + 1;
    const run = origin.findLast(([first]) => first <= line);
    expect([run?.[1], line - (run?.[0] ?? 0) + (run?.[2] ?? 0)]).toEqual(["wgsl/lib/math.wgsl", 6]);
  });

  test("a lib brings what it imports itself, once", () => {
    const { source } = build(
      `import package::lib::walk::steps;\nimport package::lib::math::twice;\n${head}${main("let y = steps(twice(1.0));")}`,
    );
    expect(source.match(/fn twice/g)).toHaveLength(1);
  });

  test("enable stands first", () => {
    const { source } = build(
      `// Head.\nimport package::lib::math::twice;\nenable subgroups;\n${head}${main("let y = twice(1.0);")}`,
    );
    expect(source.startsWith("enable subgroups;\n")).toBe(true);
  });

  test("a line that is repeated for tiles uses what it names", () => {
    const { source } = build(
      `import package::lib::math::twice;\n${head}${main("// @for i 4, j 2: let y{i}_{j} = twice({i}.0);")}`,
    );
    expect(source).toContain("fn twice");
  });

  test.each([
    ["an unknown lib", "import package::lib::maths::twice;", "let y = twice(1.0);", "wgsl/a/b.wgsl:1: there is no"],
    [
      "an unknown item",
      "import package::lib::math::{unit, thrice};",
      "let y = unit;",
      "b.wgsl:1: wgsl/lib/math.wgsl declares no thrice",
    ],
    [
      "an unused import",
      "import package::lib::math::{\n  twice, unit,\n};",
      "let y = unit;",
      "b.wgsl:1: twice of lib::math is imported and not used",
    ],
    [
      "a clash",
      "import package::lib::math::unit;",
      "let y = unit;\n}\nfn unit() {",
      "b.wgsl:1: unit of lib::math clashes with unit at line",
    ],
    [
      "a clash by way of another item",
      "import package::lib::math::four_times;",
      "let y = four_times(1.0);\n}\nfn twice() {",
      "math.wgsl:2: twice clashes with twice of wgsl/a/b.wgsl:",
    ],
    [
      "a name that only came along",
      "import package::lib::math::four_times;",
      "let y = four_times(twice(1.0));",
      "b.wgsl:8: twice of wgsl/lib/math.wgsl is used and not imported",
    ],
    [
      "an import twice",
      "import package::lib::math::unit;\nimport package::lib::math::unit;",
      "let y = unit;",
      "b.wgsl:2: unit of lib::math clashes with unit at line 1",
    ],
    ["an import that cannot be read", "import lib::math;", "", 'b.wgsl:1: cannot read "import lib::math"'],
  ])("%s is refused with its place", (_, imports, body, message) => {
    expect(() => build(`${imports}\n${head}${main(body)}`)).toThrow(message);
  });

  test("a lib says what it expects of the file that imports it", () => {
    const text = `import package::lib::walk::steps;\n${head}${main("let y = steps(1.0);")}`;
    expect(() => build(text, { math, walk: walk.replace("// @expects params\n", "") })).toThrow(
      "walk.wgsl:4: params comes from the importing file; say so: // @expects params",
    );
    expect(() => build(text.replaceAll("params", "sizes"))).toThrow(
      "wgsl/a/b.wgsl:1: wgsl/lib/walk.wgsl expects a declaration of params (wgsl/lib/walk.wgsl:5)",
    );
    expect(() => build(text, { math, walk: walk.replace("params", "params, x") })).toThrow(
      "walk.wgsl:1: x is expected and not used",
    );
  });

  test("what only text given at run time calls is imported with // @exprs", () => {
    const text = `import package::lib::math::twice; // @exprs\n${head}${main("return; // @body f")}`;
    expect(build(text).source).toContain("fn twice");
  });

  test("an item of a lib that no shader uses is told", () => {
    const made = build(`import package::lib::math::four_times;\n${head}${main("let y = four_times(1.0);")}`);
    expect(unusedItems([...made.sources.values()], [made])).toEqual([
      "wgsl/lib/math.wgsl:8: no shader uses unit",
      "wgsl/lib/walk.wgsl:4: no shader uses steps",
    ]);
  });
});
