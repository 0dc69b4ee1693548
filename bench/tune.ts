/**
 * npm run bench:tune [-- --filter REGEXP] [--rounds 5] [--json FILE] [--adapter system|embedded]: which variant of each kernel is
 * fastest in the benchmark's rows on this adapter, every variant's answer checked, beside what the kernel takes by itself.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { tune } from "../src/kernels/common/tune.ts";
import { adapterOf, count } from "./arguments.ts";
import { workloads } from "./workloads.ts";

const { values } = parseArgs({
  options: {
    filter: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    json: { type: "string" },
    adapter: { type: "string" },
  },
});
const usage = "usage: npm run bench:tune -- [--filter REGEXP] [--rounds N] [--json FILE] [--adapter system|embedded]";
const rounds = count("rounds", values.rounds, usage);
const adapter = adapterOf(values.adapter, usage);
if (adapter) process.env.FIDUCIAL_ADAPTER = adapter;
const { device, participant } = await import("./fiducial.ts");

const table = new Table({
  head: ["row", "kernel", "fastest", "by default", "ms of each variant"],
  style: { head: [], border: [] },
});
const won = new Map<string, number>();
for (const w of workloads().filter((row) => row.pass === "fwdbwd" && new RegExp(values.filter).test(row.id))) {
  const prepared = await participant.prepare(w);
  if (!prepared) continue;
  await tune(device, () => prepared.run(), {
    rounds,
    onSite: ({ name, choice, byDefault, done, total }) => {
      console.error(`${w.id}: ${done} of ${total}, ${name}: ${choice.variant}`);
      const family = `${name.split(" ")[0]} ${choice.variant}`;
      won.set(family, (won.get(family) ?? 0) + 1);
      const all = Object.entries(choice.ms)
        .sort(([, a], [, b]) => a - b)
        .map(([v, ms]) => `${v} ${ms.toFixed(2)}`);
      const wrong = (choice.wrong ?? []).map((v) => `${v} wrong`);
      table.push([w.id, name, choice.variant, byDefault, [...all, ...wrong].join(", ")]);
    },
  });
  prepared.dispose();
}
console.log(`${device.info.description} (${device.info.kind}); medians of ${rounds} rounds, ms`);
console.log(table.toString());
console.log(`chosen: ${[...won].map(([v, n]) => `${v} ${n}`).join(", ")}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(device.tuner, null, 1)}\n`);
process.exit(0);
