/**
 * What loops hold on the device that users write without a tidy: eight of them, 2,000 steps each. Prints bytes and buffers held
 * after 100, 1,000 and 2,000 steps. Exit code 1 when a loop that waits for its numbers grows, or one that never waits holds more
 * than its own variables name. The same loops at 100 steps are test/training/loops.test.ts.
 */
import { openDevice } from "../src/device/index.ts";
import { type Held, loops } from "../test/training/loops.ts";

const at = [100, 1000, 2000];
/** Handles that the engine has yet to collect in a loop that waits: it is made to after 256 buffers (src/device/unreachable.ts). */
const uncollected = 300;

const device = await openDevice();
console.log(
  `${loops.length} loops of ${at.at(-1)} steps on ${device.info.description}; held after ${at.join(", ")}:\n`,
);
const rows: string[][] = [["loop", "may hold", ...at.map((step) => `${step} steps`), ""]];
let grown = 0;
for (const { name, waits, variables, between, run } of loops) {
  const held = await run(device, at[at.length - 1], at);
  const fits = held.every(({ bytes, buffers }, i) =>
    waits
      ? buffers <= uncollected
      : buffers <= at[i] * variables.buffers + between.buffers && bytes <= at[i] * variables.bytes + between.bytes,
  );
  if (!fits) grown++;
  const show = ({ bytes, buffers }: Held): string => `${(bytes / 1024).toFixed(0)} KiB / ${buffers}`;
  rows.push([name, waits ? "no growth" : `${show(variables)} a step`, ...held.map(show), fits ? "" : "GROWS"]);
}
const widths = rows[0].map((_, c) => Math.max(...rows.map((r) => r[c].length)));
for (const row of rows)
  console.log(
    row
      .map((cell, c) => cell.padEnd(widths[c]))
      .join("  ")
      .trimEnd(),
  );
device.destroy();
process.exitCode = grown > 0 ? 1 : 0;
