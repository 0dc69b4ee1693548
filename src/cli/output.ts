import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ConfigError } from "../errors.ts";
import { makeFolder, writeFileAtomic } from "../io/node/files.ts";

/** A folder that a command may write into; made at the first write, so that bad input leaves nothing behind. */
export interface OutputFolder {
  /** Absolute. */
  readonly path: string;
  /** True where the folder already held something (--force or --resume was given). */
  readonly existed: boolean;
  /** Absolute path of a file in the folder. Throws ConfigError where `name` leads out of it. */
  file(name: string): string;
  /** Makes the folder (or one in it) and gives its absolute path. */
  folder(name?: string): Promise<string>;
  /** Writes a file atomically; folders on the way are made. */
  write(name: string, bytes: Uint8Array | string): Promise<void>;
}

export interface OutputOptions {
  readonly out: string;
  readonly force?: boolean;
  /** undefined where the command has no --resume. */
  readonly resume?: boolean;
}

/**
 * Checks `--out`. An existing folder with something in it is refused without --force (files are replaced one by one, others
 * stay) or, where the command has it, --resume, which wants the folder of a run. Throws ConfigError and writes nothing.
 */
export const outputFolder = ({ out, force, resume: goOn }: OutputOptions): OutputFolder => {
  const path = resolve(out);
  let existed = false;
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw new ConfigError("--out", `--out ${out}: it is a file; name a folder`);
    existed = readdirSync(path).length > 0;
    if (existed && !force && !goOn)
      throw new ConfigError(
        "--out",
        `--out ${out}: the folder is not empty; name a new one, or use --force to replace its files${goOn === undefined ? "" : " or --resume to go on with it"}`,
      );
  }
  if (goOn && !existsSync(join(path, "config.json")))
    throw new ConfigError(
      "--out",
      `--out ${out}: there is no run to go on with (${existed ? "no config.json in it" : "no such folder"}); check the spelling, or leave out --resume to start a run`,
    );
  const file = (name: string): string => {
    const full = join(path, name);
    const inside = relative(path, full);
    if (inside.startsWith("..") || isAbsolute(inside))
      throw new ConfigError("--out", `${name} does not lie in the folder ${out}; use a plain name`);
    return full;
  };
  return {
    path,
    existed,
    file,
    folder: async (name = ".") => {
      await makeFolder(file(name));
      return file(name);
    },
    write: async (name, bytes) => {
      await makeFolder(dirname(file(name)));
      await writeFileAtomic(file(name), bytes);
    },
  };
};

/** Checks before the work that `--json FILE` can be written after it. Throws ConfigError. */
export const checkJsonPath = (file: string): void => {
  const path = resolve(file);
  if (existsSync(path) && statSync(path).isDirectory())
    throw new ConfigError("--json", `--json ${file}: it is a folder; name a file`);
  if (!existsSync(dirname(path)))
    throw new ConfigError("--json", `--json ${file}: the folder ${dirname(path)} does not exist; make it first`);
};
