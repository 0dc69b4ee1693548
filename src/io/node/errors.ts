import { DataError } from "../../errors.ts";

const cures: Record<string, string> = {
  EACCES: "give yourself the right to it, or choose another place",
  EBUSY: "another program holds it; close that and try again",
  EDQUOT: "your disk quota is used up; delete something or choose another disk",
  EFBIG: "the file system does not hold files this large; choose another disk",
  EISDIR: "it is a folder; give a file's name",
  EIO: "the disk reports a fault; choose another disk",
  ELOOP: "its links lead in a circle; mend them",
  EMFILE: "too many files are open; close some",
  ENAMETOOLONG: "shorten the name",
  ENOENT: "it does not exist; check the spelling, or create the folder first",
  ENOSPC: "the disk is full; free some space or choose another disk",
  ENOTDIR: "a part of the path is a file, not a folder; choose another place",
  EPERM: "the system does not allow it; choose another place",
  EROFS: "the file system is read-only; choose another place",
  ERR_FS_FILE_TOO_LARGE: "it is longer than Node reads at once (2 GiB)",
};

export const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "unknown";
};

/** What the system said about a path, as a DataError that names path, code and cure; the system's error is its cause. */
export const fileError = (action: string, path: string, error: unknown): DataError => {
  const code = codeOf(error);
  return new DataError(`cannot ${action} ${path}: ${code}: ${cures[code] ?? "see the cause of this error"}`, {
    cause: error,
  });
};
