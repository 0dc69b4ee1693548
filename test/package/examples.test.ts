import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** The examples import the package by its own name, and run. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const says: Record<string, RegExp> = {
  "first-steps.ts": /^y = (2\.9|3\.0)\d x - (0\.9|1\.0)\d on /m,
  "box-from-landmarks.ts": /^center .* mm; .*; \d+ slices; fit for use$/m,
  "own-op.ts": /^snake: 1000 of 1000 values and gradients agree with float64$/m,
  "first-network/node.ts": /^reloaded: 0\.[0-4]\d pixels off on images it has not seen$/m,
  "resnet.ts": /^layer2\.0\.downsample\.0 +Conv2d .*^total +11,689,512 +1,814,073,344$/ms,
};

test.each([
  ...readdirSync(`${root}examples`).filter((name) => name.endsWith(".ts")),
  "first-network/node.ts",
])("examples/%s", (name) => {
  const cwd = mkdtempSync(join(tmpdir(), "fiducial-example-"));
  const loader = import.meta.resolve("tsx");
  const run = ["--conditions=fiducial-source", "--import", loader, join(root, "examples", name)];
  const out = execFileSync(process.execPath, run, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  rmSync(cwd, { recursive: true, force: true });
  expect(out).toMatch(says[name]);
});

test.each(["network.ts", "node.ts", "browser.ts"])("docs/first-network.md shows examples/first-network/%s", (name) => {
  const page = readFileSync(join(root, "docs/first-network.md"), "utf8");
  expect(page).toContain(
    `\`${name}\`:\n\n\`\`\`ts\n${readFileSync(join(root, "examples/first-network", name), "utf8")}\`\`\``,
  );
});
