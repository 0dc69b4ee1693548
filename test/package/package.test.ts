import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundles, bundle, bundlersOf, type Report, Tools } from "./bundlers.ts";
import { openChromium, type Pages } from "./chromium.ts";
import { manifest, type Packed, pack, readmeCode, root } from "./packed.ts";
import { compile, projects } from "./typings.ts";

/** The package as someone sees it who installs it: packed, unpacked elsewhere, imported by its names. */
let packed: Packed;
let chromium: Pages | undefined;
let home = "";
let files: readonly string[] = [];

beforeAll(async () => {
  packed = pack();
  ({ home, files } = packed);
  chromium = await openChromium();
});
afterAll(async () => {
  await chromium?.close();
  packed?.remove();
});

const node = (code: string): string => {
  writeFileSync(join(home, "try.mjs"), code);
  return execFileSync(process.execPath, ["try.mjs"], { cwd: home, encoding: "utf8" });
};

describe("the packed package", () => {
  test("holds what was built, and neither sources nor tests", () => {
    expect(files).toContain("dist/index.js");
    expect(files).toContain("dist/index.d.ts");
    for (const guide of ["LICENSE", "README.md", "CONTRIBUTING.md", "docs/architecture.md", "examples/first-steps.ts"])
      expect(files).toContain(guide);
    expect(files.filter((f) => /^(src|test|wgsl|bench|scripts)\//.test(f))).toEqual([]);
  });

  test("shows in an empty folder what it is for: the demo on its own model and scouts", () => {
    const folder = join(home, "empty");
    mkdirSync(folder);
    const adapter = process.env.FIDUCIAL_ADAPTER ? ["--adapter", process.env.FIDUCIAL_ADAPTER] : [];
    const main = join(home, "node_modules/fiducial", manifest.bin.fiducial);
    const ran = spawnSync(process.execPath, [main, "demo", "--out", "demo", ...adapter], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(ran.status, ran.stderr).toBe(0);
    const metrics = JSON.parse(readFileSync(join(folder, "demo/metrics.json"), "utf8"));
    expect(metrics.summary).toMatchObject({ n: 9, refused: 0 });
    expect(existsSync(join(folder, "demo/report.html"))).toBe(true);
    for (const file of ["models/README.md", "examples/scouts/README.md"]) expect(files).toContain(file);
  });

  test.each(Object.keys(manifest.exports).filter((n) => n !== "./package.json"))("entry %s can be imported", (name) => {
    const path = name === "." ? "fiducial" : `fiducial/${name.slice(2)}`;
    expect(Number(node(`const m = await import("${path}"); console.log(Object.keys(m).length);`))).toBeGreaterThan(0);
    expect(existsSync(join(home, "node_modules/fiducial", manifest.exports[name].types))).toBe(true);
  });

  test("entries are the public rooms of src, each with source, code and types", () => {
    const rooms = readdirSync(join(root, "src"))
      .filter((room) => existsSync(join(root, "src", room, "index.ts")))
      .filter((room) => !["device", "tensor", "cli"].includes(room)); // fiducial itself, and the command
    const names = Object.keys(manifest.exports).filter((n) => n !== "." && n !== "./package.json");
    expect(names.sort()).toEqual([...rooms, "ndarray", "node", "registry"].map((r) => `./${r}`).sort());
    for (const [name, { "fiducial-source": source, ...built }] of Object.entries<Record<string, string>>(
      manifest.exports,
    )) {
      if (name === "./package.json") continue;
      expect(existsSync(join(root, source)), source).toBe(true);
      for (const file of Object.values(built)) expect(files).toContain(file.slice(2));
    }
  });

  test("the examples type-check against the packed declarations", () => {
    mkdirSync(join(home, "node_modules/@webgpu"), { recursive: true });
    symlinkSync(join(root, "node_modules/@webgpu/types"), join(home, "node_modules/@webgpu/types"));
    const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"));
    for (const name of examples) copyFileSync(join(root, "examples", name), join(home, name));
    const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
    writeFileSync(
      join(home, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, customConditions: [] }, files: examples }),
    );
    writeFileSync(join(home, "package.json"), '{ "type": "module" }');
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    expect(spawnSync(process.execPath, [tsc, "-p", home], { encoding: "utf8" }).stdout).toBe("");
  });

  test("its command runs from anywhere", () => {
    const out = execFileSync(
      process.execPath,
      [join(home, "node_modules/fiducial", manifest.bin.fiducial), "--version"],
      { cwd: tmpdir(), encoding: "utf8" },
    );
    expect(out.trim()).toBe(manifest.version);
  });

  test("a lockfile without hosts, install scripts in no dependency that runs", () => {
    const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
    expect(Object.values(lock.packages).filter((p) => (p as { resolved?: string }).resolved)).toEqual([]);
    const scripts = Object.entries(lock.packages).filter(
      ([, p]) => (p as { hasInstallScript?: boolean; dev?: boolean }).hasInstallScript && !(p as { dev?: boolean }).dev,
    );
    // webgpu has one: CI installs with --ignore-scripts, and everything runs.
    expect(scripts.map(([n]) => n)).toEqual(["node_modules/webgpu"]);
  });

  test("the examples of README run as they stand", () => {
    expect(node(readmeCode())).toContain("Float32Array(216)");
  });

  test("CommonJS requires it", () => {
    writeFileSync(
      join(home, "try.cjs"),
      'const { Tensor } = require("fiducial");\nconsole.log(typeof Tensor.prototype.add);\n',
    );
    const out = execFileSync(process.execPath, ["try.cjs"], {
      cwd: home,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"], // Node 20 warns of an experiment
    });
    expect(out).toBe("function\n");
  });

  test.each([
    ...bundlersOf(new Tools(root), ["esbuild", "vite", "webpack"]),
  ])("a bundle of %s keeps the methods of tensors, drops what is not used, and runs", async (_, bundler) => {
    const { readme, sizes }: Bundles = await bundle(bundler, home);
    expect(sizes.device).toBeLessThan(12 * 1024);
    expect(sizes.conv2d).toBeLessThan(sizes.network); // its limit is held by npm run check:package
    if (!chromium) return;
    const { missing, values } = (await chromium.run(readme)) as Report;
    expect(missing).toEqual([]);
    expect(values).toHaveLength(216);
    expect(values.every((v) => Number.isFinite(v) && v !== 0)).toBe(true);
  });

  test.each(
    projects.map((p) => [p.dom ? "with" : "without", p.module, p] as const),
  )("its declarations compile %s the DOM, resolved by %s, libraries checked", (_with, _module, project) => {
    expect(compile(home, join(root, "node_modules/typescript/bin/tsc"), project)).toBe("");
  });

  test("every built file has its declaration beside it", () => {
    const built = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((f) =>
      f.endsWith(".js"),
    );
    for (const f of built) expect(existsSync(join(root, "dist", f.replace(/\.js$/, ".d.ts"))), f).toBe(true);
  });
});
