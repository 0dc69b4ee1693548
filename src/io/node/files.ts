import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DataError } from "../../errors.ts";
import { defaultLimits } from "../limits.ts";
import { codeOf, fileError } from "./errors.ts";

/** The temporary files of {@link writeFileAtomic}: .NAME.<uuid>.fiducial-tmp, the name shortened if it is long. */
const temporary = /^\..*\.[0-9a-f-]{36}\.fiducial-tmp$/;
const temporaryName = (name: string): string => `.${name.slice(0, 32)}.${randomUUID()}.fiducial-tmp`;

/** A file's bytes. Throws DataError naming path, code and cure, and for files longer than `maxBytes` before reading. */
export const readBytes = async (path: string, maxBytes: number = defaultLimits.maxFileBytes): Promise<Uint8Array> => {
  try {
    const { size } = await stat(path);
    if (size > maxBytes)
      throw new DataError(
        `cannot read ${path}: it has ${size} bytes, more than the ${maxBytes} allowed; raise maxBytes if you trust it`,
      );
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw fileError("read", path, error);
  }
};

/**
 * What keeps the first missing part of a path from being made. Node's recursive mkdir asks what is there after a failure it
 * does not know, such as a read-only or full disk, and then reports ENOENT in its place.
 */
const realReason = async (path: string, error: unknown): Promise<unknown> => {
  if (codeOf(error) !== "ENOENT") return error;
  let part = resolve(path);
  const missing = (p: string): Promise<boolean> =>
    stat(p).then(
      () => false,
      (e: unknown) => codeOf(e) === "ENOENT",
    );
  while (dirname(part) !== part && (await missing(dirname(part)))) part = dirname(part);
  return mkdir(part).then(
    () => error,
    (reason: unknown) => reason,
  );
};

/** Makes a folder and those above it, where they are missing. Throws DataError naming path, code and cure. */
export const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError("create", path, await realReason(path, error));
  }
};

/** Windows lets no one open a folder for this; there the rename alone must do. */
const syncFolder = async (folder: string): Promise<void> => {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!["EPERM", "EISDIR", "EACCES", "EINVAL", "ENOTSUP"].includes(codeOf(error))) throw error;
  } finally {
    await handle?.close();
  }
};

/**
 * Writes a file so that at every moment, a power cut's too, the path holds either all of its old content or all of the
 * new: a temporary file in the same folder, fsync, rename, fsync of the folder. On failure the temporary file is removed,
 * what was there stays, and a DataError names path, code and cure. The folder must exist.
 */
export const writeFileAtomic = async (path: string, bytes: Uint8Array | string): Promise<void> => {
  const folder = dirname(path);
  const temp = join(folder, temporaryName(basename(path)));
  try {
    const handle = await open(temp, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => {}); // the first error is the one to report
    throw fileError("write", path, error);
  }
};

/**
 * Removes what killed processes left of {@link writeFileAtomic} in a folder (not below it), and gives the names. Call it
 * where no other process writes there, such as at the start of a run, under the run folder's lock.
 */
export const removeStaleTemps = async (folder: string): Promise<string[]> => {
  try {
    const names = (await readdir(folder)).filter((name) => temporary.test(name)).sort();
    for (const name of names) await rm(join(folder, name), { force: true });
    return names;
  } catch (error) {
    throw fileError("clean", folder, error);
  }
};
