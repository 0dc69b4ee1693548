/**
 * Elementwise ops at special numbers on an adapter, beside PyTorch: npm run special [-- --adapter system|embedded] [--op NAME]
 * [--all]. Prints for each op how many numbers differ: those that involve subnormal numbers, those that are known to (with the
 * reason), and the others, which are listed, the first few of each op or --all. Exit code 1 where there are others.
 */
import { parseArgs } from "node:util";
import { openDevice } from "../src/device/index.ts";
import { type Difference, isUnexpected, known, specialCases, specialDifferences } from "../test/harness/special.ts";

const options = { adapter: { type: "string" }, op: { type: "string" }, all: { type: "boolean" } } as const;
const { adapter, op, all } = parseArgs({ options }).values;
if (adapter !== undefined && adapter !== "system" && adapter !== "embedded") {
  console.error("usage: npm run special [-- --adapter system|embedded] [--op NAME] [--all]");
  process.exit(2);
}
const device = await openDevice({ adapter });
console.log(`adapter: ${device.info.description || device.info.architecture}`);

const number = (v: number): string => (Object.is(v, -0) ? "-0" : `${v}`);
const line = ({ what, at, got, want }: Difference): string =>
  `  ${what} at (${at.map(number).join(", ")}): ${number(got)}, PyTorch has ${number(want)}`;
const column = (name: string, count: number): string => `${name} ${`${count}`.padStart(4)}`;
let unexpected = 0;
for (const c of specialCases().filter((c) => op === undefined || c.op === op)) {
  const found = await specialDifferences(device, c);
  const subnormal = found.filter((d) => d.subnormal).length;
  const others = found.filter((d) => isUnexpected(c.op, d));
  const counts = [
    column("subnormal", subnormal),
    column("known", found.length - subnormal - others.length),
    column("others", others.length),
  ];
  console.log(`${`${c.op} ${JSON.stringify(c.attrs).replace("{}", "")}`.padEnd(52)} ${counts.join("  ")}`);
  for (const d of others.slice(0, all ? undefined : 8)) console.log(line(d));
  unexpected += others.length;
}
for (const k of known) console.log(`known: ${k.op}: ${k.why}`);
device.destroy();
console.log(`${unexpected} differ beyond these`);
process.exitCode = unexpected > 0 ? 1 : 0;
