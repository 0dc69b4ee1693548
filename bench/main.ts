/**
 * npm run bench [-- --peers] [--filter REGEXP] [--rounds 7] [--json FILE] [--adapter system|embedded]
 * Kernels, layers and training steps in milliseconds, inputs and weights resident, the device waited for. With --peers the
 * same work in other libraries on the same adapter, in turns, each in a process of its own; a peer whose results differ
 * leaves the row. One table for people, --json for machines.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { version } from "../src/version.ts";
import { adapterOf, count, refuse } from "./arguments.ts";
import { largestError, Worker } from "./participants.ts";
import { type Workload, workloads } from "./workloads.ts";

const { values } = parseArgs({
  options: {
    peers: { type: "boolean", default: false },
    filter: { type: "string", default: "" },
    rounds: { type: "string", default: "7" },
    json: { type: "string" },
    adapter: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const usage =
  "usage: npm run bench -- [--peers] [--filter REGEXP] [--rounds N] [--json FILE] [--adapter system|embedded]\n" +
  "  --peers     also run jax-js, tfjs and onnxruntime (npm ci --prefix bench/peers --ignore-scripts installs them)\n" +
  "  --filter    only rows whose id matches, as 'conv' or 'U-Net'\n" +
  "  --rounds    rounds of a row, participants in turn; the table shows medians (7)\n" +
  "  --json      also write all rounds to a file";
const fail = (message: string): never => refuse(message, usage);
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const rounds = count("rounds", values.rounds, usage);
const adapter = adapterOf(values.adapter, usage);
if (values.peers && adapter === "embedded") fail("--peers runs on the system's adapter only");
if (values.peers && !existsSync(fileURLToPath(new URL("peers/node_modules", import.meta.url))))
  fail("the peers are not installed; run npm ci --prefix bench/peers --ignore-scripts");
if (adapter) process.env.FIDUCIAL_ADAPTER = adapter;

/** A peer agrees when no result differs by more than this share of the largest. */
const tolerance = 1e-3;

interface PeerResult {
  readonly mode: string;
  readonly ms: number[];
  agrees: boolean;
  max_error: number | null;
  error?: string;
}
interface Row extends Omit<Workload, "job"> {
  readonly variant: string;
  readonly ms: number[];
  readonly peers: Record<string, PeerResult>;
  ratio_best: number | null;
}

const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[v.length >> 1];
const short = (error: unknown): string =>
  String((error as Error)?.message ?? error)
    .split("\n")[0]
    .slice(0, 160);

const ours = await Worker.start("fiducial");
const peers: Worker[] = [];
if (values.peers)
  for (const name of ["jax-js", "tfjs", "onnxruntime"])
    try {
      peers.push(await Worker.start(name));
    } catch (error) {
      console.error(`${name} does not start: ${short(error)}`);
    }
console.error(`adapter: ${ours.adapter}`);
for (const p of peers)
  if (!ours.adapter.startsWith(p.adapter)) console.error(`${p.name} runs on another: ${p.adapter}`);

async function measure(workload: Workload): Promise<Row> {
  const { job: _, ...head } = workload;
  await ours.prepare(workload);
  const { results: mine, variants } = await ours.results();
  const row: Row = { ...head, variant: variants.join(", ") || "only one", ms: [], peers: {}, ratio_best: null };
  const running: Worker[] = [];
  for (const peer of peers) {
    const result: PeerResult = { mode: peer.mode, ms: [], agrees: false, max_error: null };
    try {
      if (!(await peer.prepare(workload))) continue;
      row.peers[peer.name] = result;
      const error = largestError(mine, (await peer.results()).results);
      result.max_error = Number.isFinite(error) ? error : null;
      result.agrees = error <= tolerance;
      if (result.agrees) running.push(peer);
    } catch (error) {
      row.peers[peer.name] = { ...result, error: short(error) };
    }
  }
  for (let round = -1; round < rounds; round++)
    for (const worker of [ours, ...running]) {
      const ms = await worker.round();
      if (round >= 0) (worker === ours ? row.ms : row.peers[worker.name].ms).push(ms); // the first one warms up
    }
  for (const worker of [ours, ...peers]) await worker.dispose().catch(() => undefined);
  const best = Math.min(...running.map((p) => median(row.peers[p.name].ms)));
  if (running.length > 0) row.ratio_best = best / median(row.ms);
  return row;
}

const rows: Row[] = [];
const wanted = workloads().filter((w) => new RegExp(values.filter).test(`${w.id} ${w.pass}`));
for (const [i, w] of wanted.entries()) {
  const row = await measure(w);
  rows.push(row);
  const ratio = row.ratio_best === null ? "" : `, best peer ${row.ratio_best.toFixed(2)} times as long`;
  console.error(`${i + 1} of ${wanted.length}: ${w.id} ${w.pass}: ${median(row.ms).toFixed(2)} ms${ratio}`);
}

const geomean = (list: readonly Row[]): number | null => {
  const ratios = list.flatMap((r) => (r.ratio_best === null ? [] : [Math.log(r.ratio_best)]));
  return ratios.length === 0 ? null : Math.exp(ratios.reduce((a, b) => a + b) / ratios.length);
};
const told = (p: PeerResult | undefined): string => {
  if (!p) return "-";
  if (p.error) return "fails";
  return p.agrees ? median(p.ms).toFixed(2) : "wrong";
};
const names = peers.map((p) => p.name);
const table = new Table({
  head: ["row", "pass", "ms", "GFLOP/s", ...names, ...(names.length > 0 ? ["ratio"] : [])],
  style: { head: [], border: [] },
});
for (const r of rows)
  table.push([
    r.id,
    r.pass,
    median(r.ms).toFixed(2),
    r.gflop ? ((r.gflop * 1000) / median(r.ms)).toFixed(1) : "",
    ...names.map((n) => told(r.peers[n])),
    ...(names.length > 0 ? [r.ratio_best?.toFixed(2) ?? "-"] : []),
  ]);
console.log(`${ours.adapter}; medians of ${rounds} rounds, ms`);
console.log(table.toString());
const ratios = rows.flatMap((r) => r.ratio_best ?? []);
const summary = {
  geomean: geomean(rows),
  geomean_fwd: geomean(rows.filter((r) => r.pass === "fwd")),
  geomean_fwdbwd: geomean(rows.filter((r) => r.pass === "fwdbwd")),
  min: ratios.length === 0 ? null : Math.min(...ratios),
};
const figure = (v: number | null): string => v?.toFixed(2) ?? "-";
if (names.length > 0) {
  console.log(
    `best peer's time over ours: geometric mean ${figure(summary.geomean_fwd)} forward, ${figure(summary.geomean_fwdbwd)} training; smallest ${figure(summary.min)}`,
  );
  for (const r of rows)
    for (const [name, p] of Object.entries(r.peers))
      if (!p.agrees) console.log(`${r.id} ${r.pass}: ${name} ${p.error ?? `is wrong by ${figure(p.max_error)}`}`);
}
if (values.json) {
  const adapter = { name: ours.adapter };
  const file = { format: "fiducial/bench@1", version, command: "bench", seed: 0, adapter, rows, ...summary };
  writeFileSync(values.json, `${JSON.stringify(file, null, 2)}\n`);
}
for (const w of [ours, ...peers]) w.stop();
process.exit(0);
