import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { version } from "../../src/version.ts";
import { fiducial, inProcess, scratch } from "./run.ts";

const host = { signal: new AbortController().signal, stdout: process.stdout, stderr: process.stderr, exitCode: 0 };

const leaves = (command: Command, path: readonly string[] = []): [string, Command][] =>
  command.commands.length > 0
    ? command.commands.flatMap((c) => leaves(c, [...path, c.name()]))
    : [[path.join(" "), command]];
const commands = leaves(createProgram(host));

/** The help as a user sees it, with its examples. */
const helpOf = (command: Command): string => {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => parts.push(part) });
  command.outputHelp();
  return parts.join("");
};

describe("help", () => {
  test("there are commands", () => {
    expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(["doctor", "mri simulate"]));
  });

  test.each(commands)("%s has an example and the options of all commands", (name, command) => {
    const text = helpOf(command);
    expect(text).toMatch(new RegExp(`Examples?:\n  fiducial ${name} ?`));
    for (const option of ["--json <file>", "--seed <n>", "--adapter <kind>"]) expect(text).toContain(option);
    expect(command.description()).toMatch(/\.$/);
  });

  test.each(commands)("%s names in its examples only options that it has", (_, command) => {
    const text = helpOf(command);
    const known = new Set(command.options.map((o) => o.long));
    for (const [option] of text.slice(text.search(/Examples?:/)).matchAll(/--[a-z-]+/g))
      expect(known, option).toContain(option);
  });
});

describe("exit codes", () => {
  test("--help and --version end with 0 on stdout", async () => {
    const help = await fiducial(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("not a medical device");
    expect(await fiducial(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test.each([
    [["dokter"], "doctor"],
    [[], "Usage"],
    [["mri"], "Usage"],
    [["doctor", "--sed", "1"], "--seed"],
    [["doctor", "--seed", "1.5"], "integer"],
    [["doctor", "--seed", "-1"], "integer"],
    [["doctor", "--adapter", "quantum"], "embedded"],
    [["doctor", "extra"], "too many arguments"],
    [["mri", "simulate", "x.nii"], "--poses"],
  ])("bad usage %j ends with 2 and says what is due", async (args, said) => {
    const { code, stdout, stderr } = await inProcess(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  test("--json into a folder that is not there is refused before the work", async () => {
    const json = join(scratch(), "no", "such", "x.json");
    const { code, stdout, stderr } = await inProcess(["doctor", "--json", json]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("does not exist");
    expect(existsSync(json)).toBe(false);
  });

  test("bad usage ends the process with 2, too", async () => {
    expect(await fiducial(["dokter"])).toMatchObject({ code: 2, stderr: expect.stringContaining("doctor") });
  });

  test.runIf(process.platform !== "win32")("a second SIGINT ends the process at once, whatever it does", async () => {
    const source = JSON.stringify(new URL("../../src/cli/command.ts", import.meta.url).href);
    const program = `const { watchSignals } = await import(${source}); watchSignals(); setInterval(() => {}, 1000); console.log("ready");`;
    const child = spawn(process.execPath, [
      "--conditions=fiducial-source",
      "--import",
      import.meta.resolve("tsx"),
      "--input-type=module",
      "-e",
      program,
    ]);
    let heard = "";
    child.stderr.on("data", (data) => {
      heard += data;
      if (String(data).includes("once more")) child.kill("SIGINT");
    });
    child.stdout.on("data", () => child.kill("SIGINT"));
    const code = await new Promise((done) => child.on("close", done));
    expect({ code, heard }).toEqual({ code: 130, heard: expect.stringContaining("SIGINT: saving what is done") });
  });
});
