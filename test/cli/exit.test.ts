import { describe, expect, test } from "vitest";
import { describeError, exitCodeOf, Interrupted } from "../../src/cli/exit.ts";
import {
  CheckpointError,
  ConfigError,
  DataError,
  DeviceError,
  DeviceLostError,
  GeometryError,
  NoAdapterError,
  NumericError,
  OutOfMemoryError,
  ParseError,
  ShapeError,
} from "../../src/errors.ts";

const system = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });

describe("exitCodeOf", () => {
  test.each<[unknown, number]>([
    [new ParseError("nifti", "x"), 2],
    [new DataError("x"), 2],
    [new ConfigError("a.b", "x"), 2],
    [new GeometryError("x"), 2],
    [new CheckpointError("x"), 2],
    [new DataError("cannot read", { cause: system("ENOENT", "open") }), 2],
    [new DataError("cannot write", { cause: system("ENOSPC", "write") }), 1],
    [new DataError("cannot write", { cause: system("EACCES", "rename") }), 1],
    [new DataError("cannot write", { cause: system("EROFS", "open") }), 1],
    [new NoAdapterError("x", []), 3],
    [new ShapeError("x"), 1],
    [new NumericError("x"), 1],
    [new DeviceError("x"), 1],
    [new DeviceLostError("unknown", "x"), 1],
    [new OutOfMemoryError(1, 2, 3, "x"), 1],
    [new TypeError("x"), 1],
    ["text", 1],
    [new Interrupted("SIGINT"), 130],
    [new Interrupted("SIGTERM"), 143],
  ])("%s -> %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe("describeError", () => {
  test("our own errors are one message without a stack", () => {
    expect(describeError(new DataError("a.csv: row 3 has no name; add it"), { debug: false })).toBe(
      "a.csv: row 3 has no name; add it",
    );
  });

  test("a stack, and the cause's, come with FIDUCIAL_DEBUG", () => {
    const text = describeError(new DataError("x", { cause: new Error("deep") }), { debug: true });
    expect(text).toContain("exit.test.ts");
    expect(text).toContain("deep");
  });

  test("other errors say that they are not the user's", () => {
    expect(describeError(new TypeError("x is undefined"), { debug: false })).toMatch(
      /^TypeError: x is undefined\n.*FIDUCIAL_DEBUG/,
    );
  });

  test.runIf(process.platform === "linux")("a missing adapter names both fixes", () => {
    const text = describeError(new NoAdapterError("none", []), { debug: false, adapter: "system" });
    expect(text).toContain("mesa-vulkan-drivers");
    expect(text).toContain("npm install @sparticuz/chromium");
    expect(text).toContain("--adapter system");
  });
});
