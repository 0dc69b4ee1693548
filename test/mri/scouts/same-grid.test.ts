import { expect, test } from "vitest";
import type { Volume } from "../../../src/io/index.ts";
import { sameGrid } from "../../../src/mri/scouts/index.ts";

const volume: Volume = {
  size: [4, 5, 6],
  data: new Uint8Array(120),
  affine: { linear: [2, 0, 0, 0, 2, 0, 0, 0, 2], offset: [-4, -5, -6] },
};
const withAffine = (linear: number, offset: number): Volume => ({
  ...volume,
  affine: { linear: [2 + linear, 0, 0, 0, 2, 0, 0, 0, 2], offset: [-4, -5, -6 + offset] },
});

test("two volumes share a grid but for what a file format rounds", () => {
  expect(sameGrid(volume, withAffine(5e-4, 0.05))).toBe(true);
  expect(sameGrid(volume, withAffine(2e-3, 0))).toBe(false);
  expect(sameGrid(volume, withAffine(0, 0.2))).toBe(false);
  expect(sameGrid(volume, { ...volume, size: [4, 5, 7] })).toBe(false);
});
