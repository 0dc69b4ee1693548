import { failing } from "../guard.ts";
import type { ReadLimits } from "../limits.ts";
import { isImplicit } from "./syntax.ts";

const fail = failing("dicom");

const undefinedLength = 0xffffffff;
const item = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;
export const pixelData = 0x7fe00010;
const transferSyntaxTag = 0x00020010;

/** VRs whose length takes four bytes after two reserved ones (PS3.5, 7.1.2). */
const longVrs = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** A data set or the list of items of a sequence that the scan is inside of. */
interface Frame {
  readonly kind: "elements" | "items";
  /** One past its last byte; Infinity where a delimiter ends it. */
  readonly end: number;
  readonly implicit: boolean;
}

interface Element {
  readonly tag: number;
  readonly vr: string;
  readonly length: number;
  readonly value: number;
}

export const tagName = (tag: number): string => {
  const h = tag.toString(16).padStart(8, "0");
  return `(${h.slice(0, 4)},${h.slice(4)})`;
};

const tagAt = (view: DataView, at: number): number => view.getUint16(at, true) * 65_536 + view.getUint16(at + 2, true);

const elementAt = (view: DataView, at: number, implicit: boolean): Element => {
  const tag = tagAt(view, at);
  if (implicit || tag >= item) return { tag, vr: "", length: view.getUint32(at + 4, true), value: at + 8 };
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  return longVrs.has(vr)
    ? { tag, vr, length: view.getUint32(at + 8, true), value: at + 12 }
    : { tag, vr, length: view.getUint16(at + 6, true), value: at + 8 };
};

const opensSequence = (view: DataView, e: Element): boolean => {
  if (e.vr === "SQ" || e.length === undefinedLength) return true;
  // Implicit VR names no sequence: one is known by its first item, as dicom-parser does. Groups of odd number are private.
  if (e.vr !== "" || e.length < 8 || Math.floor(e.tag / 65_536) % 2 === 1 || e.value + 4 > view.byteLength)
    return false;
  const first = tagAt(view, e.value);
  return first === item || first === sequenceEnd;
};

/**
 * Walks all elements without recursion, before dicom-parser (which recurses) may see the file: the transfer syntax, the
 * depth of sequences, the number of elements, and every length against what is left. Stops at the top level's pixels, which
 * must be there unless they are optional.
 */
export const scanDicom = (
  bytes: Uint8Array,
  limits: ReadLimits,
  options: { readonly pixels: "required" | "optional" } = { pixels: "required" },
): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 140 || String.fromCharCode(...bytes.subarray(128, 132)) !== "DICM")
    fail("preamble", 128, "there is no DICM after a preamble of 128 bytes; this is not a DICOM file (Part 10)");
  const stack: Frame[] = [{ kind: "elements", end: Number.POSITIVE_INFINITY, implicit: false }];
  let syntax: { text: string; at: number } | undefined;
  let inMeta = true;
  let count = 0;
  for (let at = 132; at < bytes.length; ) {
    const frame = stack[stack.length - 1];
    if (at >= frame.end) {
      if (at > frame.end)
        fail("length", at, `a sequence or item ends at byte ${frame.end}, inside an element; the file is damaged`);
      stack.pop();
      continue;
    }
    if (at + 8 > bytes.length)
      fail("length", at, `${bytes.length - at} bytes are left where an element starts; the file is truncated`);
    if (inMeta && view.getUint16(at, true) !== 2) {
      inMeta = false;
      if (!syntax)
        fail(
          "TransferSyntaxUID",
          at,
          "the file's meta information has no TransferSyntaxUID (0002,0010); re-export the file",
        );
      stack[0] = { kind: "elements", end: Number.POSITIVE_INFINITY, implicit: isImplicit(syntax!.text, syntax!.at) };
      continue;
    }
    count += 1;
    if (count > limits.maxElements)
      fail(
        "elements",
        at,
        `there are more than limits.maxElements = ${limits.maxElements} elements; raise that limit if you trust the file`,
      );
    const e = elementAt(view, at, frame.implicit);
    if (e.tag === itemEnd || e.tag === sequenceEnd) {
      if (stack.length > 1) stack.pop();
      at += 8;
      continue;
    }
    const length = e.length === undefinedLength ? 0 : e.length;
    if (e.value + length > bytes.length)
      fail(
        tagName(e.tag),
        at,
        `element ${tagName(e.tag)} claims ${e.length} bytes, but ${Math.max(0, bytes.length - e.value)} are left; the file is truncated or damaged`,
      );
    const end = e.length === undefinedLength ? Number.POSITIVE_INFINITY : e.value + length;
    if (frame.kind === "items") {
      if (e.tag !== item)
        fail(
          tagName(e.tag),
          at,
          `element ${tagName(e.tag)} stands where a sequence's item (fffe,e000) is due; the file is damaged`,
        );
      stack.push({ kind: "elements", end, implicit: frame.implicit });
      at = e.value;
      continue;
    }
    if (e.tag === transferSyntaxTag) syntax = { text: trimmed(bytes, e), at };
    if (e.tag === pixelData && stack.length === 1) return;
    if (!opensSequence(view, e)) {
      at = e.value + length;
      continue;
    }
    // An element of unknown VR and undefined length holds items in implicit VR (PS3.5, 6.2.2).
    stack.push({ kind: "items", end, implicit: frame.implicit || e.vr === "UN" });
    if (stack.filter((f) => f.kind === "items").length > limits.maxSequenceDepth)
      fail(
        tagName(e.tag),
        at,
        `sequences are nested deeper than limits.maxSequenceDepth = ${limits.maxSequenceDepth}; the file is damaged or hostile`,
      );
    at = e.value;
  }
  if (options.pixels === "optional") return;
  fail(
    "PixelData",
    bytes.length,
    "there is no PixelData (7fe0,0010) before the end; the file is truncated or holds no image",
  );
};

/** UIDs are padded with a NUL; some writers use spaces. */
const trimmed = (bytes: Uint8Array, e: Element): string =>
  String.fromCharCode(...bytes.subarray(e.value, e.value + Math.min(e.length, 128))).replace(/[\0 ]+$/, "");
