import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The examples import the package by its own name, and run. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const says: Record<string, RegExp> = {
  "first-steps.ts": /^y = (2\.9|3\.0)\d x - (0\.9|1\.0)\d on /m,
  "box-from-landmarks.ts": /^center .* mm; .*; \d+ slices; fit for use$/m,
  "own-op.ts": /^snake: 1000 of 1000 values and gradients agree with float64$/m,
  "resnet.ts": /^layer2\.0\.downsample\.0 +Conv2d .*^total +11,689,512 +1,814,073,344$/ms,
};

test.each(readdirSync(`${root}examples`).filter((name) => name.endsWith(".ts")))("examples/%s", (name) => {
  const out = execFileSync(process.execPath, ["--conditions=fiducial-source", "--import", "tsx", `examples/${name}`], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(out).toMatch(says[name]);
});
