import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { outputFolder } from "../../src/cli/output.ts";
import { ConfigError } from "../../src/errors.ts";
import { scratch } from "./run.ts";

describe("outputFolder", () => {
  const root = scratch();

  test("is made at the first write only", async () => {
    const out = outputFolder({ out: join(root, "new", "deep") });
    expect(existsSync(out.path)).toBe(false);
    await out.write("a/b.txt", "text");
    expect(readFileSync(join(root, "new", "deep", "a", "b.txt"), "utf8")).toBe("text");
    expect(await out.folder("c")).toBe(join(root, "new", "deep", "c"));
  });

  test("an empty one is taken; one with something in it needs --force or --resume", async () => {
    const path = join(root, "old");
    mkdirSync(path);
    expect(outputFolder({ out: path }).existed).toBe(false);
    writeFileSync(join(path, "mine.txt"), "mine");
    expect(() => outputFolder({ out: path })).toThrow(/not empty.*--force/);
    expect(() => outputFolder({ out: path })).not.toThrow(/--resume/);
    expect(() => outputFolder({ out: path, resume: false })).toThrow(/--resume/);
    expect(() => outputFolder({ out: path, resume: true })).toThrow(/no run to go on with \(no config.json/);
    writeFileSync(join(path, "config.json"), "{}");
    expect(outputFolder({ out: path, resume: true }).existed).toBe(true);
    await outputFolder({ out: path, force: true }).write("new.txt", "");
    expect(readdirSync(path).sort()).toEqual(["config.json", "mine.txt", "new.txt"]);
  });

  test("a file is no folder, and names do not lead out of it", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => outputFolder({ out: join(root, "file") })).toThrow(ConfigError);
    expect(() => outputFolder({ out: join(root, "x") }).file("../y")).toThrow(ConfigError);
  });
});
