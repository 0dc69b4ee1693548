import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Vec3 } from "../../../src/geometry/index.ts";
import { planeClass } from "../../../src/geometry/index.ts";
import { dicomUid, type Volume, writeDicom, writeNifti } from "../../../src/io/index.ts";
import { scoutPlanes, toNetworkGrid } from "../../../src/mri/scouts/index.ts";
import { readScouts } from "../../../src/mri/scouts/read-scouts.node.ts";
import { changed, encode, file, part10 } from "../../io/dicom-build.ts";

let folder: string;
const put = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fiducial-scouts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const planes = scoutPlanes({ size: 16, pixelMm: 10, thicknessMm: 5 });
const names = ["sagittal", "coronal", "axial"] as const;
const dicom = (name: (typeof names)[number]): Uint8Array =>
  writeDicom({
    image: { width: 16, height: 16, channels: 1, data: Uint16Array.from({ length: 256 }, (_, i) => i) },
    plane: planes[name],
    frameOfReference: "1.2.3",
    seriesUid: dicomUid(name),
  });
const threeDicoms = (): string[] => names.map((n) => put(`${n}.dcm`, dicom(n)));

/** One slice of 16 x 16 voxels across a voxel axis; without a turn the axes are left, posterior, superior. */
const thin = (axis: 0 | 1 | 2, spoil?: (data: Float32Array) => void): Volume => {
  const size: [number, number, number] = [16, 16, 16];
  size[axis] = 1;
  const data = Float32Array.from({ length: 256 }, (_, i) => i);
  spoil?.(data);
  const offset = [-80, -80, -80] as [number, number, number];
  offset[axis] = 0;
  return {
    size,
    data,
    affine: { linear: [10, 0, 0, 0, 10, 0, 0, 0, 10], offset: offset as Vec3 as Volume["affine"]["offset"] },
  };
};

describe("readScouts", () => {
  test("three files say nothing where there is nothing to say", async () => {
    const { scouts, warnings } = await readScouts(threeDicoms());
    expect(scouts.map((s) => planeClass(s.plane!))).toEqual(names);
    expect(warnings).toEqual([]);
  });

  test("scouts of one voxel across any axis are what their geometry says", async () => {
    const files = ([0, 1, 2] as const).map((a) => put(`${a}.nii.gz`, writeNifti(thin(a), { gzip: true })));
    const { scouts } = await readScouts(files);
    expect(scouts.map((s) => planeClass(s.plane!))).toEqual(names);
    expect(scouts.map((s) => [s.width, s.height])).toEqual([
      [16, 16],
      [16, 16],
      [16, 16],
    ]);
  });

  test("two of one plane are named", async () => {
    const [, coronal, axial] = threeDicoms();
    const twin = put("twin.nii", writeNifti(thin(2)));
    await expect(readScouts([axial, coronal, twin])).rejects.toThrow(`${axial} and ${twin} are both axial`);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("a pixel of %f is named with its file", async (value) => {
    const [sagittal, coronal] = threeDicoms();
    const bad = put("bad.nii", writeNifti(thin(2, (d) => d.set([value, value], 16 + 3))));
    await expect(readScouts([sagittal, coronal, bad])).rejects.toThrow(
      `${bad}: pixel (3, 1) is ${value}, and 2 of 256 are not finite`,
    );
    const image = {
      width: 16,
      height: 16,
      channels: 1 as const,
      data: new Float32Array(256).fill(value),
      plane: planes.axial,
    };
    expect(() => toNetworkGrid(image)).toThrow(`the axial scout: pixel (0, 0) is ${value}`);
  });

  test("a folder of DICOM skips what is no slice, and warnings of a scout name its plane", async () => {
    threeDicoms();
    const report = changed({
      524310: { vr: "UI", value: "1.2.840.10008.5.1.4.1.1.88.11" },
      2145386512: undefined,
      2621456: undefined,
    });
    put("report.dcm", part10(encode(report)));
    put("._axial.dcm", Uint8Array.of(0, 5, 22, 7));
    put("DICOMDIR", file());
    put("readme.txt", "hello");
    mkdirSync(join(folder, "deeper"));
    const { scouts, warnings } = await readScouts([folder]);
    expect(scouts.length).toBe(3);
    expect(warnings.map((w) => [w.code, w.scout, w.text.slice(folder.length + 1)])).toEqual([
      ["skipped", null, "._axial.dcm: this is what macOS keeps beside a file; left out"],
      ["skipped", null, "DICOMDIR: this is a DICOMDIR; left out"],
      ["skipped", null, "readme.txt: this is no DICOM file; left out"],
      ["skipped", null, "report.dcm: this is a structured report; left out"],
    ]);
  });

  test("a folder of NIfTI skips what is none", async () => {
    for (const a of [0, 1, 2] as const) put(`${a}.nii.gz`, writeNifti(thin(a), { gzip: true }));
    put("._0.nii.gz", Uint8Array.of(0, 5, 22, 7));
    put("0.json", "{}");
    const { scouts, warnings } = await readScouts([folder]);
    expect(scouts.length).toBe(3);
    expect(warnings.map((w) => w.text.slice(folder.length + 1))).toEqual([
      "._0.nii.gz: this is what macOS keeps beside a file; left out",
      "0.json: this is no NIfTI file; left out",
    ]);
  });

  test("what a reader says of one scout has that scout's plane", async () => {
    const [sagittal, coronal, axial] = threeDicoms();
    const zeros = new Uint8Array([...writeNifti(thin(2), { gzip: true }), 0, 0]);
    const { warnings } = await readScouts([sagittal, coronal, put("axial.nii.gz", zeros)]);
    expect(warnings).toMatchObject([{ code: "trailing_zeros", scout: "axial" }]);
    expect(warnings[0].text.startsWith(join(folder, "axial.nii.gz"))).toBe(true);
    expect(axial).toContain("axial.dcm");
  });

  test("a thickness stands in where DICOM has none", async () => {
    const bare = (n: (typeof names)[number], k: number) => {
      const { position: p, columnDirection: c, rowDirection: r } = planes[n];
      return put(
        `bare${k}.dcm`,
        file(
          changed({
            1572944: undefined,
            2097202: { vr: "DS", value: p.join("\\") },
            2097207: { vr: "DS", value: [...c, ...r].join("\\") },
          }),
        ),
      );
    };
    const files = names.map(bare);
    await expect(readScouts(files)).rejects.toThrow("state it with the option thickness");
    const { scouts } = await readScouts(files, { thickness: 7 });
    expect(scouts.map((s) => s.plane?.thickness)).toEqual([7, 7, 7]);
  });
});
