/**
 * `npm run check:package`: the packed package in the hands of strangers. Every bundler's build of README's example runs in Chromium
 * with the tensor's methods there; what a small program weighs; typings under every compiler, with and without the DOM; publint
 * and attw. The tools have a lockfile of their own, in test/package/matrix. `npm test` holds a part of it.
 *   npm run check:package -- bundles types lint    only those
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { bundle, bundlersOf, type Report, Tools } from "../test/package/bundlers.ts";
import { openChromium } from "../test/package/chromium.ts";
import { type Packed, pack, root } from "../test/package/packed.ts";
import { compile, projects } from "../test/package/typings.ts";

const matrix = join(root, "test/package/matrix");
const wanted = process.argv.slice(2);
let failed = 0;

const verdict = (ok: boolean): string => {
  if (!ok) failed++;
  return ok ? "yes" : "NO";
};
const print = (head: string[], rows: string[][]): void => {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  console.log(`${table}\n`);
};

function install(): void {
  const installed = join(matrix, "node_modules/.package-lock.json");
  const locked = join(matrix, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(locked).mtimeMs) return;
  console.log("installing the tools of test/package/matrix");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: matrix, stdio: "inherit" });
}

/** At most 50 KB of 1,024 bytes: conv2d with its gradient and variants, the device, and every method of a tensor. */
const mostBytes = 50 * 1024;
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

async function bundles({ home }: Packed): Promise<void> {
  const names = ["esbuild", "rolldown", "rollup", "webpack", "vite-5", "vite-6", "vite-7", "vite-8"];
  const chromium = await openChromium();
  const rows: string[][] = [];
  let values: readonly number[] | undefined;
  for (const [name, bundler] of bundlersOf(new Tools(matrix), names)) {
    try {
      const { readme, sizes } = await bundle(bundler, home);
      const small = [sizes.conv2d, sizes.device, sizes.network].map(kilobytes);
      const report = (await chromium?.run(readme)) as Report | undefined;
      values ??= report?.values;
      const ran = report?.values.length === 216 && report.values.every((v, i) => v === values?.[i] && v !== 0);
      const methods = report?.missing.length === 0;
      rows.push([name, ...small, chromium ? verdict(ran) : "no Chromium", chromium ? verdict(methods) : "no Chromium"]);
      if (name.startsWith("esbuild") && sizes.conv2d > mostBytes) {
        failed++;
        console.log(
          `${name}: conv2d and openDevice are ${sizes.conv2d} bytes gzipped; at most ${mostBytes} are allowed`,
        );
      }
    } catch (error) {
      failed++;
      rows.push([name, "", "", "", `NO: ${`${error}`.slice(0, 200)}`, ""]);
    }
  }
  await chromium?.close();
  print(["bundler", "conv2d + openDevice", "openDevice", "openDevice + UNet", "README runs", "methods"], rows);
}

function types({ home }: Packed): void {
  const rows = ["5.7", "5.9", "6.0", "7.0"].map((version) => {
    const compiler = join(matrix, `node_modules/typescript-${version}`);
    const cells = projects.map((project) => {
      const said = compile(home, join(compiler, "bin/tsc"), project);
      if (said !== "") console.log(said.split("\n").slice(0, 10).join("\n"));
      return verdict(said === "");
    });
    return [new Tools(matrix).version(`typescript-${version}`), ...cells];
  });
  print(["TypeScript", ...projects.map((p) => `${p.dom ? "DOM" : "no DOM"}, ${p.module}`)], rows);
}

/** publint and attw. The package is ESM alone: Node 20.19 and newer `require` it all the same. */
function lint({ tarball }: Packed): void {
  const bin = (name: string): string => join(matrix, "node_modules/.bin", name);
  const runs: [string, string[]][] = [
    ["publint", ["run", tarball, "--strict"]],
    ["attw", [tarball, "--profile", "esm-only", "--no-emoji"]],
  ];
  const rows = runs.map(([name, args]) => {
    const { status, stdout, stderr } = spawnSync(bin(name), args, { encoding: "utf8" });
    if (status !== 0) console.log(`${stdout}${stderr}`);
    return [name, verdict(status === 0)];
  });
  print(["check", "clean"], rows);
}

install();
const packed = pack();
try {
  const on = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
  if (on("lint")) lint(packed);
  if (on("types")) types(packed);
  if (on("bundles")) await bundles(packed);
} finally {
  packed.remove();
}
console.log(failed === 0 ? "all green" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
