import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { DataError } from "../../src/errors.ts";
import { Trainer } from "../../src/training/index.ts";
import { environment, RunFolder } from "../../src/training/node/index.ts";
import { testDevice } from "../harness/device.ts";
import { toyOptions, toySource } from "./toy.ts";

const root = mkdtempSync(join(tmpdir(), "fiducial run ünï-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

describe("RunFolder", () => {
  test("holds a run's files after training, and a second trainer resumes from them", async () => {
    const path = join(root, "run");
    for (const [epochs, rows] of [
      [2, 3],
      [3, 4],
    ]) {
      const folder = await RunFolder.open(path);
      await folder.writeJson("config.json", { seed: 3 });
      await folder.writeJson("environment.json", environment(device));
      await folder.log(`to ${epochs} epochs`);
      const base = toyOptions(device);
      for await (const _ of new Trainer({ ...base, store: folder }).fit(toySource(base.rng), {
        epochs,
        resume: true,
      })) {
        // only run it
      }
      await folder.close();
      base.model.dispose();
      expect(readFileSync(join(path, "metrics.csv"), "utf8").trim().split("\n").length).toBe(rows);
    }
    expect(readdirSync(path).sort()).toEqual([
      "best.safetensors",
      "config.json",
      "environment.json",
      "last.safetensors",
      "log.txt",
      "metrics.csv",
      "previous.safetensors",
    ]);
    expect(readFileSync(join(path, "log.txt"), "utf8")).toBe("to 2 epochs\nto 3 epochs\n");
    expect(JSON.parse(readFileSync(join(path, "environment.json"), "utf8")).adapter.hash).toBe(device.info.hash);
  });

  test("one process at a time: refused while the other lives, taken over when it is gone", async () => {
    const path = join(root, "locked");
    const folder = await RunFolder.open(path);
    await expect(RunFolder.open(path)).rejects.toThrow(DataError);
    await expect(RunFolder.open(path)).rejects.toThrow(new RegExp(`process ${process.pid} is writing this run`));
    await folder.close();
    await expect(folder.write("x", "y")).rejects.toThrow(/is closed/);
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(join(path, "run.lock"), `${gone}\n`);
    const next = await RunFolder.open(path);
    expect(readFileSync(join(path, "run.lock"), "utf8")).toBe(`${process.pid}\n`);
    await next.close();
    expect(existsSync(join(path, "run.lock"))).toBe(false);
  });

  test("clears away what a killed writer left, and nothing else", async () => {
    const path = join(root, "killed");
    const first = await RunFolder.open(path);
    await first.write("kept.txt", "kept");
    await first.close();
    writeFileSync(join(path, ".last.safetensors.0f8fad5b-d9cb-469f-a165-70867728950e.fiducial-tmp"), "half");
    const folder = await RunFolder.open(path);
    expect(await folder.list()).toEqual(["kept.txt"]);
    expect(await folder.read("missing")).toBeUndefined();
    expect(new TextDecoder().decode(await folder.read("kept.txt"))).toBe("kept");
    await folder.rename("missing", "kept.txt");
    expect(await folder.list()).toEqual(["kept.txt"]);
    await folder.close();
  });

  test("a file in its place and names with folders are refused, naming them", async () => {
    const path = join(root, "file");
    writeFileSync(path, "");
    await expect(RunFolder.open(path)).rejects.toThrow(/cannot create .*file: EEXIST/);
    const folder = await RunFolder.open(join(root, "names"));
    for (const name of ["../x", "a/b", "", ".."])
      await expect(folder.write(name, "")).rejects.toThrow(/is no plain file name/);
    await folder.close();
  });
});
