/** What `npm test` runs: two lanes side by side, since the tests on a device leave a core idle while a kernel compiles. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Stage {
  readonly name: string;
  readonly lane: "device" | "host";
  readonly command: string;
  readonly args: readonly string[];
  /** A run of vitest, which counts its tests. */
  readonly counts: boolean;
  /** Seconds on two cores, both lanes busy: with lavapipe, and with nothing but the embedded SwiftShader. */
  readonly seconds: readonly [lavapipe: number, embedded: number];
}

const vitest = (name: string, lane: Stage["lane"], seconds: Stage["seconds"], args = ["--project", name]): Stage => ({
  name,
  lane,
  command: "vitest",
  args: ["run", ...args],
  counts: true,
  seconds,
});
const check = (name: string, command: string, args: readonly string[], seconds: number): Stage => ({
  name,
  lane: "host",
  command,
  args,
  counts: false,
  seconds: [seconds, seconds],
});

/** In each lane one after the other, the longest lane's longest first. */
export const stages: readonly Stage[] = [
  vitest("gpu", "device", [330, 480]),
  vitest("model", "device", [100, 150]),
  check("types", "tsc", ["-p", "tsconfig.json", "--noEmit"], 30),
  check("lint", "biome", ["check", "."], 10),
  check("docs", "typedoc", ["--emit", "none"], 20),
  vitest("pure", "host", [140, 140]),
  vitest("package", "host", [60, 75]),
  vitest("browser", "host", [150, 150], ["--config", "vitest.browser.config.ts"]),
];

/** Where the seconds of this machine's last run lie: git ignores it, and so does the package. */
const memory = (root: string): string => join(root, "node_modules/.cache/fiducial/test-seconds.json");

const hasVulkan = (): boolean =>
  ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"].some((f) => existsSync(f) && readdirSync(f).length > 0);

/** Seconds of each stage: what it took here last, else what the table says. */
export function expected(root: string): Map<string, number> {
  const column = hasVulkan() ? 0 : 1;
  let last: Record<string, unknown> = {};
  try {
    last = JSON.parse(readFileSync(memory(root), "utf8"));
  } catch {
    // no run yet
  }
  return new Map(stages.map(({ name, seconds }) => [name, Number(last[name]) || seconds[column]]));
}

/** Keeps what the stages that passed took. */
export function remember(root: string, took: ReadonlyMap<string, number>): void {
  const all = Object.fromEntries([...expected(root), ...took]);
  mkdirSync(dirname(memory(root)), { recursive: true });
  writeFileSync(memory(root), JSON.stringify(all, null, 2));
}

/** Seconds until the last lane is done. `running`: seconds since a stage began; `done`: stages that ended. */
export function left(
  wanted: readonly Stage[],
  seconds: ReadonlyMap<string, number>,
  running: ReadonlyMap<string, number>,
  done: ReadonlySet<string>,
): number {
  const of = (s: Stage): number =>
    done.has(s.name) ? 0 : Math.max(0, (seconds.get(s.name) ?? 0) - (running.get(s.name) ?? 0));
  const lanes = (["device", "host"] as const).map((lane) =>
    wanted.filter((s) => s.lane === lane).reduce((sum, s) => sum + of(s), 0),
  );
  return Math.max(...lanes);
}
