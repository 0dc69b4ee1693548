import { describe, expect, test } from "vitest";
import { envelope, jsonSafe, jsonText } from "../../src/cli/envelope.ts";
import { version } from "../../src/version.ts";

describe("envelope", () => {
  test("has its fields first and in order", () => {
    const out = envelope(
      "box",
      { command: "mri calibrate", seed: 3, adapter: { name: "A", hash: "ff" } },
      { frame: "LPS", adapter: { kind: "system" } },
    );
    expect(out).toEqual({
      format: "fiducial/box@1",
      version,
      command: "mri calibrate",
      seed: 3,
      adapter: { name: "A", hash: "ff", kind: "system" },
      frame: "LPS",
    });
    expect(Object.keys(out).slice(0, 5)).toEqual(["format", "version", "command", "seed", "adapter"]);
  });

  test("no adapter is null with a reason", () => {
    expect(envelope("x", { command: "x", seed: 0 }, {}).adapter).toEqual({
      name: null,
      hash: null,
      reason: "no adapter was used",
    });
  });

  test("NaN and infinities become null with a reason beside them, at every depth", () => {
    const given = {
      a: Number.NaN,
      b: { c: [1, Number.POSITIVE_INFINITY] },
      d: new Float32Array([1, Number.NaN]),
      list: [{ e: Number.NaN }],
      own: Number.NaN,
      own_reason: "refused",
      ok: 1,
    };
    expect(jsonSafe(given)).toEqual({
      a: null,
      a_reason: "not a number",
      b: { c: [1, null], c_reason: "infinite" },
      d: [1, null],
      d_reason: "not a number",
      list: [{ e: null, e_reason: "not a number" }],
      own: null,
      own_reason: "refused",
      ok: 1,
    });
  });

  test("the text is JSON of the same value, with vectors on one line", () => {
    const value = {
      text: "[1,\n  2]",
      p: [1, -2.5, 3e-7],
      rows: [
        [1, 2],
        [3, null],
      ],
      none: [],
      names: ["a", "b"],
    };
    const text = jsonText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toContain('"p": [1, -2.5, 3e-7]');
    expect(text.endsWith("}\n")).toBe(true);
  });
});
