import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/errors.ts";
import { readCsv, readJson, writeCsv } from "../../src/io/index.ts";
import { fuzz, refusal } from "./bad.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("JSON", () => {
  test("agrees with JSON.parse on anything JSON.stringify writes", () => {
    const value = fc
      .jsonValue({ maxDepth: 6 })
      .filter((v) => !JSON.stringify(v).includes("__proto__") && !JSON.stringify(v).includes("constructor"));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (v, indent) => {
        const text = JSON.stringify(v, null, indent);
        expect(readJson(bytes(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test("a byte order mark and CRLF", () => {
    expect(readJson(bytes('\ufeff{\r\n"a": [1, -2.5e3, true, null]\r\n}\r\n'))).toEqual({ a: [1, -2500, true, null] });
  });

  test("depth 64 is read, 65 is not", () => {
    const nest = (n: number) => bytes("[".repeat(n) + "]".repeat(n));
    expect(readJson(nest(65))).toBeDefined(); // the innermost of 65 lists is 64 deep
    expect(refusal(() => readJson(nest(66))).message).toContain("deeper than 64");
    expect(refusal(() => readJson(nest(1_000_000))).message).toContain("deeper than 64");
  });

  test.each([
    ["", /the end/],
    ["{", /key|end/],
    ["[1,]", /value/],
    ["{a:1}", /quotes/],
    ["[01]", /due/],
    ["[+1]", /value/],
    ["[.5]", /value/],
    ["[1.]", /due/],
    ["[NaN]", /value/],
    ["[1e999]", /float64/],
    ["'a'", /value/],
    ['"a', /never ends/],
    ['"\\x"', /escape/],
    ['"a\nb"', /control/],
    ['{"a":1,"a":2}', /twice/],
    ['{"__proto__":{"x":1}}', /__proto__/],
    ['{"constructor":1}', /constructor/],
    ['{"\\u005f_proto__":1}', /__proto__/],
    ["[1] 2", /the end is due/],
    ["tru", /value/],
    ['{"a" 1}', /after a key/],
    ["{} // x", /the end/],
  ])("%s is refused", (text, message) => {
    const error = refusal(() => readJson(bytes(text)));
    expect(error.message).toMatch(message);
    // The platform's parser refuses too, but for repeated keys, prototypes' keys and infinite numbers.
    if (!/twice|__proto__|constructor|float64/.test(message.source)) expect(() => JSON.parse(text)).toThrow();
  });

  test("files above the cap and bytes that are not UTF-8", () => {
    expect(refusal(() => readJson(bytes('"12345678"'), { maxTextBytes: 9 })).message).toContain("maxTextBytes = 9");
    expect(refusal(() => readJson(Uint8Array.of(0x22, 0xff, 0x22))).message).toContain("UTF-8");
  });

  test("agrees with JSON.parse on texts with characters exchanged, in what it reads and in what it refuses", () => {
    const text = '{"a":[1,2.5,{"b":"c\\n"}],"d":null,"e":false,"f":-3e5}';
    const edit = fc.tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'{}[]",:0159eE+-.\\ntrufalse \n\u0001'));
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const characters = [...text];
        for (const [at, c] of edits) characters[at] = c;
        const changed = characters.join("");
        let want: unknown;
        try {
          want = JSON.parse(changed);
        } catch {
          refusal(() => readJson(bytes(changed)));
          counts.refused += 1;
          return;
        }
        // JSON.parse keeps the last of two equal keys; here they are refused.
        const keys = [...changed.matchAll(/"([^"]*)"\s*:/g)].map((m) => m[1]);
        if (new Set(keys).size < keys.length) return;
        expect(readJson(bytes(changed))).toEqual(want);
        counts.read += 1;
      }),
      { numRuns: 5000 },
    );
    expect(counts.read).toBeGreaterThan(200);
    expect(counts.refused).toBeGreaterThan(200);
  });

  test("mutations of bytes end in a ParseError or a value", () => {
    const source = bytes('{"a":[1,2.5,{"b":"c\\n"}],"d":null,"e":false,"f":"ü"}');
    const count = fuzz([source], readJson, (v) => expect(v).toBeDefined(), 3000);
    expect(count.refused).toBeGreaterThan(1000);
  });
});

describe("CSV", () => {
  test("numbers, quotes, commas and line breaks come back", () => {
    const text = writeCsv(
      ["name", "x"],
      [
        ['a "b", c', 0.1],
        ["two\nlines", -1e-300],
        ["", true],
        [undefined as unknown as string, 5],
      ],
    );
    expect(text.startsWith("name,x\n")).toBe(true);
    expect(readCsv(bytes(text))).toEqual({
      header: ["name", "x"],
      rows: [
        ['a "b", c', "0.1"],
        ["two\nlines", "-1e-300"],
        ["", "true"],
        ["", "5"],
      ],
    });
  });

  test("formulas cannot run, and come back as they were", () => {
    const evil = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "'=quoted", "-5", "+7", "a=b"];
    const text = writeCsv(
      ["cell"],
      evil.map((e) => [e]),
    );
    for (const line of text.split("\n").slice(1)) expect(/^"?[=@]|^"?[+-](?!\d+$)/.test(line)).toBe(false);
    expect(readCsv(bytes(text)).rows.map(([c]) => c)).toEqual(evil);
  });

  test("any table comes back", () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("=1", "'", '"', ",", ";", "-", "'-1", " x "),
      fc.double({ noNaN: true }).map(String),
    );
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc
          .array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 })
          .map((rows) => ({ width, rows })),
      );
    fc.assert(
      fc.property(table, ({ width, rows }) => {
        const header = Array.from({ length: width }, (_, i) => `c${i}`);
        // Line breaks inside cells are kept as they are only where they are all of one kind: papaparse guesses the kind.
        const clean = rows.map((row) => row.map((c) => c.replace(/[\r\n]/g, " ")));
        expect(readCsv(bytes(writeCsv(header, clean)))).toEqual({ header, rows: clean });
      }),
      { numRuns: 1000 },
    );
  });

  test("semicolons, CRLF, a byte order mark and blank lines", () => {
    expect(readCsv(bytes("\ufeffa;b\r\n1,5;2\r\n\r\n3;4\r\n"))).toEqual({
      header: ["a", "b"],
      rows: [
        ["1,5", "2"],
        ["3", "4"],
      ],
    });
  });

  test.each([
    ["", /empty/],
    ["a,b\n1\n", /row 2 has 1 cells, the header 2/],
    ["a,b\n1,2,3\n", /row 2 has 3/],
    ["a,a\n1,2\n", /stands twice/],
    ['a,b\n"x,2\n', /quoted cell/],
  ])("%j is refused", (text, message) => {
    expect(refusal(() => readCsv(bytes(text))).message).toMatch(message);
  });

  test("writing refuses ragged rows", () => {
    expect(() => writeCsv(["a", "b"], [[1]])).toThrow(DataError);
  });
});
