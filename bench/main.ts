/**
 * npm run bench [-- --filter REGEXP] [--rounds 7] [--json FILE] [--adapter system|embedded]: kernels, layers and a
 * training step, in milliseconds a run with the wait for the GPU. One table for people, `--json` for machines; both name the
 * adapter. Peers run beside these in a later version; until then there is no ratio to quote.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { Bench } from "tinybench";
import { openDevice } from "../src/device/index.ts";
import { noGrad, tidy } from "../src/tensor/index.ts";
import { version } from "../src/version.ts";
import { rows } from "./rows.ts";

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    rounds: { type: "string", default: "7" },
    json: { type: "string" },
    adapter: { type: "string" },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || (values.adapter && !["system", "embedded"].includes(values.adapter))) {
  console.error("usage: npm run bench -- [--filter REGEXP] [--rounds N] [--json FILE] [--adapter system|embedded]");
  process.exit(2);
}
const device = await openDevice({ adapter: values.adapter as "system" | "embedded" | undefined });
const wanted = rows(device).filter((r) => new RegExp(values.filter).test(r.id));
console.error(`adapter: ${device.info.description} (${device.info.kind}), ${wanted.length} rows, ${rounds} rounds`);

const results = [];
for (const row of wanted) {
  const work = row.prepare();
  const run = async (): Promise<void> => {
    tidy(() => {
      if (row.pass === "fwd") noGrad(work.run);
      else work.run();
    });
    await device.sync();
  };
  const bench = new Bench({ iterations: rounds, time: 0, warmupIterations: 2, warmupTime: 0 });
  bench.add(row.id, run);
  await bench.run();
  const samples = [...(bench.tasks[0].result as unknown as { latency: { samples: number[] } }).latency.samples];
  results.push({
    id: row.id,
    kind: row.kind,
    shape: row.shape,
    pass: row.pass,
    variant: "default",
    ms: samples,
    gflop: row.gflop,
    peers: {},
  });
  work.dispose();
  console.error(`${row.id} ${row.pass}`);
}

const median = (v: number[]): number => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];
const table = new Table({ head: ["row", "pass", "median ms", "min ms", "GFLOP/s"], style: { head: [], border: [] } });
for (const r of results)
  table.push([
    r.id,
    r.pass,
    median(r.ms).toFixed(2),
    Math.min(...r.ms).toFixed(2),
    r.gflop ? ((r.gflop * 1000) / median(r.ms)).toFixed(1) : "",
  ]);
console.log(table.toString());
if (values.json)
  writeFileSync(
    values.json,
    `${JSON.stringify({ format: "fiducial/bench@1", version, command: "bench", seed: 0, adapter: { name: device.info.description, hash: device.info.hash }, rows: results }, null, 2)}\n`,
  );
device.destroy();
