import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeFolder } from "../../src/io/node/index.ts";

/** What Node's recursive mkdir does on a disk that takes nothing: it hides the reason behind ENOENT. */
const disk = vi.hoisted(() => ({ code: undefined as string | undefined }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const refuse = (code: string): never => {
    throw Object.assign(new Error(code), { code, syscall: "mkdir" });
  };
  return {
    ...real,
    mkdir: async (path: string, options?: { recursive: boolean }) => {
      if (disk.code) refuse(options?.recursive ? "ENOENT" : disk.code);
      return real.mkdir(path, options);
    },
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fiducial-folder-"));
});
afterEach(() => {
  disk.code = undefined;
  rmSync(folder, { recursive: true, force: true });
});

test("makes what is missing above it", async () => {
  await makeFolder(join(folder, "a/b/c"));
  await makeFolder(join(folder, "a/b/c"));
  expect(existsSync(join(folder, "a/b/c"))).toBe(true);
});

test.each([
  ["EROFS", "read-only"],
  ["ENOSPC", "disk is full"],
])("the true reason is told, not ENOENT: %s", async (code, words) => {
  disk.code = code;
  const path = join(folder, "a/b/c");
  const error = await makeFolder(path).catch((e: Error) => e);
  expect((error as Error).message).toMatch(new RegExp(`^cannot create ${path}: ${code}: .*${words}`));
  expect((error as Error & { cause: { code: string } }).cause.code).toBe(code);
});

test("a file in the way", async () => {
  writeFileSync(join(folder, "file"), "");
  await expect(makeFolder(join(folder, "file/a"))).rejects.toThrow("ENOTDIR");
});
