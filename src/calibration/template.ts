import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { DataError } from "../errors.ts";
import { type Mat3, type Point3, sub, type Vec3 } from "../geometry/index.ts";
import { apply, determinant, multiply, transpose } from "../geometry/mat3.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Template, TemplateLandmark, TemplateMode } from "./types.ts";

/** A head whose box is known, in patient millimeters. */
export interface TrainingHead {
  /** Rows: left, posterior, superior of the anatomy; orthonormal and right-handed. */
  readonly axes: Mat3;
  readonly center: Point3<"lps">;
  /** The box around the anatomy, without margins, along the axes. */
  readonly size: Vec3;
  readonly landmarks: Readonly<Record<string, Point3<"lps">>>;
}

export interface TemplateOptions {
  /** Names to use. Default: all names of the first head. */
  readonly names?: readonly string[];
  /** Which landmarks are computed from the box. Default: names that begin with "box_" or "face_". */
  readonly virtual?: (name: string) => boolean;
  /** Most ways of differing to keep; at most half as many as there are heads. Default 45. */
  readonly modes?: number;
  /** Prior of the extra scale along each axis. Default 0.01. */
  readonly scaleSd?: number;
  /** Expected in-plane error of a landmark on a scout. Default 2 mm. */
  readonly defaultErrorMm?: number;
  /** Default 0.3 mm. */
  readonly floorMm?: number;
  /** Largest total rotation in training. Default 35 degrees. */
  readonly angleDeg?: number;
}
const templateKeys: KeysOf<TemplateOptions> = {
  names: 1,
  virtual: 1,
  modes: 1,
  scaleSd: 1,
  defaultErrorMm: 1,
  floorMm: 1,
  angleDeg: 1,
};

const round = (v: number): number => Math.round(v * 1e4) / 1e4 + 0; // + 0: no -0 in JSON
const round3 = (v: Vec3): Vec3 => [round(v[0]), round(v[1]), round(v[2])];

/** Landmark coordinates in the head's own frame (axes left, posterior, superior; origin in the box's center), mm. */
const inHeadFrame = (head: TrainingHead, names: readonly string[], index: number): number[] => {
  const turn = multiply(head.axes, transpose(head.axes));
  const off = turn.map((v, i) => Math.abs(v - (i % 4 === 0 ? 1 : 0)));
  if (!(Math.max(...off) < 1e-3) || !(determinant(head.axes) > 0))
    throw new DataError(
      `fitTemplate: axes of head ${index} are [${head.axes.join(", ")}]; rows must be orthonormal and right-handed`,
    );
  if (![...head.center, ...head.size].every(Number.isFinite) || !head.size.every((s) => s > 0))
    throw new DataError(
      `fitTemplate: head ${index} has center [${head.center}] and size [${head.size}] mm; want finite, positive`,
    );
  return names.flatMap((name) => {
    const p = head.landmarks[name];
    if (!p) return [Number.NaN, Number.NaN, Number.NaN];
    if (!p.every(Number.isFinite))
      throw new DataError(`fitTemplate: head ${index}, landmark ${name} is [${p}]; want finite mm`);
    return [...apply(head.axes, sub(p, head.center))];
  });
};

/**
 * The template of a set of heads: mean landmarks in the head's own frame, and the principal ways in which landmarks
 * and box size vary together (a point-distribution model). The joint covariance is what lets a fit infer where the
 * box's center lies from landmarks that do not include it.
 *
 * Heads may lack landmarks; a missing one is taken at the mean. Throws DataError for no heads, a landmark no head has,
 * axes that are not a right-handed frame.
 */
export const fitTemplate = (heads: readonly TrainingHead[], options: TemplateOptions = {}): Template => {
  checkOptions("fitTemplate", options, templateKeys);
  if (heads.length === 0) throw new DataError("fitTemplate: 0 heads; at least one with known landmarks is needed");
  const names = options.names ?? Object.keys(heads[0].landmarks);
  if (names.length === 0) throw new DataError("fitTemplate: 0 landmarks; name at least three");
  const floor = options.floorMm ?? 0.3;
  const rows = heads.map((h, i) => inHeadFrame(h, names, i));
  const width = 3 * names.length;
  const columns = Array.from({ length: width }, (_, c) => rows.map((r) => r[c]).filter(Number.isFinite));
  const lacking = columns.findIndex((c) => c.length === 0);
  if (lacking >= 0) throw new DataError(`fitTemplate: no head has landmark ${names[Math.floor(lacking / 3)]}`);
  const average = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const mean = columns.map(average);
  const sizeColumns = [0, 1, 2].map((k) => heads.map((h) => h.size[k]));
  const size = sizeColumns.map(average) as unknown as Vec3;
  const deviations = rows.map((r, i) => [
    ...r.map((v, c) => (Number.isFinite(v) ? v - mean[c] : 0)),
    ...[0, 1, 2].map((k) => heads[i].size[k] - size[k]),
  ]);

  const n = heads.length;
  const kept = Math.min(options.modes ?? 45, Math.floor(n / 2));
  const modes: TemplateMode[] = [];
  const left = deviations.map((d) => [...d]);
  if (kept > 0) {
    // Heads are the columns: ml-matrix wants at least as many rows as columns.
    const wide = new Matrix(deviations);
    const tall = width + 3 >= n;
    const svd = new SingularValueDecomposition(tall ? wide.transpose() : wide, { autoTranspose: true });
    const basis = tall ? svd.leftSingularVectors : svd.rightSingularVectors;
    for (let k = 0; k < kept; k++) {
      const sd = svd.diagonal[k] / Math.sqrt(n - 1);
      if (!(sd > 1e-6)) break;
      const v = basis.getColumn(k);
      modes.push({
        landmarksMm: v.slice(0, width).map((x) => round(x * sd)),
        sizeMm: round3(v.slice(width).map((x) => x * sd) as unknown as Vec3),
      });
      for (const row of left) {
        const along = row.reduce((s, x, c) => s + x * v[c], 0);
        for (let c = 0; c < row.length; c++) row[c] -= along * v[c];
      }
    }
  }
  // Each mode took a degree of freedom from what is left over.
  const freedom = Math.max(1, n - 1 - modes.length);
  const sum2 = (v: readonly number[]): number => v.reduce((s, x) => s + x * x, 0);
  const isVirtual = options.virtual ?? ((name: string) => /^(box|face)_/.test(name));
  const landmarks = names.map((name, j): TemplateLandmark => {
    const triple = (f: (c: number) => number): Vec3 => round3([f(3 * j), f(3 * j + 1), f(3 * j + 2)]);
    return {
      name,
      virtual: isVirtual(name),
      meanMm: triple((c) => mean[c]),
      // One head says nothing about scatter: 3 mm stands for it. The floor keeps 1/variance finite.
      varianceMm2: triple((c) => (n === 1 ? 9 : Math.max(sum2(left.map((r) => r[c])) / freedom, 1e-4))),
      errorMm: {},
    };
  });
  const sd = (k: number): number =>
    n === 1 ? 0.05 * size[k] : Math.sqrt(sum2(deviations.map((d) => d[width + k])) / (n - 1));
  const scale = options.scaleSd ?? 0.01;
  return {
    format: "fiducial/template@1",
    heads: n,
    landmarks,
    modes,
    sizeMm: { mean: round3(size), sd: round3([sd(0), sd(1), sd(2)]) },
    scaleSd: n === 1 ? [0.05, 0.05, 0.05] : [scale, scale, scale],
    defaultErrorMm: options.defaultErrorMm ?? 2,
    floorMm: floor,
    angleDeg: options.angleDeg ?? 35,
    corrector: null,
  };
};
