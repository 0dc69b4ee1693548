import { museFrame } from "../scouts/frame-constants.ts";
import { lookUp, radiiOf } from "./directions.ts";
import type { Noise } from "./noise.ts";
import { cerebellumCenter, cerebellumOutline, hemisphereCenter, hemisphereOutline } from "./outlines.ts";

/**
 * How cortex and white matter are divided among the numbered regions (MUSE numbering): [label of the left one, volume
 * in ml, standard deviations in x, y, z in mm] in heads scaled to the mean size. The right twin of a cortical label is
 * one less, so is that of a lobe's white matter. Means of both sides over 90 heads of IXI (CC BY-SA 3.0).
 */
type Region = readonly [label: number, milliliters: number, x: number, y: number, z: number];

const cortex: readonly Region[] = [
  [101, 4.5, 3, 7, 11],
  [103, 4.1, 4, 8, 7],
  [105, 1.9, 4, 8, 4],
  [107, 10.1, 10, 7, 10],
  [109, 3.2, 5, 10, 6],
  [113, 4.0, 8, 9, 4],
  [115, 5.2, 5, 10, 8],
  [117, 2.2, 5, 3, 6],
  [119, 1.7, 5, 5, 5],
  [121, 3.2, 7, 3, 9],
  [123, 7.8, 6, 16, 6],
  [125, 2.4, 3, 11, 5],
  [129, 7.4, 8, 9, 7],
  [133, 13.2, 9, 21, 8],
  [135, 8.5, 8, 16, 7],
  [137, 2.4, 4, 9, 5],
  [139, 4.4, 3, 15, 5],
  [141, 1.9, 3, 11, 6],
  [143, 20.3, 7, 18, 13],
  [145, 5.6, 7, 6, 7],
  [147, 4.8, 5, 14, 4],
  [149, 0.8, 4, 4, 6],
  [151, 2.6, 4, 6, 9],
  [153, 6.9, 3, 12, 13],
  [155, 15.0, 7, 21, 9],
  [157, 3.3, 7, 3, 10],
  [161, 4.5, 8, 10, 4],
  [163, 3.3, 6, 5, 7],
  [165, 1.9, 6, 7, 4],
  [167, 3.8, 4, 6, 13],
  [169, 11.3, 5, 9, 14],
  [171, 3.5, 6, 10, 6],
  [173, 2.1, 3, 8, 7],
  [175, 2.0, 9, 5, 4],
  [177, 10.9, 15, 13, 14],
  [179, 3.1, 6, 7, 5],
  [181, 1.9, 6, 8, 6],
  [183, 12.7, 14, 13, 15],
  [185, 1.7, 9, 7, 4],
  [187, 1.2, 3, 4, 5],
  [191, 13.6, 6, 24, 14],
  [193, 4.7, 3, 12, 8],
  [195, 9.4, 9, 9, 8],
  [197, 3.3, 5, 6, 9],
  [199, 8.6, 8, 10, 9],
  [201, 7.3, 7, 17, 7],
  [203, 10.1, 10, 5, 9],
  [205, 3.7, 5, 7, 6],
  [207, 1.4, 6, 7, 3],
];
/** Frontal, occipital, parietal, temporal. */
const white: readonly Region[] = [
  [82, 105.1, 12, 23, 18],
  [84, 26.2, 10, 8, 12],
  [86, 52.3, 13, 16, 11],
  [88, 58.9, 12, 22, 12],
];

/** The half brain as a box of cells, 3 mm each, from this corner: x 0..78, y -96..99, z -54..75. */
const step = 3;
const corner = [0, -96, -54] as const;
const cells = [27, 66, 44] as const;
const count = cells[0] * cells[1] * cells[2];

/** For every cell the left label of cortex and of white matter. */
export interface Division {
  readonly cortex: Uint8Array;
  readonly white: Uint8Array;
}

/** Centroid of a region, both sides averaged onto the left. */
const middleOf = (label: number): [number, number, number] => {
  const l = museFrame.meanShape.get(label);
  const r = museFrame.meanShape.get(label - 1);
  if (!l || !r) return [0, 0, 0];
  return [(l[0] - r[0]) / 2, (l[1] + r[1]) / 2, (l[2] + r[2]) / 2];
};

/** Centroids of the cortical regions, both sides: points spread over the brain. */
export const borderPoints = (): (readonly [number, number, number])[] =>
  cortex.flatMap(([label]) => {
    const [x, y, z] = middleOf(label);
    return [[x, y, z] as const, [-x, y, z] as const];
  });

const at = (i: number, axis: 0 | 1 | 2): number => corner[axis] + (i + 0.5) * step;

/**
 * Folds and nuclei take voxels from the regions unevenly, which turned the frame of the centroids by 0.3 degrees against
 * the anatomy (mean of 44 made heads); turning the regions' targets the other way, in radians about x, makes up for it.
 */
const tilt = 0.28 * (Math.PI / 180);

/**
 * Each cell goes to the region whose normal distribution (centroid, deviations, volume) is greatest there; the
 * distributions are then moved until each region's cells, counted by `share`, have their centroid where real heads have
 * it, so that the frame of the made centroids is the frame of the mean shape.
 */
function assign(regions: readonly Region[], share: Float32Array): Uint8Array {
  const targets = regions.map(([label]) => {
    const [x, y, z] = middleOf(label);
    return [x, y - tilt * z, z + tilt * y];
  });
  const means = targets.map((t) => [...t]);
  const bias = regions.map(([, v, x, y, z]) => Math.log(v / (x * y * z)));
  const best = new Uint8Array(count);
  const rounds = 8;
  for (let round = 0; round <= rounds; round++) {
    const sums = regions.map(() => new Float64Array(4));
    for (let k = 0, c = 0; k < cells[2]; k++)
      for (let j = 0; j < cells[1]; j++)
        for (let i = 0; i < cells[0]; i++, c++) {
          // The last round fills the cells between too: a warped head may reach them.
          if (round < rounds && share[c] === 0) continue;
          let top = -1e9;
          let winner = 0;
          for (let r = 0; r < regions.length; r++) {
            const m = means[r];
            const g = regions[r];
            const dx = (at(i, 0) - m[0]) / g[2];
            const dy = (at(j, 1) - m[1]) / g[3];
            const dz = (at(k, 2) - m[2]) / g[4];
            const score = bias[r] - 0.5 * (dx * dx + dy * dy + dz * dz);
            if (score > top) {
              top = score;
              winner = r;
            }
          }
          best[c] = winner;
          const s = sums[winner];
          const w = share[c];
          s[0] += w * at(i, 0);
          s[1] += w * at(j, 1);
          s[2] += w * at(k, 2);
          s[3] += w;
        }
    if (round === rounds) break;
    for (let r = 0; r < regions.length; r++) {
      const s = sums[r];
      // A region that won nothing, or too little, is given more weight; one too large less.
      bias[r] += 0.4 * Math.max(-1, Math.min(1, Math.log((1000 * regions[r][1]) / (27 * s[3] + 50))));
      if (s[3] > 0) for (let a = 0; a < 3; a++) means[r][a] += 0.5 * (targets[r][a] - s[a] / s[3]);
    }
  }
  return best.map((r) => regions[r][0]);
}

let division: Division | undefined;

/** The division of the mean half brain, made once. */
export function divide(): Division {
  if (division) return division;
  const brain = radiiOf(hemisphereOutline);
  const small = radiiOf(cerebellumOutline);
  const gray = new Float32Array(count);
  const pale = new Float32Array(count);
  for (let k = 0, c = 0; k < cells[2]; k++)
    for (let j = 0; j < cells[1]; j++)
      for (let i = 0; i < cells[0]; i++, c++) {
        const [x, y, z] = [at(i, 0), at(j, 1), at(k, 2)];
        const [qx, qy, qz] = [x - hemisphereCenter[0], y - hemisphereCenter[1], z - hemisphereCenter[2]];
        const depth = lookUp(brain, qx, qy, qz) - Math.hypot(qx, qy, qz);
        const [cx, cy, cz] = [x - cerebellumCenter[0], y - cerebellumCenter[1], z - cerebellumCenter[2]];
        if (depth < 0 || lookUp(small, cx, cy, cz) > Math.hypot(cx, cy, cz)) continue;
        // Between the hemispheres lies cortex too, but for the core: callosum, nuclei, ventricles.
        const core = x < 32 && ((y + 6) / 40) ** 2 + ((z + 2) / 24) ** 2 < 1;
        const island = x > 34 && x < 42 && y > -30 && y < 16 && z > -10 && z < 14;
        const under = core ? depth : Math.min(depth, x);
        gray[c] = island ? 0.7 : core && x < 26 ? 0 : under < 4 ? 0.9 : under < 16 ? 0.5 : 0;
        if (!(core && x < 20)) pale[c] = 1 - gray[c];
      }
  division = { cortex: assign(cortex, gray), white: assign(white, pale) };
  return division;
}

/** Cell of a point; x its distance from the midline. */
export function cellOf(ax: number, y: number, z: number): number {
  let i = ((ax - corner[0]) / step) | 0;
  let j = ((y - corner[1]) / step) | 0;
  let k = ((z - corner[2]) / step) | 0;
  i = i < 0 ? 0 : i >= cells[0] ? cells[0] - 1 : i;
  j = j < 0 ? 0 : j >= cells[1] ? cells[1] - 1 : j;
  k = k < 0 ? 0 : k >= cells[2] ? cells[2] - 1 : k;
  return i + cells[0] * (j + cells[1] * k);
}

/** A field that moves region borders between heads, mm. */
export const borderShift = (noise: Noise, x: number, y: number, z: number): number =>
  3 * noise.at(x / 25 + 7.3, y / 25 + 1.9, z / 25 + 4.1);
