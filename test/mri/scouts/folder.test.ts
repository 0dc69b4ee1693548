import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataError, ParseError } from "../../../src/errors.ts";
import { writeNifti } from "../../../src/io/nifti/write.ts";
import { openMriFolder } from "../../../src/mri/scouts/folder.node.ts";
import { landmarkSets, museFrame } from "../../../src/mri/scouts/index.ts";
import { volumeOf } from "./phantom.ts";

let folder: string;
const put = (path: string, content: string | Uint8Array) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const small = volumeOf([4, 5, 6], 2, (x) => x + 10, Float32Array);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fiducial-mri-"));
  put("t1/A.nii.gz", writeNifti(small, { gzip: true }));
  put("t1/B.nii", writeNifti(small));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const truth = {
  frame: "LPS",
  subjects: {
    A: {
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      centre_mm: [1, 2, 3],
      size_mm: [130, 170, 140],
      landmarks_mm: { box_centre: [1, 2, 3] },
    },
  },
};

describe("openMriFolder", () => {
  it("lists subjects, reads volumes in LPS and takes the truth that is given", () => {
    put("truth.json", JSON.stringify(truth));
    put("split.json", JSON.stringify({ train: ["A"], test: ["B"] }));
    const data = openMriFolder(folder);
    expect(data.subjects).toEqual(["A", "B"]);
    expect(data.split("train")).toEqual(["A"]);
    expect(data.split("all")).toEqual(["A", "B"]);
    expect(data.landmarkSets).toBe(landmarkSets);
    const head = data.head("A");
    expect(head.volume.size).toEqual([4, 5, 6]);
    expect(head.volume.affine.offset).toEqual(small.affine.offset.map((v) => expect.closeTo(v, 4)));
    expect(head.truth?.center).toEqual([1, 2, 3]);
    expect(data.head("B").truth).toBeNull();
    expect(data.labels("B")).toBeNull();
  });

  it("skips hidden files that end as volumes do, and says so", () => {
    for (const part of ["t1", "labels"]) put(`${part}/._A.nii.gz`, Uint8Array.of(0, 5, 22, 7));
    put("t1/notes.txt", "hello");
    const data = openMriFolder(folder);
    expect(data.subjects).toEqual(["A", "B"]);
    expect(data.warnings.map((w) => w.text)).toEqual([
      `${join(folder, "t1/._A.nii.gz")}: this is a hidden file, no volume of a head; left out`,
      `${join(folder, "labels/._A.nii.gz")}: this is a hidden file, no volume of a head; left out`,
    ]);
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])("a voxel of %f is said at reading, with the file", (value) => {
    const data = Float32Array.from(small.data);
    data[4 + 5 * 4 * 2] = value;
    put("t1/B.nii", writeNifti({ ...small, data }));
    expect(() => openMriFolder(folder).head("B")).toThrow(`${join(folder, "t1/B.nii")}: voxel (0, 1, 2) is ${value};`);
  });

  it("keeps what the reader of a volume says, once, with the file", () => {
    put("t1/A.nii.gz", new Uint8Array([...writeNifti(small, { gzip: true }), 0, 0, 0, 0]));
    const data = openMriFolder(folder);
    for (let k = 0; k < 2; k++) data.head("A");
    expect(data.warnings.map((w) => w.text)).toEqual([
      `${join(folder, "t1/A.nii.gz")}: gzip: 4 zero bytes follow the stream; ignored`,
    ]);
  });

  it("computes the truth from labels where none is given", () => {
    const labels = volumeOf([100, 120, 100], 2, () => 0, Uint8Array);
    for (const [label, place] of museFrame.meanShape) {
      const [x, y, z] = place.map((v, k) => Math.round((v - labels.affine.offset[k]) / 2));
      labels.data[x + 100 * (y + 120 * z)] = label;
    }
    put(
      "t1/C.nii.gz",
      writeNifti(
        volumeOf([100, 120, 100], 2, () => 1, Uint8Array),
        { gzip: true },
      ),
    );
    put("labels/C.nii.gz", writeNifti(labels, { gzip: true }));
    const { truth: found } = openMriFolder(folder).head("C");
    expect(found?.axes[0][0]).toBeGreaterThan(0.999);
    expect(found?.landmarks.brain_stem[2]).toBeCloseTo(-36, -0.5);
  });

  it.each<[string, () => void, RegExp]>([
    [
      "no volumes",
      () => rmSync(join(folder, "t1"), { recursive: true }),
      /t1: no volumes; put them there as t1\/ID.nii.gz/,
    ],
    ["broken JSON", () => put("split.json", "{ train"), /split.json: .*write valid JSON/],
    [
      "a subject in two parts",
      () => put("split.json", '{ "train": ["A"], "test": ["A"] }'),
      /split.json: A is in train and in test/,
    ],
    [
      "a subject without a volume",
      () => put("split.json", '{ "train": ["Z"] }'),
      /Z \(train\) has no volume t1\/Z.nii.gz/,
    ],
    [
      "a truth in another frame",
      () => put("truth.json", JSON.stringify({ ...truth, frame: "RAS" })),
      /truth.json: frame: /,
    ],
    [
      "a truth with two numbers for a point",
      () => put("truth.json", JSON.stringify(truth).replace('"centre_mm":[1,2,3]', '"centre_mm":[1,2]')),
      /truth.json: subjects.A.centre_mm/,
    ],
    [
      "one subject twice",
      () => put("t1/A.nii", writeNifti(small)),
      /both A.nii.gz and A.nii are there|both A.nii and A.nii.gz are there/,
    ],
  ])("refuses %s, naming the file and the cure", (_name, spoil, message) => {
    spoil();
    expect(() => openMriFolder(folder)).toThrow(message);
  });

  it("names the file that cannot be read, the split that is missing and the subject that is not there", () => {
    put("t1/D.nii.gz", new Uint8Array([1, 2, 3]));
    const data = openMriFolder(folder);
    try {
      data.head("D");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      expect((error as ParseError).file).toContain("D.nii.gz");
      expect((error as ParseError).message).toContain("D.nii.gz");
    }
    expect(() => data.split("test")).toThrow(/the file is missing; write .* or use --split all/);
    expect(() => data.head("Q")).toThrow(DataError);
  });

  it("refuses labels on another grid than their volume", () => {
    put(
      "labels/A.nii.gz",
      writeNifti(
        volumeOf([4, 5, 7], 2, () => 1, Uint8Array),
        { gzip: true },
      ),
    );
    expect(() => openMriFolder(folder).head("A")).toThrow(
      /labels.A.nii.gz: the labels' grid 4x5x7 is not the volume's 4x5x6/,
    );
  });
});
