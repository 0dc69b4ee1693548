import Papa from "papaparse";
import { DataError, ParseError } from "../../errors.ts";
import type { ReadLimits } from "../limits.ts";
import { decodeText } from "./json.ts";

export interface CsvTable {
  readonly header: readonly string[];
  /** As many cells a row as the header has. */
  readonly rows: readonly (readonly string[])[];
}

/** What spreadsheets run as a formula, behind any number of apostrophes. */
const formula = /^'*[=+\-@\t\r]/;
const escaped = /^'+[=+\-@\t\r]/;
const isNumber = (text: string): boolean => text.trim() === text && text !== "" && Number.isFinite(Number(text));

const cell = (value: string | number | boolean | undefined): string => {
  if (value === undefined) return "";
  if (typeof value !== "string") return String(value);
  return formula.test(value) && !isNumber(value) ? `'${value}` : value;
};

/**
 * CSV (RFC 4180, LF, a final newline) of a header and rows. Text that a spreadsheet would run as a formula gets an
 * apostrophe in front, which {@link readCsv} takes off again; numbers are written so that they read back exactly. Throws
 * DataError for a row whose length differs from the header's.
 */
export const writeCsv = (
  header: readonly string[],
  rows: readonly (readonly (string | number | boolean | undefined)[])[],
): string => {
  rows.forEach((row, i) => {
    if (row.length !== header.length)
      throw new DataError(`writeCsv: row ${i} has ${row.length} cells, the header ${header.length}`);
  });
  return `${Papa.unparse([header.map(cell), ...rows.map((row) => row.map(cell))], { newline: "\n" })}\n`;
};

/**
 * CSV with a header line and commas or semicolons, LF or CRLF, with or without a byte order mark. Throws ParseError,
 * with the row, for quotes that do not close, repeated column names and rows of another length than the header.
 */
export const readCsv = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): CsvTable => {
  const text = decodeText(bytes, limits, "csv");
  const fail = (message: string, row?: number): never => {
    throw new ParseError("csv", `csv: ${message}`, { field: row === undefined ? undefined : `row ${row}` });
  };
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = !firstLine.includes(",") && firstLine.includes(";") ? ";" : ",";
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  const quotes = errors.find((e) => e.type === "Quotes");
  if (quotes)
    fail(
      `a quoted cell does not close properly in row ${(quotes.row ?? 0) + 1}; double the quotes inside cells`,
      (quotes.row ?? 0) + 1,
    );
  if (text.trim() === "") fail("the file is empty; a header line is needed");
  // The final newline starts no row; elsewhere a blank line is a row only where a row is one cell.
  if (/[\r\n]$/.test(text)) data.pop();
  const filled = data[0].length > 1 ? data.filter((row) => row.length > 1 || row[0] !== "") : data;
  const [header, ...rows] = filled.map((row) => row.map((c) => (escaped.test(c) ? c.slice(1) : c)));
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined)
    fail(`the column ${JSON.stringify(twice.slice(0, 80))} stands twice in the header; rename one`);
  rows.forEach((row, i) => {
    if (row.length !== header.length)
      fail(
        `row ${i + 2} has ${row.length} cells, the header ${header.length}; a comma is missing or decimals are written with commas`,
        i + 2,
      );
  });
  return { header, rows };
};
