import { DataError } from "../../errors.ts";
import { add, distance, dot, mat3, normal, scale, sub, type Vec3 } from "../../geometry/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Image, Volume } from "../image.ts";
import type { DicomSlice } from "./slice.ts";

/** Slices of one series, parallel, of one size and evenly spaced, sorted along the normal of their plane. */
export interface DicomSeries {
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly modality: string | undefined;
  readonly frameOfReference: string | undefined;
  readonly slices: readonly DicomSlice[];
  /** From one slice's first pixel to the next's, mm; for a single slice its thickness along the normal. */
  readonly step: Vec3;
}

/** Cosines of one stack agree to this; scanners print six to sixteen digits. */
const cosineTolerance = 1e-4;
/** Steps between slices agree to this part of a step, and at least to 0.01 mm. */
const stepTolerance = 0.01;

const nameOf = (s: DicomSlice): string => s.file ?? `instance ${s.instanceNumber ?? s.instanceUid}`;

const fail = (slices: readonly DicomSlice[], message: string): never => {
  const number = slices[0].seriesNumber;
  throw new DataError(`DICOM series ${number === undefined ? slices[0].seriesUid : `number ${number}`}: ${message}`);
};

const apart = (a: Vec3, b: Vec3): number => Math.max(...sub(a, b).map(Math.abs));

/** Largest difference between the direction cosines of two slices. */
const turnBetween = (a: DicomSlice, b: DicomSlice): number =>
  Math.max(apart(a.plane.columnDirection, b.plane.columnDirection), apart(a.plane.rowDirection, b.plane.rowDirection));

const checkAlike = (slices: readonly DicomSlice[]): void => {
  const [first] = slices;
  for (const s of slices) {
    const turned = turnBetween(s, first);
    if (turned > cosineTolerance)
      fail(
        slices,
        `${nameOf(s)} is oriented otherwise than ${nameOf(first)} (a cosine differs by ${turned.toPrecision(3)}); give each orientation as a series of its own, or read with byOrientation`,
      );
    if (s.plane.rows !== first.plane.rows || s.plane.columns !== first.plane.columns)
      fail(
        slices,
        `${nameOf(s)} has ${s.plane.columns}x${s.plane.rows} pixels, ${nameOf(first)} ${first.plane.columns}x${first.plane.rows}; take out what does not belong`,
      );
    const spacing = Math.max(...s.plane.spacing.map((v, i) => Math.abs(v / first.plane.spacing[i] - 1)));
    if (spacing > 1e-4)
      fail(
        slices,
        `${nameOf(s)} has pixels of ${s.plane.spacing.join(" x ")} mm, ${nameOf(first)} of ${first.plane.spacing.join(" x ")}; take out what does not belong`,
      );
    if (s.frameOfReference !== first.frameOfReference)
      fail(
        slices,
        `${nameOf(s)} and ${nameOf(first)} have different FrameOfReferenceUIDs, so their coordinates cannot be compared; export the series again`,
      );
  }
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Checks that the sorted slices stand evenly on a line, and gives the step between them. */
const stepOf = (sorted: readonly DicomSlice[], along: readonly number[]): Vec3 => {
  const gaps = along.slice(1).map((d, i) => d - along[i]);
  const usual = median(gaps);
  gaps.forEach((gap, i) => {
    const between = `${nameOf(sorted[i])} and ${nameOf(sorted[i + 1])}`;
    if (gap < 0.01)
      fail(sorted, `${between} lie at the same position (${gap.toFixed(3)} mm apart); keep one of the two`);
    if (Math.abs(gap - usual) > Math.max(0.01, stepTolerance * usual))
      fail(
        sorted,
        `the gap between ${between} is ${gap.toFixed(3)} mm, elsewhere ${usual.toFixed(3)} mm; a slice is missing or the series holds two stacks: export it whole`,
      );
  });
  const last = sorted.length - 1;
  const first = sorted[0].plane.position as Vec3;
  const step = scale(sub(sorted[last].plane.position as Vec3, first), 1 / last);
  sorted.forEach((s, k) => {
    const off = distance(s.plane.position as Vec3, add(first, scale(step, k)));
    if (off > Math.max(0.02, 2 * stepTolerance * usual))
      fail(
        sorted,
        `${nameOf(s)} lies ${off.toFixed(3)} mm beside the line through the other slices; the series holds two stacks: give them separately`,
      );
  });
  return step;
};

const seriesOf = (slices: readonly DicomSlice[]): DicomSeries => {
  checkAlike(slices);
  const n = normal(slices[0].plane);
  const place = (s: DicomSlice): number => dot(s.plane.position as Vec3, n);
  const sorted = slices.toSorted((a, b) => place(a) - place(b));
  const [{ seriesUid, seriesNumber, modality, frameOfReference, plane }] = sorted;
  const step = sorted.length === 1 ? scale(n, plane.thickness) : stepOf(sorted, sorted.map(place));
  return { seriesUid, seriesNumber, modality, frameOfReference, slices: sorted, step };
};

const seriesFromSlicesKeys: KeysOf<{ readonly byOrientation?: boolean }> = { byOrientation: 1 };

/**
 * Groups slices by series, in the order series first appear, and sorts each along its normal, whatever the order of
 * files or instance numbers. `byOrientation` also parts a series whose slices are oriented differently (three-plane
 * scouts stored as one series). Throws DataError for mixed orientations, sizes, spacings or frames of reference,
 * for two slices at one position and for uneven gaps, naming the slices.
 */
export const seriesFromSlices = (
  slices: readonly DicomSlice[],
  options: { readonly byOrientation?: boolean } = {},
): DicomSeries[] => {
  checkOptions("seriesFromSlices", options, seriesFromSlicesKeys);
  const groups: DicomSlice[][] = [];
  for (const s of slices) {
    const group = groups.find(
      ([first]) =>
        first.seriesUid === s.seriesUid && (!options.byOrientation || turnBetween(s, first) <= cosineTolerance),
    );
    if (group) group.push(s);
    else groups.push([s]);
  }
  return groups.map(seriesOf);
};

/** The slice nearest the middle of the stack; of an even number the first of the two along the normal. */
export const middleSlice = (series: DicomSeries): DicomSlice =>
  series.slices[Math.floor((series.slices.length - 1) / 2)];

const stack = (images: readonly Image[], count: number): Volume["data"] => {
  const total = count * images.length;
  const all = (type: typeof Uint8Array | typeof Uint16Array): boolean => images.every((i) => i.data instanceof type);
  const out = all(Uint8Array)
    ? new Uint8Array(total)
    : all(Uint16Array)
      ? new Uint16Array(total)
      : new Float32Array(total);
  images.forEach((image, k) => {
    out.set(image.data, k * count);
  });
  return out;
};

/** Volume [columns, rows, slices] of a series: i along the columns' direction, j along the rows', k along the normal. */
export const volumeFromSeries = (series: DicomSeries): Volume => {
  const [{ plane }] = series.slices;
  const linear = mat3.fromColumns(
    scale(plane.columnDirection, plane.spacing[1]),
    scale(plane.rowDirection, plane.spacing[0]),
    series.step,
  );
  const warnings = series.slices.flatMap((s) => s.image.warnings ?? []);
  return {
    size: [plane.columns, plane.rows, series.slices.length],
    data: stack(
      series.slices.map((s) => s.image),
      plane.rows * plane.columns,
    ),
    affine: { linear, offset: plane.position },
    frameOfReference: series.frameOfReference,
    ...(warnings.length > 0 && { warnings }),
  };
};
