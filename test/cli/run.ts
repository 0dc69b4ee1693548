import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { runProgram } from "../../src/cli/program.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const loader = import.meta.resolve("tsx");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each text of stderr. */
  readonly heard?: (text: string, child: ChildProcess) => void;
}

/** Runs `fiducial` from its source in a process of its own. */
export const fiducial = (args: readonly string[], { cwd, env, heard }: RunOptions = {}): Promise<Ran> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, ["--conditions=fiducial-source", "--import", loader, main, ...args], {
      cwd,
      env: { ...process.env, FIDUCIAL_DEBUG: "", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
      heard?.(String(data), child);
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });

/** The same without a process of its own: quicker, and blind to what main.ts does. */
export const inProcess = async (args: readonly string[]): Promise<Ran> => {
  const parts = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof parts): NodeJS.WriteStream => {
    const write = (text: string): boolean => {
      parts[name] += text;
      return true;
    };
    return { isTTY: false, write } as unknown as NodeJS.WriteStream;
  };
  const { signal } = new AbortController();
  const code = await runProgram({ signal, stdout: stream("stdout"), stderr: stream("stderr"), exitCode: 0 }, args);
  return { code, ...parts };
};

/** A folder that goes when the file's tests have run. */
export const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "fiducial cli ü-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
