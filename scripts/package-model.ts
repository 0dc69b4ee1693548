/**
 * Makes one file of a finished run for scouts: tsx --conditions=fiducial-source scripts/package-model.ts RUN OUT.safetensors
 * The weights are float16; the network's settings and the estimator stand in the header, so that nothing else is needed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { halvesFromFloats } from "../src/half.ts";
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from "../src/io/index.ts";

const [run, out] = process.argv.slice(2);
if (!run || !out) {
  console.error("usage: tsx --conditions=fiducial-source scripts/package-model.ts RUN OUT.safetensors");
  process.exit(2);
}
const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(run, name), "utf8"));
const { net } = json("config.json");
const equipment = json("calibration.json");
const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(run, "best.safetensors"))));
const halves = new Map<string, SafetensorsTensor>();
for (const [name, t] of tensors)
  halves.set(
    name,
    t.data instanceof Float32Array ? { dtype: "F16", shape: t.shape, data: halvesFromFloats(t.data) } : t,
  );
const bytes = writeSafetensors(halves, {
  format: "fiducial/scout-model@1",
  net: JSON.stringify(net),
  equipment: JSON.stringify(equipment),
});
writeFileSync(out, bytes);
console.log(`${out}: ${halves.size} tensors, ${(bytes.length / 1e6).toFixed(2)} MB`);
