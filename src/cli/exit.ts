import { adapterFixes } from "../device/adapter.ts";
import {
  CheckpointError,
  ConfigError,
  DataError,
  FiducialError,
  GeometryError,
  NoAdapterError,
  ParseError,
} from "../errors.ts";

/** Exit codes that scripts rely on (`fiducial --help` lists them). */
export const exitCodes = {
  done: 0,
  failed: 1,
  badInput: 2,
  noAdapter: 3,
  refused: 4,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** The reason of the signal that commands are handed: the user or the system asked to stop. */
export class Interrupted extends Error {
  readonly signal: "SIGINT" | "SIGTERM";
  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`interrupted by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

const badInput = [ParseError, DataError, ConfigError, GeometryError, CheckpointError];
const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS"]);
const writingCalls = new Set(["write", "fsync", "rename", "mkdir", "ftruncate"]);

/** True where the system could not take what the command had to say: the work failed, whatever was given to it. */
const writeFailed = (error: Error): boolean => {
  const { code, syscall } = (error.cause ?? {}) as { code?: string; syscall?: string };
  return fullDisk.has(code ?? "") || writingCalls.has(syscall ?? "");
};

/** The one place where an error becomes an exit code. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof Interrupted) return exitCodes[error.signal];
  if (error instanceof NoAdapterError) return exitCodes.noAdapter;
  if (badInput.some((kind) => error instanceof kind))
    return writeFailed(error as Error) ? exitCodes.failed : exitCodes.badInput;
  return exitCodes.failed;
};

/** What mends a missing adapter, one command a line: both ways, whichever adapter was asked for. */
export const adapterAdvice = (error: NoAdapterError): string[] => [
  ...new Set([...error.fixes, ...adapterFixes(process.platform !== "linux")]),
];

/** The text for stderr: one clear message; the stack only with FIDUCIAL_DEBUG. */
export const describeError = (
  error: unknown,
  options: { readonly adapter?: string; readonly debug: boolean },
): string => {
  if (!(error instanceof Error)) return String(error);
  const lines = [error.message];
  if (error instanceof NoAdapterError) {
    lines.push("To mend it:");
    for (const fix of adapterAdvice(error)) lines.push(`  ${fix}`);
    if (options.adapter) lines.push(`or leave out --adapter ${options.adapter}: any adapter that works is taken then.`);
    lines.push("`fiducial doctor` shows what is there.");
  } else if (!(error instanceof FiducialError || error instanceof Interrupted)) {
    lines[0] = `${error.name}: ${error.message}`;
    if (!options.debug)
      lines.push(
        "This is not an error of your input as far as the program knows; FIDUCIAL_DEBUG=1 shows where it arose.",
      );
  }
  if (options.debug) {
    lines.push(error.stack ?? "");
    if (error.cause) lines.push(`cause: ${error.cause instanceof Error ? error.cause.stack : String(error.cause)}`);
  }
  return lines.join("\n");
};
