/**
 * `npm test`: types, lint, the API reference, then every test: pure, gpu, model, package, and the op table in Chromium where there
 * is one. Each line of output begins with its stage, and lines between say how long is left. Ends with
 * `P passed, F failed, S skipped`; exit 1 if anything failed. `npm test -- pure gpu` runs only those.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "../vitest.browser.config.ts";
import { expected, left, remember, type Stage, stages } from "./test/stages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const named = process.argv.slice(2);
const unknown = named.filter((name) => !stages.some((s) => s.name === name));
if (unknown.length > 0) {
  console.error(`there is no stage ${unknown.join(", ")}; there are ${stages.map((s) => s.name).join(", ")}`);
  process.exit(2);
}
const wanted = stages.filter((s) => named.length === 0 || named.includes(s.name));
const total = { passed: 0, failed: 0, skipped: 0 };
const seconds = expected(root);
const began = new Map<string, number>();
const took = new Map<string, number>();
const done = new Set<string>();
const started = Date.now();
const since = (time: number): number => (Date.now() - time) / 1000;

const minutes = (s: number): string => (s < 50 ? "less than a minute" : `about ${Math.round(s / 60)} min`);
const say = (text: string): void => {
  const running = new Map([...began].map(([name, time]) => [name, since(time)]));
  console.log(`== ${text}; ${minutes(left(wanted, seconds, running, done))} left`);
};

/** Runs a stage's command, each of its lines behind the stage's name; its exit status. */
function run({ name, command, args }: Stage, more: readonly string[]): Promise<number> {
  const child = spawn(join(root, "node_modules/.bin", command), [...args, ...more], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on("line", (line) => console.log(`${`[${name}]`.padEnd(10)} ${line}`));
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.log(`[${name}] ${error.message}`);
      resolve(1);
    });
    child.on("close", (status) => resolve(status ?? 1));
  });
}

/** Adds up what a run of vitest counted; a file that did not load, or an unhandled error, counts as one failure. */
function count(name: string, file: string, status: number): void {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
    if (status !== 0 && report.numFailedTests === 0) total.failed++;
  } catch {
    console.log(`[${name}] no report was written`);
    total.failed++;
  }
}

async function stage(s: Stage): Promise<void> {
  if (s.name === "browser" && !chromium) {
    console.log("[browser] skipped: no Chromium; install it (apt-get install chromium) or name one in CHROMIUM");
    total.skipped++;
    done.add(s.name);
    return;
  }
  const time = Date.now();
  began.set(s.name, time);
  say(`${s.name} begins`);
  let status: number;
  if (s.counts) {
    const folder = mkdtempSync(join(tmpdir(), "fiducial-test-"));
    const file = join(folder, "report.json");
    status = await run(s, ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`]);
    count(s.name, file, status);
    rmSync(folder, { recursive: true, force: true });
  } else {
    status = await run(s, []);
    if (status === 0) total.passed++;
    else total.failed++;
  }
  done.add(s.name);
  if (status === 0) took.set(s.name, Math.round(since(time)));
  say(`${s.name} ${status === 0 ? "passed" : "FAILED"} after ${Math.round(since(time))} s`);
}

async function lane(which: Stage["lane"]): Promise<void> {
  for (const s of wanted) if (s.lane === which) await stage(s);
}

const ticking = setInterval(() => say([...began.keys()].filter((name) => !done.has(name)).join(" and ")), 60_000);
await Promise.all([lane("device"), lane("host")]);
clearInterval(ticking);
remember(root, took);
console.log(`\n${(since(started) / 60).toFixed(1)} minutes`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
