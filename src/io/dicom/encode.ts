import { DataError } from "../../errors.ts";

/** An element to be written: tag, VR and value; text values are joined with backslashes. */
export type DicomElement = readonly [tag: number, vr: string, value: readonly (string | number)[] | Uint8Array];

/** VRs with a length of four bytes among those written here. */
const long = new Set(["OB", "OW"]);

/** A decimal string (DS) of at most 16 characters, the nearest that fits. Throws DataError for NaN and infinities. */
export const decimalString = (value: number): string => {
  if (!Number.isFinite(value))
    throw new DataError(`writeDicom: ${value} cannot be written; all numbers must be finite`);
  const plain = String(value === 0 ? 0 : value);
  if (plain.length <= 16) return plain;
  for (let digits = 16; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  throw new DataError(`writeDicom: ${value} does not fit DICOM's 16 characters`);
};

const textOf = (vr: string, values: readonly (string | number)[]): string =>
  values.map((v) => (typeof v === "string" ? v : vr === "DS" ? decimalString(v) : String(v))).join("\\");

const valueBytes = (vr: string, value: DicomElement[2]): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  if (vr === "US" || vr === "UL") {
    const size = vr === "US" ? 2 : 4;
    const view = new DataView(new ArrayBuffer(size * value.length));
    value.forEach((v, i) => {
      if (size === 2) view.setUint16(2 * i, Number(v), true);
      else view.setUint32(4 * i, Number(v), true);
    });
    return new Uint8Array(view.buffer);
  }
  return new TextEncoder().encode(textOf(vr, value));
};

/** Elements in explicit VR little endian, values padded to even length (PS3.5, 7.1.2 and 6.2). */
export const encodeElements = (elements: readonly DicomElement[]): Uint8Array => {
  const coded = elements.map(([tag, vr, value]) => ({ tag, vr, bytes: valueBytes(vr, value) }));
  const even = (n: number): number => n + (n % 2);
  const out = new Uint8Array(coded.reduce((sum, e) => sum + (long.has(e.vr) ? 12 : 8) + even(e.bytes.length), 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { tag, vr, bytes } of coded) {
    view.setUint16(at, Math.floor(tag / 65_536), true);
    view.setUint16(at + 2, tag % 65_536, true);
    out[at + 4] = vr.charCodeAt(0);
    out[at + 5] = vr.charCodeAt(1);
    const length = even(bytes.length);
    if (long.has(vr)) view.setUint32(at + 8, length, true);
    else view.setUint16(at + 6, length, true);
    at += long.has(vr) ? 12 : 8;
    out.set(bytes, at);
    // Text is padded with a space, UIDs and bytes with a NUL.
    if (length > bytes.length && !["UI", "OB", "OW"].includes(vr)) out[at + bytes.length] = 0x20;
    at += length;
  }
  return out;
};
