import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScoutConfig } from "../../src/cli/scout-config.ts";
import { scoutConfig, scoutRunConfig } from "../../src/mri/config.ts";
import { inProcess, scratch } from "./run.ts";

const root = scratch();

describe("mri train --resume", () => {
  const resume = (out: string) => inProcess(["mri", "train", "--data", join(root, "heads"), "--out", out, "--resume"]);

  test("with a mistyped --out is refused, and no folder is made", async () => {
    const out = join(root, "haeds");
    const ran = await resume(out);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("there is no run to go on with (no such folder); check the spelling");
    expect(existsSync(out)).toBe(false);
  });

  test("of a folder that is no run is refused", async () => {
    const out = join(root, "letters");
    mkdirSync(out);
    writeFileSync(join(out, "letter.txt"), "");
    const ran = await resume(out);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("there is no run to go on with (no config.json in it)");
  });

  test("reads the run's own configuration, before it reads the data", async () => {
    const out = join(root, "run");
    mkdirSync(out);
    writeFileSync(join(out, "config.json"), '{ "format": "fiducial/scout-run@1", "seed": -1 }');
    const ran = await resume(out);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("seed");
  });
});

describe("a configuration for scouts", () => {
  const tiny = { net: { widths: [4, 8] }, training: { batch: 1 } };
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(root, name), JSON.stringify(content));
    return join(root, name);
  };

  test("is what differs from the defaults, or a run's own config.json with seed and length", async () => {
    const { net, training } = scoutConfig.parse(tiny);
    expect(await readScoutConfig(file("tiny.json", tiny))).toEqual({ net, training });
    const run = scoutRunConfig.parse({ net, training, seed: 7, steps: 150 });
    expect(await readScoutConfig(file("run.json", run))).toEqual(run);
  });

  test("with a misspelt name is refused by file and name", async () => {
    await expect(readScoutConfig(file("wrong.json", { ...tiny, seed: 3 }))).rejects.toThrow(/wrong.json.*seed/s);
  });
});
