/**
 * Makes one file of a finished run for scouts: tsx --conditions=fiducial-source scripts/package-model.ts RUN OUT.safetensors
 * The weights are float16; the network's settings and the estimator stand in the header, so that nothing else is needed.
 */
import { writeFileSync } from "node:fs";
import { readScoutModel, readScoutRun, writeScoutModel } from "../src/mri/index.ts";
import { filesIn } from "../src/training/node/index.ts";

const [run, out] = process.argv.slice(2);
if (!run || !out) {
  console.error("usage: tsx --conditions=fiducial-source scripts/package-model.ts RUN OUT.safetensors");
  process.exit(2);
}
const bytes = writeScoutModel(await readScoutRun(filesIn(run)));
const { origin, weights } = readScoutModel(bytes, out);
writeFileSync(out, bytes);
console.log(`${out}: ${weights.size} tensors, ${(bytes.length / 1e6).toFixed(2)} MB, SHA-256 ${origin.sha256}`);
