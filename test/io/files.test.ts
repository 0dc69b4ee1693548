import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { DataError, ParseError } from "../../src/errors.ts";
import { writeNifti, writePng } from "../../src/io/index.ts";
import {
  readBytes,
  readDicomFolder,
  readImage,
  readVolume,
  removeStaleTemps,
  writeFileAtomic,
} from "../../src/io/node/index.ts";
import { changed, file } from "./dicom-build.ts";

const root = mkdtempSync(join(tmpdir(), "fiducial io ü-"));
let folder = root;
let count = 0;
beforeEach(() => {
  folder = join(root, `test ${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const failure = async (work: Promise<unknown>): Promise<Error & { cause?: { code?: string } }> => {
  const error = await work.then(
    () => undefined,
    (e: Error) => e,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error & { cause?: { code?: string } };
};

describe("writeFileAtomic", () => {
  test("writes and replaces, and leaves nothing else", async () => {
    const path = join(folder, "a file.bin");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, "text");
    expect(readFileSync(path, "utf8")).toBe("text");
    expect(readdirSync(folder)).toEqual(["a file.bin"]);
  });

  const cases: readonly [string, string, () => string][] = [
    ["a missing folder", "ENOENT", () => join(folder, "none", "x")],
    [
      "a file where a folder is due",
      "ENOTDIR",
      () => {
        writeFileSync(join(folder, "f"), "");
        return join(folder, "f", "x");
      },
    ],
    [
      "a folder where a file is due",
      "EISDIR",
      () => {
        mkdirSync(join(folder, "d"));
        return join(folder, "d");
      },
    ],
    ["a name that is too long", "ENAMETOOLONG", () => join(folder, "x".repeat(300))],
    [
      "links that lead in a circle",
      "ELOOP",
      () => {
        symlinkSync("loop", join(folder, "loop"));
        return join(folder, "loop", "x");
      },
    ],
  ];
  test.each(cases)("%s: %s, by path and cure, without leftovers", async (_, code, make) => {
    const path = make();
    const before = readdirSync(folder);
    const error = await failure(writeFileAtomic(path, "new"));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(`cannot write ${path}: ${code}: `);
    expect(error.message).not.toContain("see the cause");
    expect(error.cause?.code).toBe(code);
    expect(readdirSync(folder)).toEqual(before);
  });

  // A quota on the size of one file makes the kernel refuse the write half way, as a full disk does (EFBIG for ENOSPC).
  test.skipIf(process.platform !== "linux")(
    "a write that fails half way keeps the old file and removes the temporary one",
    async () => {
      const path = join(folder, "checkpoint");
      writeFileSync(path, "old");
      const script = join(folder, "write.ts");
      const module = fileURLToPath(new URL("../../src/io/node/files.ts", import.meta.url));
      writeFileSync(
        script,
        `import { writeFileAtomic } from ${JSON.stringify(module)};
       process.on("SIGXFSZ", () => {});
       writeFileAtomic(${JSON.stringify(path)}, new Uint8Array(8_000_000)).then(() => console.log("written"), (e) => console.log(e.message));`,
      );
      const tsx = fileURLToPath(new URL("../../node_modules/.bin/tsx", import.meta.url));
      const said = execFileSync("bash", ["-c", `ulimit -f 1000; exec "$0" "$1"`, tsx, script], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      expect(said).toContain(`cannot write ${path}: EFBIG: `);
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(folder).sort()).toEqual(["checkpoint", "write.ts"]);
    },
  );

  const full = "/dev/full"; // takes nothing: every write to it says ENOSPC
  test.skipIf(!existsSync(full))("a full disk is named with its cure", async () => {
    const { fileError } = await import("../../src/io/node/errors.ts");
    const { open } = await import("node:fs/promises");
    const handle = await open(full, "w");
    const error = await failure(handle.writeFile("x"));
    await handle.close();
    expect(fileError("write", "run/last.safetensors", error).message).toBe(
      "cannot write run/last.safetensors: ENOSPC: the disk is full; free some space or choose another disk",
    );
  });

  test("killed at any moment, the file is the old or the new one, whole", async () => {
    const path = join(folder, "checkpoint");
    const script = join(root, `kill-${count}.ts`);
    const module = fileURLToPath(new URL("../../src/io/node/files.ts", import.meta.url));
    // Each version is 2 MB of one byte, so that a mixture would show.
    writeFileSync(
      script,
      `import { writeFileAtomic } from ${JSON.stringify(module)};
       const loop = async () => { for (let i = 0; ; i++) { await writeFileAtomic(${JSON.stringify(path)}, new Uint8Array(2_000_000).fill(i)); console.log(i); } };
       loop();`,
    );
    const tsx = fileURLToPath(new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url));
    let left = 0;
    for (let i = 0; i < 10; i++) {
      const child = spawn(process.execPath, ["--import", tsx, script], { stdio: ["ignore", "pipe", "ignore"] });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await sleep((i * 7) % 23);
      child.kill("SIGKILL");
      await ended;
      const bytes = readFileSync(path);
      expect(bytes.length).toBe(2_000_000);
      expect(bytes.every((b) => b === bytes[0])).toBe(true);
      left += (await removeStaleTemps(folder)).length;
      expect(readdirSync(folder)).toEqual(["checkpoint"]);
    }
    expect(left).toBeGreaterThan(0); // else no kill came during a write, and the test showed nothing
  });
});

describe("removeStaleTemps", () => {
  test("removes its own kind only", async () => {
    const own = ".last.safetensors.01234567-89ab-cdef-0123-456789abcdef.fiducial-tmp";
    for (const name of [own, "keep.tmp", ".hidden", "a.fiducial-tmp"]) writeFileSync(join(folder, name), "");
    expect(await removeStaleTemps(folder)).toEqual([own]);
    expect(readdirSync(folder).sort()).toEqual([".hidden", "a.fiducial-tmp", "keep.tmp"]);
  });

  test("a missing folder is named", async () => {
    expect((await failure(removeStaleTemps(join(folder, "none")))).message).toContain("ENOENT");
  });
});

describe("reading by content", () => {
  const volume = {
    size: [3, 2, 5] as const,
    data: Uint8Array.from({ length: 30 }, (_, i) => i),
    affine: { linear: [1, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] } as const,
  };

  test("missing files, folders and files above the cap", async () => {
    const none = join(folder, "none.nii");
    expect((await failure(readBytes(none))).message).toContain(`cannot read ${none}: ENOENT: it does not exist`);
    expect((await failure(readBytes(folder))).message).toContain("EISDIR");
    writeFileSync(join(folder, "big"), "12345");
    expect((await failure(readBytes(join(folder, "big"), 4))).message).toContain("5 bytes, more than the 4 allowed");
  });

  test("a file without the right to read it", async () => {
    const path = join(folder, "locked");
    writeFileSync(path, "x");
    chmodSync(path, 0);
    const root = process.getuid?.() === 0; // who may read everything, unless it gives that up for a moment
    if (root) process.seteuid?.(65534);
    try {
      expect((await failure(readBytes(path))).message).toContain("EACCES");
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  test("PNG, DICOM and NIfTI under any name, gzipped or not", async () => {
    const at = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    expect(
      await readImage(at("a", writePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(5, 6) }))),
    ).toMatchObject({ width: 2, height: 1 });
    expect(await readImage(at("b", file()))).toMatchObject({ width: 3, height: 2 });
    expect(await readImage(at("c", gzipSync(file())))).toMatchObject({ width: 3, height: 2 });
    expect([...(await readImage(at("d", writeNifti(volume, { gzip: true })))).data]).toEqual([12, 13, 14, 15, 16, 17]);
    expect((await readVolume(at("e", writeNifti(volume)))).size).toEqual([3, 2, 5]);
    expect((await readVolume(at("f", writeNifti(volume, { gzip: true })))).data).toEqual(volume.data);
    expect((await readVolume(at("g", file()))).size).toEqual([3, 2, 1]);
  });

  test("what cannot be read names the file", async () => {
    const cases: [string, Uint8Array, RegExp][] = [
      ["empty", new Uint8Array(0), /the file is empty/],
      ["text", new TextEncoder().encode("hello"), /not a .*NIfTI-1/],
      [
        "cut.png",
        writePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(5, 6) }).subarray(0, 50),
        /truncated/,
      ],
      ["cut.nii.gz", writeNifti(volume, { gzip: true }).subarray(0, 60), /gzip/],
      ["cut.dcm", file().subarray(0, 200), /truncated/],
    ];
    for (const [name, bytes, message] of cases) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      for (const error of [
        await failure(readImage(path)),
        ...(name === "cut.png" ? [] : [await failure(readVolume(path))]),
      ]) {
        expect(error).toBeInstanceOf(ParseError);
        expect(error.message).toMatch(message);
        expect(error.message.startsWith(`${path}: `)).toBe(true);
        expect(error.message.split(path).length).toBe(2); // once
        expect((error as ParseError).file).toBe(path);
      }
    }
  });

  const slice = (k: number, more: Parameters<typeof changed>[0] = {}) =>
    file(
      changed({ 524312: { vr: "UI", value: `1.2.3.${k}` }, 2097202: { vr: "DS", value: `${4 * k}\\0\\0` }, ...more }),
    );

  test("a DICOM folder, with what is not DICOM skipped", async () => {
    // Names run against positions.
    for (let k = 0; k < 4; k++) writeFileSync(join(folder, `${9 - k}.dcm`), k % 2 ? slice(k) : gzipSync(slice(k)));
    writeFileSync(join(folder, "DICOMDIR"), file());
    writeFileSync(join(folder, "notes.txt"), "hello");
    mkdirSync(join(folder, "sub"));
    const { series, skipped } = await readDicomFolder(folder);
    expect(skipped).toEqual(["DICOMDIR", "notes.txt"]);
    expect(series.length).toBe(1);
    const along = series[0].slices.map((s) => s.plane.position[0]);
    expect(along.toSorted((a, b) => b - a)).toEqual(along); // the normal of (0,1,0) and (0,0,-1) is (-1,0,0)
    expect((await readVolume(folder)).size).toEqual([3, 2, 4]);
  });

  test("what lies beside a series is left out, by what it is", async () => {
    for (let k = 0; k < 2; k++) writeFileSync(join(folder, `${k}.dcm`), slice(k));
    const bare = (sopClass: string) =>
      file(changed({ 524310: { vr: "UI", value: sopClass }, 2145386512: undefined, 2621456: undefined }));
    writeFileSync(join(folder, "a.dcm"), bare("1.2.840.10008.5.1.4.1.1.11.1"));
    writeFileSync(join(folder, "b.dcm"), gzipSync(bare("1.2.840.10008.5.1.4.1.1.88.22")));
    writeFileSync(join(folder, "._0.dcm"), Uint8Array.of(0, 5, 0x16, 7));
    writeFileSync(join(folder, "note.txt"), "hello");
    const read = await readDicomFolder(folder);
    expect(read.skipped).toEqual(["._0.dcm", "a.dcm", "b.dcm", "note.txt"]);
    expect(read.warnings.map((w) => [w.code, w.text.slice(folder.length + 1)])).toEqual([
      ["skipped", "._0.dcm: this is what macOS keeps beside a file; left out"],
      ["skipped", "a.dcm: this is a presentation state; left out"],
      ["skipped", "b.dcm: this is a structured report; left out"],
      ["skipped", "note.txt: this is no DICOM file; left out"],
    ]);
    expect((await readVolume(folder)).warnings?.length).toBe(4);
    expect((await failure(readImage(join(folder, "a.dcm")))).message).toBe(
      `${join(folder, "a.dcm")}: dicom: this is a presentation state, not an image of a slice; leave the file out`,
    );
  });

  test("warnings name the file", async () => {
    const path = join(folder, "a.nii.gz");
    writeFileSync(path, Buffer.concat([gzipSync(writeNifti(volume)), Buffer.alloc(9)]));
    const text = `${path}: gzip: 9 zero bytes follow the stream; ignored`;
    expect((await readVolume(path)).warnings).toMatchObject([{ code: "trailing_zeros", text }]);
    expect((await readImage(path)).warnings).toMatchObject([{ code: "trailing_zeros", text }]);
    const dicom = join(folder, "b.dcm.gz");
    writeFileSync(dicom, Buffer.concat([gzipSync(file()), Buffer.alloc(1)]));
    const byte = `${dicom}: gzip: 1 zero byte follows the stream; ignored`;
    expect((await readImage(dicom)).warnings).toMatchObject([{ text: byte }]);
    expect((await readVolume(dicom)).warnings).toMatchObject([{ text: byte }]);
    expect((await readDicomFolder(folder)).warnings).toMatchObject([{ code: "skipped" }, { text: byte }]);
  });

  test("a sheared volume names its file", async () => {
    const path = join(folder, "sheared.nii");
    const linear = [1, 0.5, 0, 0, 1, 0, 0, 0, 1] as const;
    writeFileSync(path, writeNifti({ ...volume, affine: { ...volume.affine, linear } }));
    expect((await failure(readImage(path))).message).toMatch(new RegExp(`^${path}: sliceOfVolume: the cosine`));
  });

  test("damaged, missing, several and no series", async () => {
    for (const k of [0, 1, 3]) writeFileSync(join(folder, `${k}.dcm`), slice(k));
    expect((await failure(readVolume(folder))).message).toContain(`${join(folder, "1.dcm")}`);
    expect((await failure(readVolume(folder))).message).toContain("a slice is missing");
    writeFileSync(join(folder, "2.dcm"), slice(2).subarray(0, 250));
    const damaged = await failure(readVolume(folder));
    expect(damaged.message).toContain(`${join(folder, "2.dcm")}: dicom: `);
    writeFileSync(join(folder, "2.dcm"), slice(2));
    expect((await readVolume(folder)).size).toEqual([3, 2, 4]);
    writeFileSync(join(folder, "other.dcm"), slice(5, { 2097166: { vr: "UI", value: "7.7" } }));
    expect((await failure(readVolume(folder))).message).toContain("2 DICOM series");
    mkdirSync(join(folder, "empty"));
    expect((await failure(readDicomFolder(join(folder, "empty")))).message).toContain("none of its 0 files");
    expect((await failure(readDicomFolder(join(folder, "2.dcm")))).message).toContain("it is a file");
    expect((await failure(readDicomFolder(join(folder, "none")))).message).toContain("ENOENT");
  });
});
