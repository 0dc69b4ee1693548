import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { opFiles } from "../../scripts/list-ops.ts";
import * as landmarks from "../../src/landmarks/ops/index.ts";
import * as tensor from "../../src/tensor/index.ts";
import { functionOf } from "../ops/common/op-test.ts";
import { ops } from "../ops/index.ts";

/** One op, one test file, one draw of PyTorch's cases: none missing, none without its op. */
const exported: Readonly<Record<string, unknown>> = { ...tensor, ...landmarks };

/** Exports that are no ops of the table, each with its reason. */
const noOps: Record<string, string> = {
  apply: "runs ops",
  backward: "runs gradients",
  observeOps: "tells of ops",
  keep: "lives",
  noGrad: "lives",
  isGradEnabled: "lives",
  scope: "lives",
  tidy: "lives",
  recordStep: "runs a step again",
  leaks: "lives",
  Rng: "random numbers",
  Tensor: "the type",
  tensor: "from numbers",
  zeros: "from numbers",
  show: "shapes",
  sizeOf: "shapes",
  transpose: "permute, tested in layout",
  select: "slice and squeeze, tested in select.test.ts",
  at: "slice and reshape, tested in select.test.ts",
  argmax2d: "decode, without a gradient",
  connectedComponents: "components.test.ts, without a gradient",
  decodeCentroids: "components.test.ts, without a gradient",
  decodeHeatmaps: "decode, without a gradient",
  cast: "dtypes, tested in indexing.test.ts",
};

const fileOf = (name: string): string => name.replaceAll("_", "-");
const familyOf = (name: string): string =>
  opFiles()
    .find((path) => path.endsWith(`/${fileOf(name)}`))!
    .split("/")[0];
const names = Object.keys(ops);

describe("the table of ops is complete", () => {
  test("every test file of an op is in the list, under the name of its file", () => {
    const stems = opFiles().map((path) => path.split("/")[1]);
    expect(new Set(stems).size).toBe(stems.length);
    expect(names.map(fileOf).sort()).toEqual([...stems].sort());
  });

  test("every exported op has a test file", () => {
    const known = new Set(Object.values(ops).map(functionOf));
    for (const name of Object.keys(exported))
      expect(known.has(name) || name in noOps, `${name} is exported and has no file below test/ops`).toBe(true);
    for (const name of Object.keys(noOps)) expect(name in exported, `${name} is no export any more`).toBe(true);
  });

  test.each(names)("the op of %s is exported", (name) => {
    expect(typeof exported[functionOf(ops[name])]).toBe("function");
  });

  test.each(
    names.filter((name) => !ops[name].creates),
  )("observers of %s hear the names of exported functions", (name) => {
    const { inputs, attrs } = ops[name].samples.rows[0].make();
    const heard: string[] = [];
    const stop = tensor.observeOps((record) => heard.push(record.op));
    try {
      ops[name].call(
        inputs.map((r) => tensor.Tensor.meta(r.shape)),
        { ...attrs },
      );
    } finally {
      stop();
    }
    expect(heard.filter((op) => !(op in exported))).toEqual([]);
  });

  test.each(names)("%s has samples, wrong calls, a reference and a tolerance", (name) => {
    const { samples, reference, tolerance } = ops[name];
    expect(samples.rows.length).toBeGreaterThanOrEqual(20);
    expect(new Set(samples.rows.map((r) => r.name)).size).toBe(samples.rows.length);
    // What has a tensor's shape alone to go by, and an elementwise op of one tensor (and dropout, with its mask) takes any shape.
    const any = familyOf(name) === "elementwise" && samples.rows[0].make().inputs.length === 1;
    const alike = ["ones_like", "zeros_like", "clone"].includes(name);
    if (!any && !alike && name !== "dropout") expect(samples.errors.length).toBeGreaterThan(0);
    for (const f of [reference.forward, reference.backward, tolerance.forward, tolerance.grad])
      expect(typeof f).toBe("function");
  });

  test("every op has PyTorch's draw in a file of the same name, and no draw is without its op", () => {
    const folder = fileURLToPath(new URL("../../scripts/golden", import.meta.url));
    // Those that PyTorch has under the same name are drawn by their name.
    const byName = (path: string): boolean => path.startsWith("elementwise/");
    for (const path of opFiles())
      expect(byName(path) || existsSync(`${folder}/${path}.py`), `scripts/golden/${path}.py`).toBe(true);
    const families = new Set(opFiles().map((path) => path.split("/")[0]));
    const draws = [...families].flatMap((family) =>
      readdirSync(`${folder}/${family}`)
        .filter((file) => file.endsWith(".py"))
        .map((file) => `${family}/${file.slice(0, -".py".length)}`),
    );
    expect(draws.filter((path) => !opFiles().includes(path))).toEqual([]);
  });
});
