import { failing, guarded } from "../guard.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys that would reach an object's prototype. */
const forbidden = new Set(["__proto__", "constructor"]);
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\n\r]*/y;

/** A recursive-descent parser of JSON (RFC 8259) that refuses repeated keys and counts its depth. */
class Parser {
  readonly text: string;
  readonly maxDepth: number;
  readonly fail: (field: string, offset: number | undefined, message: string) => never;
  at = 0;

  constructor(format: string, text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.fail = failing(format);
  }

  skip(): string {
    space.lastIndex = this.at;
    space.test(this.text);
    this.at = space.lastIndex;
    return this.text[this.at];
  }

  expect(c: string, after: string): void {
    if (this.skip() !== c) this.wrong(`"${c}" ${after}`);
    this.at += 1;
  }

  wrong(want: string): never {
    const found = this.at < this.text.length ? `character ${JSON.stringify(this.text[this.at])}` : "the end";
    return this.fail("json", this.at, `${found} at position ${this.at} where ${want} is due; this is not valid JSON`);
  }

  string(): string {
    const start = this.at;
    for (let i = start + 1; i < this.text.length; i++) {
      const c = this.text.charCodeAt(i);
      if (c === 0x22) {
        this.at = i + 1;
        try {
          return JSON.parse(this.text.slice(start, this.at));
        } catch {
          return this.fail(
            "json",
            start,
            `the text that starts at position ${start} has an escape that JSON does not know`,
          );
        }
      }
      if (c === 0x5c) i += 1;
      if (c < 0x20)
        return this.fail(
          "json",
          i,
          `a control character stands inside the text at position ${i}; write it as an escape`,
        );
    }
    return this.fail("json", start, `the text that starts at position ${start} never ends; the file is truncated`);
  }

  object(depth: number): Json {
    const out: { [key: string]: Json } = {};
    this.at += 1;
    if (this.skip() === "}") {
      this.at += 1;
      return out;
    }
    for (;;) {
      if (this.skip() !== '"') this.wrong("a key in quotes");
      const keyAt = this.at;
      const key = this.string();
      if (forbidden.has(key)) this.fail(key, keyAt, `the key "${key}" at position ${keyAt} is not allowed; rename it`);
      if (Object.hasOwn(out, key))
        this.fail(
          key,
          keyAt,
          `the key ${JSON.stringify(key.slice(0, 80))} stands twice, again at position ${keyAt}; remove one`,
        );
      this.expect(":", "after a key");
      out[key] = this.value(depth + 1);
      if (this.skip() !== ",") break;
      this.at += 1;
    }
    this.expect("}", 'or "," after a value');
    return out;
  }

  array(depth: number): Json {
    const out: Json[] = [];
    this.at += 1;
    if (this.skip() === "]") {
      this.at += 1;
      return out;
    }
    for (;;) {
      out.push(this.value(depth + 1));
      if (this.skip() !== ",") break;
      this.at += 1;
    }
    this.expect("]", 'or "," after a value');
    return out;
  }

  word(): Json {
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    number.lastIndex = this.at;
    const found = number.exec(this.text);
    if (!found) return this.wrong("a value");
    this.at = number.lastIndex;
    const value = Number(found[0]);
    if (!Number.isFinite(value))
      this.fail("json", this.at, `the number ${found[0].slice(0, 40)} is out of the range of float64`);
    return value;
  }

  value(depth: number): Json {
    if (depth > this.maxDepth)
      this.fail(
        "json",
        this.at,
        `values are nested deeper than ${this.maxDepth} at position ${this.at}; the file is damaged or hostile`,
      );
    const c = this.skip();
    return c === "{" ? this.object(depth) : c === "[" ? this.array(depth) : c === '"' ? this.string() : this.word();
  }

  document(): Json {
    const out = this.value(0);
    this.skip();
    if (this.at < this.text.length) this.wrong("the end");
    return out;
  }
}

/**
 * Strict JSON -> plain values. Throws ParseError (with the offset) for anything that is not JSON, for a repeated key, for
 * the keys `__proto__` and `constructor`, and for nesting deeper than `maxDepth`. `format` names the file's
 * kind in messages.
 */
export const parseJson = (text: string, maxDepth: number, format = "json"): Json =>
  guarded(format, () => new Parser(format, text, maxDepth).document());

/** Strict UTF-8 with or without a byte order mark; throws ParseError. */
export const decodeText = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}, format = "text"): string => {
  const { maxTextBytes } = withDefaults(limits);
  const fail = failing(format);
  if (bytes.length > maxTextBytes)
    fail(
      "length",
      undefined,
      `the file has ${bytes.length} bytes, more than limits.maxTextBytes = ${maxTextBytes}; raise that limit if you trust it`,
    );
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("encoding", undefined, "the file is not UTF-8 text; save it as UTF-8");
  }
};

/** A JSON file under the limits maxTextBytes and maxTextDepth; see `parseJson`. */
export const readJson = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Json =>
  parseJson(decodeText(bytes, limits, "json"), withDefaults(limits).maxTextDepth);
