import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readSafetensors,
  type SafetensorsArray,
  type SafetensorsDType,
  type SafetensorsTensor,
  toFloat32,
  writeSafetensors,
} from "../../src/io/index.ts";
import { edited, fuzz, refusal } from "./bad.ts";

const tensor = (dtype: SafetensorsDType, shape: number[], data: SafetensorsArray): SafetensorsTensor => ({
  dtype,
  shape,
  data,
});
const samples = new Map<string, SafetensorsTensor>([
  ["conv.weight", tensor("F32", [2, 1, 3], Float32Array.of(1, -2, 3.5, Number.NaN, Number.POSITIVE_INFINITY, -0))],
  ["bool", tensor("BOOL", [3], Uint8Array.of(1, 0, 1))],
  ["i8", tensor("I8", [1], Int8Array.of(-8))],
  ["u16", tensor("U16", [2], Uint16Array.of(1, 65_535))],
  ["i16", tensor("I16", [1], Int16Array.of(-300))],
  ["half", tensor("F16", [2], Uint16Array.of(0x3c00, 0xc500))],
  ["brain", tensor("BF16", [2], Uint16Array.of(0x3f80, 0xc0a0))],
  ["u32", tensor("U32", [1], Uint32Array.of(4e9))],
  ["i32", tensor("I32", [1], Int32Array.of(-7))],
  ["i64", tensor("I64", [2], BigInt64Array.of(-1n, 2n ** 60n))],
  ["u64", tensor("U64", [1], BigUint64Array.of(2n ** 63n))],
  ["f64", tensor("F64", [], Float64Array.of(Math.PI))],
  ["empty", tensor("F32", [0, 5], new Float32Array(0))],
  ["naïve ключ", tensor("U8", [2], Uint8Array.of(7, 9))],
]);
const good = writeSafetensors(samples, { step: "12", note: 'quotes " and \n' });

/** A file from a header's text and data, right or wrong. */
const build = (header: string | Uint8Array, data = new Uint8Array(0), length?: bigint): Uint8Array => {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const out = new Uint8Array(8 + text.length + data.length);
  new DataView(out.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  out.set(text, 8);
  out.set(data, 8 + text.length);
  return out;
};
const one = (fields: string, bytes = 8) => build(`{"a":{${fields}}}`, new Uint8Array(bytes));
const f32 = (shape: string, begin: number, end: number) =>
  `"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]`;

describe("round trips", () => {
  test("every dtype, metadata, names beyond ASCII", () => {
    const { tensors, metadata } = readSafetensors(good);
    expect(metadata).toEqual({ step: "12", note: 'quotes " and \n' });
    expect(new Set(tensors.keys())).toEqual(new Set(samples.keys()));
    for (const [name, t] of samples) expect(tensors.get(name)).toEqual(t);
  });

  test("bytes do not depend on the order of tensors and keys", () => {
    const turned = new Map([...samples].reverse());
    expect(writeSafetensors(turned, { note: 'quotes " and \n', step: "12" })).toEqual(good);
  });

  test("data start at a multiple of 8 and are aligned for their numbers", () => {
    const header = Number(new DataView(good.buffer).getBigUint64(0, true));
    expect(header % 8).toBe(0);
    for (const t of readSafetensors(good).tensors.values()) expect(t.data.buffer).toBe(good.buffer);
  });

  test("misaligned data are copied, not misread", () => {
    const shifted = new Uint8Array(good.length + 3);
    shifted.set(good, 3);
    const { tensors } = readSafetensors(shifted.subarray(3));
    for (const [name, t] of samples) expect(tensors.get(name)).toEqual(t);
  });

  test("a pooled Buffer gives as many values as it holds", () => {
    const pooled = Buffer.from(build(`{"a":{${f32("[2]", 0, 8)}}}`, new Uint8Array(Float32Array.of(5, 6).buffer)));
    expect([...readSafetensors(pooled).tensors.get("a")!.data]).toEqual([5, 6]);
  });

  test("no tensors at all", () => {
    expect(readSafetensors(writeSafetensors(new Map())).tensors.size).toBe(0);
    expect(readSafetensors(build("{}")).tensors.size).toBe(0);
  });

  test("any float tensors", () => {
    const entry = fc.tuple(fc.string({ unit: "grapheme", maxLength: 12 }), fc.float32Array({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const map = new Map(
          entries
            .filter(([n]) => !["__metadata__", "__proto__", "constructor"].includes(n))
            .map(([n, d]) => [n, tensor("F32", [d.length], d)]),
        );
        const { tensors } = readSafetensors(writeSafetensors(map));
        expect(tensors.size).toBe(map.size);
        for (const [name, t] of map) expect(tensors.get(name)).toEqual(t);
      }),
      { numRuns: 200 },
    );
  });
});

test("toFloat32 of halves, bfloat16, 8-bit floats and integers", () => {
  const values = (name: string) => [...toFloat32(samples.get(name)!)];
  expect(values("half")).toEqual([1, -5]);
  expect(values("brain")).toEqual([1, -5]);
  expect(values("i64")).toEqual([-1, 2 ** 60]);
  expect(values("u16")).toEqual([1, 65_535]);
  const half = (bits: number) => toFloat32(tensor("F16", [1], Uint16Array.of(bits)))[0];
  expect([half(0x0001), half(0x7bff), half(0x7c00), half(0x8000)]).toEqual([
    2 ** -24,
    65_504,
    Number.POSITIVE_INFINITY,
    -0,
  ]);
  expect(half(0x7e00)).toBeNaN();
  const e4m3 = (bits: number) => toFloat32(tensor("F8_E4M3", [1], Uint8Array.of(bits)))[0];
  expect([e4m3(0x38), e4m3(0x7e), e4m3(0x01), e4m3(0xb8)]).toEqual([1, 448, 2 ** -9, -1]);
  expect(e4m3(0x7f)).toBeNaN();
  expect(toFloat32(tensor("F8_E5M2", [1], Uint8Array.of(0x7b)))[0]).toBe(57_344);
});

const bad: readonly [string, Uint8Array, RegExp][] = [
  ["an empty file", new Uint8Array(0), /0 bytes/],
  ["nine bytes", new Uint8Array(9), /9 bytes/],
  ["a header of length 0", build("{}", new Uint8Array(4), 0n), /at least 2/],
  ["a header longer than the file", build("{}", new Uint8Array(0), 3n), /truncated/],
  ["a header above 100 MB", build("{}", new Uint8Array(0), 100_000_001n), /maxHeaderBytes/],
  ["a header of 2^63 bytes", build("{}", new Uint8Array(0), 2n ** 63n), /maxHeaderBytes/],
  ["a header that is an array", build("[1,2]"), /start with \{/],
  ["a space before the header", build(' {"a":1}'), /start with \{/],
  ["a byte order mark before the header", build("\ufeff{}"), /start with \{/],
  ["bytes that are not UTF-8", build(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), /UTF-8/],
  ["half a JSON", build('{"a":{"dtype"'), /JSON|due/],
  ["text after the JSON", build("{} {}"), /due/],
  ["a repeated tensor", build(`{"a":{${f32("[1]", 0, 4)}},"a":{${f32("[1]", 0, 4)}}}`, new Uint8Array(4)), /twice/],
  [
    "a repeated tensor behind an escape",
    build(`{"a":{${f32("[1]", 0, 4)}},"\\u0061":{${f32("[1]", 0, 4)}}}`, new Uint8Array(4)),
    /twice/,
  ],
  ["a repeated field", one(`"dtype":"U8",${f32("[2]", 0, 8)}`), /twice/],
  ["a tensor called __proto__", build(`{"__proto__":{${f32("[2]", 0, 8)}}}`, new Uint8Array(8)), /__proto__/],
  ["deep nesting", build(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`), /deeper/],
  ["a tensor that is a number", build('{"a":1}'), /must be an object/],
  ["no dtype", one('"shape":[2],"data_offsets":[0,8]'), /dtype undefined/],
  ["an unknown dtype", one('"dtype":"F31","shape":[2],"data_offsets":[0,8]'), /F31/],
  ["a dtype of an object's method", one('"dtype":"toString","shape":[2],"data_offsets":[0,8]'), /toString/],
  ["a negative size", one(f32("[-2]", 0, 8)), /shape \[-2\]/],
  ["a fractional size", one(f32("[0.5]", 0, 2)), /shape \[0.5\]/],
  ["a size that overflows", one(f32("[4194305,4194305,211106198978564]", 0, 16), 16), /overflows/],
  ["an overflow hidden behind a zero", one(f32("[9007199254740991,9007199254740991,0]", 0, 0), 0), /overflows/],
  ["a size above 2^53", one(f32("[9007199254740993]", 0, 4), 4), /shape/],
  ["nine axes", one(f32("[1,1,1,1,1,1,1,1,2]", 0, 8)), /at most 8/],
  ["one offset", one('"dtype":"F32","shape":[2],"data_offsets":[0]'), /data_offsets/],
  ["negative offsets", one(f32("[2]", -8, 0)), /data_offsets/],
  ["offsets the wrong way round", one(f32("[2]", 8, 0)), /outside/],
  ["offsets beyond the data", one(f32("[4]", 0, 16)), /outside/],
  ["fewer bytes than the shape takes", one(f32("[3]", 0, 8)), /takes 12/],
  ["an unknown field", one(`${f32("[2]", 0, 8)},"x":1`), /unknown field/],
  [
    "two tensors on the same bytes",
    build(`{"a":{${f32("[1]", 0, 4)}},"b":{${f32("[1]", 0, 4)}}}`, new Uint8Array(4)),
    /overlap/,
  ],
  [
    "a hole between tensors",
    build(`{"a":{${f32("[1]", 0, 4)}},"b":{${f32("[1]", 8, 12)}}}`, new Uint8Array(12)),
    /hole/,
  ],
  ["a hole before the first", one(f32("[1]", 4, 8)), /hole/],
  [
    "an empty tensor inside another",
    build(`{"a":{${f32("[2]", 0, 8)}},"b":{${f32("[0]", 4, 4)}}}`, new Uint8Array(8)),
    /overlap/,
  ],
  [
    "an empty tensor behind the data",
    build(`{"a":{${f32("[1]", 0, 4)}},"b":{${f32("[0]", 6, 6)}}}`, new Uint8Array(8)),
    /hole/,
  ],
  ["data that belong to no tensor", one(f32("[1]", 0, 4)), /no tensor/],
  ["metadata that are not texts", build('{"__metadata__":{"a":1}}'), /must be a text/],
  ["metadata that are a list", build('{"__metadata__":[]}'), /must be an object/],
];

describe("bad files", () => {
  test.each(bad)("%s", (_, bytes, message) => {
    const error = refusal(() => readSafetensors(bytes));
    expect(error.format).toBe("safetensors");
    expect(error.message).toMatch(message);
  });

  test("a file cut at any byte is refused", () => {
    for (let length = 0; length < good.length; length += 7) refusal(() => readSafetensors(good.subarray(0, length)));
  });

  test("mutations end in a ParseError or whole tensors", () => {
    const check = ({ tensors }: ReturnType<typeof readSafetensors>) => {
      for (const t of tensors.values()) expect(t.data.length).toBe(t.shape.reduce((a, b) => a * b, 1));
    };
    const count = fuzz([good, one(f32("[2]", 0, 8))], readSafetensors, check, 6000);
    expect(count.parsed).toBeGreaterThan(30);
    expect(count.refused).toBeGreaterThan(1000);
  });

  test("nothing reaches Object's prototype", () => {
    refusal(() => readSafetensors(build('{"__metadata__":{"__proto__":"x"}}')));
    refusal(() => readSafetensors(edited(build('{"constructor":{"prototype":{"polluted":1}}}'), () => {})));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("writing refuses what cannot be read back", () => {
    const write =
      (name: string, t: SafetensorsTensor, metadata = {}) =>
      () =>
        writeSafetensors(new Map([[name, t]]), metadata);
    const fine = tensor("F32", [1], Float32Array.of(1));
    expect(write("__metadata__", fine)).toThrow(/rename/);
    expect(write("\ud800", fine)).toThrow(/rename/);
    expect(write("a", { ...fine, shape: [2] })).toThrow(/needs 2/);
    expect(write("a", { ...fine, dtype: "F64" })).toThrow(/Float64Array/);
    expect(write("a", fine, { k: 3 })).toThrow(/metadata/);
  });
});
