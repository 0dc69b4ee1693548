import type { DataSet } from "dicom-parser";
import { failing } from "../guard.ts";
import { decimal } from "../text/decimal.ts";
import type { Warn } from "../warning.ts";

const fail = failing("dicom");

/** (0028,0030) of x00280030. */
export const tagText = (tag: string): string => `(${tag.slice(1, 5)},${tag.slice(5)})`;

/** The values of a string element, without their padding of blanks and NULs; none where it is absent or empty. */
export const texts = (set: DataSet, tag: string): string[] => {
  const element = set.elements[tag];
  if (!element?.length) return [];
  const bytes = set.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  const values = Array.from(bytes, (b) => String.fromCharCode(b))
    .join("")
    .split("\\")
    .map((v) => v.replace(/^[\0 ]+|[\0 ]+$/g, ""));
  return values.every((v) => v === "") ? [] : values;
};

/** The values as a message may show them: a damaged file could bring a name here, so only what numbers are made of. */
const shown = (values: readonly string[]): string =>
  JSON.stringify(
    values
      .join("\\")
      .slice(0, 64)
      .replace(/[^0-9.,;+\-eE\\ ]/g, "?"),
  ).replaceAll("\\\\", "\\");

const cureOf = (values: readonly string[]): string =>
  values.some((v) => v.includes(","))
    ? "DICOM writes decimals with a point and parts values by a backslash: correct the value or export the file again"
    : "export the file again";

/**
 * Decimal strings (DS, PS3.5 6.2), each read whole; none where the element is absent or empty. Throws ParseError with
 * tag and value for a string that is no decimal number, a decimal comma among them.
 */
export const decimals = (set: DataSet, tag: string, name: string): number[] => {
  const values = texts(set, tag);
  return values.map(
    (v) =>
      decimal(v) ??
      fail(
        name,
        set.elements[tag].dataOffset,
        `${name} ${tagText(tag)} is ${shown(values)}, which is no decimal number throughout; ${cureOf(values)}`,
      ),
  );
};

/** The one decimal number of an element; undefined where it is absent or empty. Throws ParseError. */
export const oneDecimal = (set: DataSet, tag: string, name: string): number | undefined => {
  const values = decimals(set, tag, name);
  if (values.length > 1)
    fail(
      name,
      set.elements[tag].dataOffset,
      `${name} ${tagText(tag)} has ${values.length} values, 1 is due; export the file again`,
    );
  return values[0];
};

/** The one whole number of an element (IS); undefined where it is absent or empty. Throws ParseError. */
export const oneInteger = (set: DataSet, tag: string, name: string): number | undefined => {
  const value = oneDecimal(set, tag, name);
  if (value !== undefined && !Number.isInteger(value))
    fail(
      name,
      set.elements[tag].dataOffset,
      `${name} ${tagText(tag)} is ${value}; it must be a whole number: export the file again`,
    );
  return value;
};

/** A number that only messages use: what cannot be read is left out with a warning. */
export const label = (set: DataSet, tag: string, name: string, warn: Warn): number | undefined => {
  const values = texts(set, tag);
  const value = values.length === 1 ? decimal(values[0]) : undefined;
  if (values.length === 0 || Number.isInteger(value)) return value;
  warn({
    code: "number",
    text: `dicom: ${name} ${tagText(tag)} is ${shown(values)}, which is no whole number; it is left out`,
    cure: "export the file again",
  });
  return undefined;
};
