import { ParseError } from "../errors.ts";

const reasonOf = (error: unknown): string => {
  if (error instanceof RangeError && /call stack/i.test(error.message)) return "it is nested too deeply";
  if (error instanceof Error) return error.message;
  if (typeof error === "string") return error;
  // dicom-parser wraps what went wrong as { exception, dataSet }; the data set may hold a patient's name and stays here.
  if (typeof error === "object" && error !== null && "exception" in error) return reasonOf(error.exception);
  return "unknown reason";
};

/** Runs a parser, so that whatever a library throws on foreign bytes leaves as a ParseError of this format. */
export const guarded = <T>(format: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw new ParseError(
      format,
      `${format}: cannot be read: ${reasonOf(error)}; the file is damaged or not what it claims to be`,
    );
  }
};

/** A thrower of ParseErrors of one format: `fail("dim[1]", 40, "dim[1] is -4; ...")`. */
export const failing =
  (format: string) =>
  (field: string, offset: number | undefined, message: string): never => {
    throw new ParseError(format, `${format}: ${message}`, { field, offset });
  };

/** Refuses a file longer than its cap before anything is read. */
export const checkLength = (format: string, bytes: Uint8Array, cap: number, name: string): void => {
  if (bytes.byteLength <= cap) return;
  throw new ParseError(
    format,
    `${format}: the file has ${bytes.byteLength} bytes, more than limits.${name} = ${cap}; raise that limit if you trust it`,
    {
      field: name,
    },
  );
};
