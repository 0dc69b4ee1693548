import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
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
    await expect(RunFolder.open(path)).rejects.toThrow(
      new RegExp(`process ${process.pid}, this one, is writing this run`),
    );
    await folder.close();
    await expect(folder.write("x", "y")).rejects.toThrow(/is closed/);
    expect(existsSync(join(path, "run.lock"))).toBe(false);
  });

  describe("a lock", () => {
    const path = join(root, "lock");
    const file = join(path, "run.lock");
    interface Holder {
      readonly pid: number;
      readonly started: string | null;
      readonly host: string;
    }
    /** Opens the folder where this lock stands. */
    const openWith = async (lock: string | Holder, before?: (file: string) => void): Promise<void> => {
      mkdirSync(path, { recursive: true });
      writeFileSync(file, typeof lock === "string" ? lock : JSON.stringify(lock));
      before?.(file);
      await (await RunFolder.open(path)).close();
    };
    /** What this process writes into a lock. */
    const own = async (): Promise<Holder> => {
      const folder = await RunFolder.open(path);
      const holder = JSON.parse(readFileSync(file, "utf8")) as Holder;
      await folder.close();
      return holder;
    };
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 100000)"]);
    afterAll(() => other.kill());
    const dead = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

    test("names process, start and machine", async () => {
      expect(await own()).toEqual({
        pid: process.pid,
        started: process.platform === "linux" ? expect.stringMatching(/^[\da-f-]{36} \d+$/) : null,
        host: hostname(),
      });
    });

    test("of a process that is gone, of this one, or of an earlier one with its number is taken over", async () => {
      const me = await own();
      for (const lock of ["", "half of a li", `${process.pid}\n`, `${dead()}\n`, { ...me, pid: dead() }])
        await openWith(lock);
      // A container's processes have the same numbers at each start: the time of the start tells them apart.
      if (me.started !== null) {
        await openWith({ ...me, started: "before" });
        await openWith({ ...me, pid: other.pid!, started: "before" });
      }
    });

    test.runIf(process.platform === "linux")(
      "with a number that another program has by now is taken over",
      async () => {
        const sleeper = spawn("sleep", ["100"]);
        try {
          await openWith(`${sleeper.pid}\n`);
        } finally {
          sleeper.kill();
        }
      },
    );

    test("of a living process, with or without its start, is respected; the message names file and cure", async () => {
      const { host } = await own();
      for (const lock of [`${other.pid}\n`, { pid: other.pid!, started: null, host }]) {
        const message = await openWith(lock).catch((e: unknown) => (e as Error).message);
        expect(message).toContain(`process ${other.pid} is writing this run, by its lock ${file}; `);
        expect(message).toContain("delete that file");
        expect(readFileSync(file, "utf8")).toBe(typeof lock === "string" ? lock : JSON.stringify(lock));
      }
      rmSync(file);
    });

    test("of another machine is respected until it gives no sign of life for five minutes", async () => {
      const lock = { pid: 1, started: null, host: "another" };
      await expect(openWith(lock)).rejects.toThrow(/process 1 of another, \d+ seconds ago, is writing this run/);
      const long = new Date(Date.now() - 301_000);
      await openWith(lock, (f) => utimesSync(f, long, long));
    });

    test("that another process took over stays theirs when the folder is closed", async () => {
      const folder = await RunFolder.open(path);
      writeFileSync(file, "12345\n");
      await folder.close();
      expect(readFileSync(file, "utf8")).toBe("12345\n");
      rmSync(file);
    });
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
