import { existsSync } from "node:fs";
import { appendFile, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import type { Device } from "../../device/index.ts";
import { DataError } from "../../errors.ts";
import { codeOf, fileError } from "../../io/node/errors.ts";
import { makeFolder, readBytes, removeStaleTemps, writeFileAtomic } from "../../io/node/index.ts";
import { version } from "../../version.ts";
import type { Plain } from "../checkpoint.ts";
import type { RunFiles, RunStore } from "../store.ts";
import { lockName, lockRun, type RunLock } from "./run-lock.ts";

/** A file's bytes, or undefined where there is none. */
const readIfThere = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    return await readBytes(path);
  } catch (error) {
    if (codeOf((error as Error).cause) === "ENOENT") return undefined;
    throw error;
  }
};

const checkName = (name: string): void => {
  if (name === "" || name !== basename(name) || name === "." || name === "..")
    throw new DataError(`run folder: "${name}" is no plain file name`);
};

/** The files of a finished run's folder, to be read; takes no lock. Throws DataError where there is no such folder. */
export const filesIn = (folder: string): RunFiles => {
  if (!existsSync(folder)) throw new DataError(`${folder}: no such run folder; name one that a training has written`);
  return {
    where: folder,
    read: async (name) => {
      checkName(name);
      return readIfThere(join(folder, name));
    },
  };
};

/**
 * A run's folder: checkpoints, metrics.csv, config.json, environment.json, data.json, log.txt. One process at a time, by the
 * lock run.lock. Names are plain file names; anything else is refused. Call `close()` at the end.
 */
export class RunFolder implements RunStore {
  readonly where: string;
  readonly #lock: RunLock;
  #open = true;

  private constructor(where: string, lock: RunLock) {
    this.where = where;
    this.#lock = lock;
  }

  /** Makes the folder where there is none, locks it, and removes what killed writers left. Throws DataError naming path and code. */
  static async open(path: string): Promise<RunFolder> {
    await makeFolder(path);
    try {
      if (!(await stat(path)).isDirectory()) throw new DataError(`cannot use ${path}: it is a file, not a folder`);
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw fileError("create", path, error);
    }
    const folder = new RunFolder(path, await lockRun(path));
    try {
      await removeStaleTemps(path);
    } catch (error) {
      await folder.close();
      throw error;
    }
    return folder;
  }

  #path(name: string): string {
    checkName(name);
    if (!this.#open) throw new DataError(`run folder: ${this.where} is closed`);
    return join(this.where, name);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    return readIfThere(this.#path(name));
  }

  async write(name: string, content: Uint8Array | string): Promise<void> {
    await writeFileAtomic(this.#path(name), content);
  }

  async writeJson(name: string, value: Plain): Promise<void> {
    await this.write(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  async rename(from: string, to: string): Promise<void> {
    try {
      await rename(this.#path(from), this.#path(to));
    } catch (error) {
      if (codeOf(error) !== "ENOENT")
        throw error instanceof DataError ? error : fileError("rename", this.#path(from), error);
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  async list(): Promise<string[]> {
    return (await readdir(this.where)).filter((n) => n !== lockName).sort();
  }

  /** Adds a line to log.txt. */
  async log(line: string): Promise<void> {
    const path = this.#path("log.txt");
    try {
      await appendFile(path, `${line}\n`);
    } catch (error) {
      throw fileError("write", path, error);
    }
  }

  /** Gives the lock back; no further writing. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#lock.release();
  }
}

/** environment.json: what, besides data and configuration, decides a run's bits. */
export const environment = (device: Device): Plain => ({
  version,
  adapter: {
    vendor: device.info.vendor,
    architecture: device.info.architecture,
    description: device.info.description,
    kind: device.info.kind,
    hash: device.info.hash,
  },
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});
