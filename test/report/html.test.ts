import { describe, expect, test } from "vitest";
import { DataError } from "../../src/errors.ts";
import { writePng } from "../../src/io/index.ts";
import { Random } from "../../src/random.ts";
import { type Block, htmlReport } from "../../src/report/index.ts";

const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"' &amp; \u0000\u001b]0;`;
const png = writePng({ width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 0, 255) });
const values = [1, 2, 3, Number.POSITIVE_INFINITY];

/** Every kind of block, each text of it `text`. A new kind must stand here, or the type check fails. */
const blocks = (text: string): Block[] => {
  const all: { [K in Block["kind"]]: Extract<Block, { kind: K }> | Block } = {
    text: { kind: "text", text },
    heading: { kind: "heading", text },
    note: { kind: "note", text, tone: "bad" },
    list: { kind: "list", items: [text] },
    figures: { kind: "figures", items: [{ label: text, value: text, tone: "good" }] },
    table: {
      kind: "table",
      columns: [text, "n"],
      rows: [
        [text, 1],
        [null, null],
      ],
      caption: text,
    },
    pictures: { kind: "pictures", items: [{ png, alt: text, caption: text }] },
    strip: { kind: "strip", title: text, unit: text, series: [{ name: text, values }], limit: 2 },
    ecdf: { kind: "ecdf", title: text, unit: text, series: [{ name: text, values }] },
    lines: {
      kind: "lines",
      title: text,
      x: text,
      y: text,
      log: true,
      curves: [
        {
          name: text,
          points: [
            [0, 1],
            [1, 0.1],
          ],
        },
      ],
    },
    code: { kind: "code", text },
  };
  return Object.values(all);
};
const report = (text: string, folded = false): string =>
  htmlReport({ title: text, lead: text, sections: [{ title: text, blocks: blocks(text), folded }] });

describe("htmlReport", () => {
  test.each([false, true])("every string is escaped (folded: %s)", (folded) => {
    const html = report(evil, folded);
    const plain = report("plain", folded);
    const tags = (text: string): string[] => [...text.matchAll(/<\/?[a-zA-Z][^\s>/]*/g)].map((m) => m[0]);
    expect(tags(html)).toEqual(tags(plain));
    expect(tags(html)).not.toContain("<script");
    expect(html).not.toContain("<script");
    expect(html.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)!.length).toBeGreaterThan(20);
    expect(html).toContain("&amp;amp;");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    // No attribute ends early: each tag's text outside quotes holds names and "=" only.
    for (const [tag] of html.matchAll(/<[a-zA-Z][^<>]*>/g))
      expect(tag.replace(/"[^"]*"/g, '""'), tag).toMatch(/^<[a-zA-Z0-9]+(\s+[a-zA-Z0-9-]+(="")?)*\s*\/?>$/);
  });

  test("opens without a network: the policy stands first, and nothing points outside", () => {
    const html = report("plain");
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    );
    expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<style"));
    expect(html).not.toMatch(/https?:|\bhref=|url\(|@import|<link|<script|<iframe|\son[a-z]+=/);
    for (const [, source] of html.matchAll(/src="([^"]*)"/g))
      expect(source).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
    expect(html).toContain("Research software, not a medical device.");
  });

  test("every element that is opened is closed", () => {
    const open: string[] = [];
    for (const [, slash, name, rest] of report("plain").matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>/g)) {
      if (["meta", "img"].includes(name) || rest.endsWith("/")) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("pictures come back byte for byte, long ones too", () => {
    const random = new Random(1);
    const data = Uint8Array.from({ length: 3 * 90 * 91 }, () => random.integer(256));
    const long = writePng({ width: 90, height: 91, channels: 3, data });
    expect(long.length).toBeGreaterThan(8190);
    const html = htmlReport({
      title: "x",
      sections: [{ title: "x", blocks: [{ kind: "pictures", items: [{ png: long, alt: "x" }] }] }],
    });
    const found = /base64,([^"]+)"/.exec(html)![1];
    expect(Buffer.from(found, "base64").equals(Buffer.from(long))).toBe(true);
  });

  test("numbers are readable, missing ones a dash, and columns of numbers stand right", () => {
    const rows = [
      ["a", 0.123456, null],
      ["b", Number.POSITIVE_INFINITY, 1234567],
      ["c", -2, Number.NaN],
    ];
    const html = htmlReport({
      title: "x",
      sections: [{ title: "x", blocks: [{ kind: "table", columns: ["n", "v", "w"], rows }] }],
    });
    expect([...html.matchAll(/<td( class="r")?>([^<]*)</g)].map((m) => [Boolean(m[1]), m[2]])).toEqual([
      [false, "a"],
      [true, "0.123"],
      [true, "–"],
      [false, "b"],
      [true, "∞"],
      [true, "1234567"],
      [false, "c"],
      [true, "−2"],
      [true, "–"],
    ]);
  });

  test("what is no PNG and a row that does not fit are refused", () => {
    const one = (b: Block) => () => htmlReport({ title: "x", sections: [{ title: "x", blocks: [b] }] });
    expect(one({ kind: "pictures", items: [{ png: new TextEncoder().encode("<svg/>"), alt: "bad" }] })).toThrow(
      DataError,
    );
    expect(one({ kind: "table", columns: ["a", "b"], rows: [["x"]] })).toThrow(/1 cells, the table 2 columns/);
  });
});
