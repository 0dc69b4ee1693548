import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The package as someone sees it who installs it: packed, unpacked elsewhere, imported by its names. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let home = "";
let files: string[] = [];

beforeAll(() => {
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "pipe",
  });
  home = mkdtempSync(join(tmpdir(), "fiducial-package-"));
  const packed = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  files = packed[0].files.map((f: { path: string }) => f.path);
  mkdirSync(join(home, "node_modules/fiducial"), { recursive: true });
  execFileSync("tar", [
    "xzf",
    join(home, packed[0].filename),
    "-C",
    join(home, "node_modules/fiducial"),
    "--strip-components=1",
  ]);
  // The optional peer too: where the system has no adapter, a user has installed it, as the error says.
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (name.startsWith("@")) mkdirSync(join(home, "node_modules", name.split("/")[0]), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(home, "node_modules", name));
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const node = (code: string): string => {
  writeFileSync(join(home, "try.mjs"), code);
  return execFileSync(process.execPath, ["try.mjs"], { cwd: home, encoding: "utf8" });
};

describe("the packed package", () => {
  test("holds what was built, and neither sources nor tests", () => {
    expect(files).toContain("dist/index.js");
    expect(files).toContain("dist/index.d.ts");
    expect(files).toContain("LICENSE");
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
    symlinkSync(join(root, "node_modules/@types"), join(home, "node_modules/@types"));
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
    const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))![1];
    // `using` needs Node 24: here it is disposed by hand.
    const out = node(`${code.replace("using device", "const device").replaceAll("!", "")}\ndevice.destroy();`);
    expect(out).toContain("Float32Array(216)");
  });

  test("a bundle keeps the methods of tensors, and what PyTorch's names say", async () => {
    writeFileSync(
      join(home, "entry.js"),
      `import { Tensor } from "fiducial";
export const found = ["add", "backward", "sum"].map((m) => typeof Tensor.prototype[m]);
try { found.push(typeof Tensor.prototype["view"]); } catch (error) { found.push(error.code); }
`,
    );
    await build({
      root: home,
      logLevel: "silent",
      configFile: false,
      build: { outDir: "bundle", lib: { entry: "entry.js", formats: ["es"], fileName: () => "bundle.mjs" } },
    });
    expect(node('import { found } from "./bundle/bundle.mjs";\nconsole.log(found.join());')).toBe(
      "function,function,function,name\n",
    );
  });

  test("every built file has its declaration beside it", () => {
    const built = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((f) =>
      f.endsWith(".js"),
    );
    for (const f of built) expect(existsSync(join(root, "dist", f.replace(/\.js$/, ".d.ts"))), f).toBe(true);
  });
});
