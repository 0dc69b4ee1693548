/** DICOM files written element by element, right or wrong, independent of the package's own writer. */
export type Value = string | readonly number[] | Uint8Array;
export interface Element {
  readonly tag: number;
  readonly vr: string;
  readonly value: Value;
  /** What the length field says, if not the truth. */
  readonly length?: number;
}

const bytesOf = (vr: string, value: Value): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string")
    return new TextEncoder().encode(value.length % 2 ? value + (vr === "UI" ? "\0" : " ") : value);
  return new Uint8Array(Uint16Array.from(value).buffer);
};

const long = ["OB", "OW", "SQ", "UN", "UT", "OF"];

export const encode = (elements: readonly Element[], implicit = false): Uint8Array =>
  Buffer.concat(
    elements.map(({ tag, vr, value, length }) => {
      const bytes = bytesOf(vr, value);
      const head = Buffer.alloc(implicit || !long.includes(vr) ? 8 : 12);
      head.writeUInt16LE(Math.floor(tag / 65_536), 0);
      head.writeUInt16LE(tag % 65_536, 2);
      const said = length ?? bytes.length;
      if (implicit) head.writeUInt32LE(said, 4);
      else {
        head.write(vr, 4, "latin1");
        if (long.includes(vr)) head.writeUInt32LE(said, 8);
        else head.writeUInt16LE(said, 6);
      }
      return Buffer.concat([head, bytes]);
    }),
  );

/** An item (fffe,e000) of a sequence around some bytes, of defined or undefined length. */
export const item = (content: Uint8Array, open = false): Uint8Array => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0xe000fffe, 0);
  head.writeUInt32LE(open ? 0xffffffff : content.length, 4);
  return Buffer.concat([head, content, open ? delimiter(0xe00d) : Buffer.alloc(0)]);
};

export const delimiter = (element: number): Buffer => {
  const out = Buffer.alloc(8);
  out.writeUInt16LE(0xfffe, 0);
  out.writeUInt16LE(element, 2);
  return out;
};

/** Sequences inside sequences, of undefined length. */
export const nested = (depth: number, implicit = false): Uint8Array => {
  const open = encode([{ tag: 0x00081140, vr: "SQ", value: new Uint8Array(0), length: 0xffffffff }], implicit);
  const itemHead = item(new Uint8Array(0), true).subarray(0, 8);
  const close = Buffer.concat([delimiter(0xe00d), delimiter(0xe0dd)]);
  const times = <T>(value: T): T[] => Array.from({ length: depth }, () => value);
  return Buffer.concat([...times([open, itemHead]).flat(), ...times(close)]);
};

export const pixels = (values: readonly number[], bits: 8 | 16 = 16): Uint8Array =>
  bits === 8 ? Uint8Array.from(values) : new Uint8Array(Uint16Array.from(values).buffer);

/** A 3x2 MR image with everything a reader needs. */
export const basic: readonly Element[] = [
  { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.4" },
  { tag: 0x00080018, vr: "UI", value: "1.2.3.4" },
  { tag: 0x00080060, vr: "CS", value: "MR" },
  { tag: 0x00100010, vr: "PN", value: "SECRET^NAME" },
  { tag: 0x00100020, vr: "LO", value: "SECRET-ID" },
  { tag: 0x00180050, vr: "DS", value: "5" },
  { tag: 0x0020000d, vr: "UI", value: "1.2.3" },
  { tag: 0x0020000e, vr: "UI", value: "1.2.3.5" },
  { tag: 0x00200011, vr: "IS", value: "2" },
  { tag: 0x00200013, vr: "IS", value: "7" },
  { tag: 0x00200032, vr: "DS", value: "-10.5\\20\\3e1" },
  { tag: 0x00200037, vr: "DS", value: "0\\1\\0\\0\\0\\-1" },
  { tag: 0x00200052, vr: "UI", value: "1.2.3.6" },
  { tag: 0x00280002, vr: "US", value: [1] },
  { tag: 0x00280004, vr: "CS", value: "MONOCHROME2" },
  { tag: 0x00280010, vr: "US", value: [2] },
  { tag: 0x00280011, vr: "US", value: [3] },
  { tag: 0x00280030, vr: "DS", value: "0.5\\0.25" },
  { tag: 0x00280100, vr: "US", value: [16] },
  { tag: 0x00280101, vr: "US", value: [12] },
  { tag: 0x00280102, vr: "US", value: [11] },
  { tag: 0x00280103, vr: "US", value: [0] },
  { tag: 0x7fe00010, vr: "OW", value: pixels([0, 1, 2, 100, 1000, 4095]) },
];

/** `basic` with elements replaced, added (in the order of tags) or, where the value is undefined, taken out. */
export const changed = (changes: Readonly<Record<number, Omit<Element, "tag"> | undefined>>): Element[] => {
  const tags = new Set(Object.keys(changes).map(Number));
  const kept = basic.filter((e) => !tags.has(e.tag));
  const added = [...tags].flatMap((tag) => (changes[tag] ? [{ tag, ...changes[tag] }] : []));
  return [...kept, ...added].sort((a, b) => a.tag - b.tag);
};

export const explicit = "1.2.840.10008.1.2.1";
export const implicit = "1.2.840.10008.1.2";

export const part10 = (body: Uint8Array, syntax = explicit): Uint8Array => {
  const meta = encode([{ tag: 0x00020010, vr: "UI", value: syntax }]);
  return new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), meta, body]));
};

export const file = (elements: readonly Element[] = basic, syntax = explicit): Uint8Array =>
  part10(encode(elements, syntax === implicit), syntax);
