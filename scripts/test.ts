/**
 * `npm test`: types, lint, then every test: pure, gpu, model, package, and the op table in Chromium where there is one.
 * Ends with `P passed, F failed, S skipped`; exit 1 if anything failed. `npm test -- pure gpu` runs only those.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "../vitest.browser.config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const wanted = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };

const run = (command: string, args: string[]): number =>
  spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, NO_COLOR: "1" } }).status ?? 1;

const check = (name: string, command: string, args: string[]): void => {
  console.log(`\n== ${name}`);
  if (run(command, args) === 0) total.passed++;
  else total.failed++;
};

const vitest = (name: string, args: string[]): void => {
  console.log(`\n== tests: ${name}`);
  const folder = mkdtempSync(join(tmpdir(), "fiducial-test-"));
  const file = join(folder, "report.json");
  const status = run(bin("vitest"), [
    "run",
    ...args,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
    };
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
    if (status !== 0 && report.numFailedTests === 0) total.failed++; // a file that did not load, or an unhandled error
  } catch {
    console.log(`${name}: no report was written`);
    total.failed++;
  }
  rmSync(folder, { recursive: true, force: true });
};

const started = Date.now();
const on = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
if (on("types")) check("types", bin("tsc"), ["-p", "tsconfig.json", "--noEmit"]);
if (on("lint")) check("lint", bin("biome"), ["check", "."]);
for (const project of ["pure", "gpu", "model", "package"]) if (on(project)) vitest(project, ["--project", project]);
if (on("browser")) {
  if (chromium) vitest("browser", ["--config", "vitest.browser.config.ts"]);
  else {
    console.log(
      "\n== tests: browser\nskipped: no Chromium; install it (apt-get install chromium) or name one in CHROMIUM",
    );
    total.skipped++;
  }
}
console.log(`\n${((Date.now() - started) / 60000).toFixed(1)} minutes`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
