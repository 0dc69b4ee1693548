import type { Random } from "../../random.ts";
import type { PhantomCanvas } from "./canvas.ts";
import { type Body, cut, ellipsoid, type Paint, paint, paintPair, tube } from "./paint.ts";
import type { Subject } from "./subject.ts";

/** The callosum's middle line in the mid-sagittal plane, rostrum to splenium: [y, z, half thickness]. */
const callosum: readonly (readonly [number, number, number])[] = [
  [-34, 0, 1.6],
  [-41, 1.5, 2.6],
  [-43.5, 5, 3.6],
  [-41, 10, 3.2],
  [-34, 14.5, 2.7],
  [-22, 18.5, 2.6],
  [-9, 19, 2.6],
  [3, 16, 2.5],
  [13, 11.5, 2.8],
  [20.5, 6.5, 4.4],
  [23.5, 0.5, 4.6],
];

/** What lies inside the hemispheres, from the outside in: nuclei, callosum, ventricles. */
export function paintForebrain(canvas: PhantomCanvas, subject: Subject, random: Random): void {
  const t = subject.contrast;
  const both = (
    name: string,
    make: (grow: number, shift: () => number) => Body,
    value: number,
    labels?: readonly [left: number, right: number],
    more: Omit<Paint, "value" | "label"> = {},
  ): void => paintPair(canvas, random.fork(name), make, { value, ...more }, labels);
  // Core of the forebrain.
  both(
    "ventral",
    (g, s) => ellipsoid([9 + s(), -3.5 + s(), -13.2 + s()], [10 + g, 13 + g, 9.5 + g], 20),
    t.stem,
    [62, 61],
  );
  both("basal", (_, s) => ellipsoid([8 + s(), -20 + s(), -12], [6, 5, 5]), t.hippocampus + 0.08, [76, 75]);
  both(
    "capsule",
    () =>
      tube([
        [20, -22, 8, 7],
        [19, 2, 2, 6],
      ]),
    t.white,
  );
  both(
    "putamen",
    (g, s) => ellipsoid([23.8 + s(), -18.5 + s(), -2.6 + s()], [5.4 + g / 2, 16 + g, 9.5 + g], -14),
    t.putamen,
    [58, 57],
  );
  both(
    "pallidum",
    (g, s) => ellipsoid([18.6 + s() / 2, -14.2 + s(), -4.5 + s()], [4.2 + g / 3, 10 + g, 7 + g / 2], -22),
    t.pallidum,
    [56, 55],
  );
  both(
    "thalamus",
    (g, s) => ellipsoid([10.8 + s() / 2, 1.3 + s(), 0 + s()], [8.8 + g / 2, 16 + g, 11 + g / 2], -24),
    t.thalamus,
    [60, 59],
  );
  both(
    "hippocampus",
    (g, s) => {
      const d = s();
      return tube([
        [23, -13, -22.5 + d, 4.8 + g / 3],
        [24.5, -3, -20.5 + d, 5.8 + g / 3],
        [25.5, 8, -15.5 + d, 5.2 + g / 3],
        [22, 18, -8, 3.4],
      ]);
    },
    t.hippocampus,
    [48, 47],
  );
  both(
    "amygdala",
    (g, s) => ellipsoid([20 + s() / 2, -14.7 + s(), -20 + s()], [6 + g, 6.5 + g, 5.8 + g]),
    t.hippocampus + 0.03,
    [32, 31],
  );
  // Callosum: a band that rises a little to the sides.
  const bow = 0.008 + 0.004 * random.normal();
  const thick = 1 + 0.1 * random.normal() - 0.12 * subject.atrophy;
  const rise = 1.2 * random.normal();
  const line = tube(callosum.map(([y, z, r]) => [0, y, z + rise * (1 - ((y + 9) / 32) ** 2), r * thick * 1.15]));
  const band: Body = {
    low: [-22, -50, -8],
    high: [22, 30, 28],
    distance: (x, y, z) =>
      Math.max(
        line.distance(0, y, z - bow * x * x),
        Math.abs(x) - (y > 10 ? 13 + 0.5 * (y - 10) : y < -36 ? 10.5 : 13),
      ),
  };
  const lift = 1 + 0.9 * rise;
  both(
    "caudate",
    (g, s) => {
      const d = s();
      return tube([
        [10.5 + d, -37, 1, 5 + g / 3],
        [12 + d, -30, 4.5, 5.4 + g / 3],
        [14.2, -18, 10 + lift / 2, 4 + g / 3],
        [17.5, -3, 14.5 + lift / 2, 2.4],
        [22, 11, 13, 1.5],
      ]);
    },
    t.caudate,
    [37, 36],
  );
  // Lateral ventricles: between callosum, caudate and fornix.
  const wide = 0.7 + 2 * subject.atrophy + 0.25 * random.normal();
  both(
    "ventricle",
    (g) => {
      const r = (v: number): number => Math.max(0.7, v * (0.92 + 0.3 * wide) + 0.3 * g);
      const p: [number, number, number, number][] = [
        [13.5, -37, 12, r(2)],
        [11, -27, 14.5, r(2.6)],
        [7.5, -12, 15, r(3.1)],
        [8.5, 3, 13.5, r(3.4)],
        [14, 14, 12, r(3.6)],
        [20, 23, 6, r(4.8)],
        [21.5, 30, 1, r(4.4)],
        [21.5, 39, -2, r(2.8)],
        [20, 50, -3.5, r(1.6)],
      ];
      return tube(p);
    },
    t.csf,
    [52, 51],
  );
  both(
    "medial ventricle",
    (g) => {
      const r = (v: number): number => Math.max(0.6, v * (0.92 + 0.3 * wide) + 0.3 * g);
      return tube([
        [15, -43, 6, r(1.9)],
        [10.5, -37, 6, r(2.4)],
        [6.5, -29, 7, r(2.7)],
        [4.2, -18, 9, r(2.4)],
        [3.3, -8, 12, r(1.8)],
        [4, 0, 13, r(1.5)],
      ]);
    },
    t.csf,
    [52, 51],
  );
  both(
    "middle of the horn",
    (g) => {
      const r = (v: number): number => Math.max(0.6, v * (0.92 + 0.3 * wide) + 0.3 * g);
      return tube([
        [12, -36, 9, r(2)],
        [7.5, -24, 11, r(2.8)],
        [5.5, -12, 13, r(2.4)],
      ]);
    },
    t.csf,
    [52, 51],
  );
  both(
    "temporal horn",
    (g) => {
      const r = (v: number): number => Math.max(0.5, v * (0.6 + 0.3 * wide) + 0.2 * g);
      return tube([
        [22, 26, 0, r(3)],
        [30, 16, -10, r(1.6)],
        [31, 3, -16, r(1.3)],
        [27, -9, -18, r(1.3)],
      ]);
    },
    t.csf,
    [50, 49],
  );
  paint(canvas, band, { value: t.callosum, label: 95 });
  paint(
    canvas,
    tube(
      [
        [0, -37, 5, 4],
        [0, -22, 9, 5],
        [0, -8, 13, 2],
      ],
      [6, 1, 1],
    ),
    { value: t.gray * 1.15, soft: 1.6 },
  );
  // Fornix, choroid plexus, third and fourth ventricle, aqueduct.
  const third = 0.7 + 0.5 * wide;
  paint(canvas, ellipsoid([0, -7.2, -6.8], [0.9 + 0.75 * third, 12, 9.5], 0, -12), { value: t.csf, label: 4 });
  paint(canvas, ellipsoid([0, -3.5, 0.5], [4, 3.6, 3]), { value: t.thalamus, clear: 0.25 });
  both(
    "fornix",
    () =>
      tube([
        [1.5, -19, -9, 1.4],
        [1.5, -16, 1, 1.5],
        [1.5, -8, 8, 1.7],
        [3, 4, 9.5, 1.6],
        [9, 14, 8, 1.3],
      ]),
    t.white,
  );
  paint(
    canvas,
    tube(
      [
        [0, 12, -9, 1.8],
        [0, 15.5, -14, 2.6],
        [0, 16, -18, 1.6],
      ],
      [0.35, 1, 1],
    ),
    { value: t.stem },
  );
  paint(canvas, ellipsoid([0, 23, -4], [6, 4.5, 4.5]), { value: t.csf + 0.15 });
  paint(
    canvas,
    tube([
      [0, 10, -14, 0.9],
      [0, 15, -24, 1.2],
    ]),
    { value: t.csf, clear: 0.2 },
  );
  const fourth = cut(ellipsoid([0, 21.7, -37.5], [7, 4.2, 12.5]), (x, y) => Math.abs(x) + 1.2 * (y - 21.5) - 6.5);
  paint(canvas, fourth, { value: t.csf, label: 11 });
  paint(
    canvas,
    tube([
      [0.6, 22, -34, 2],
      [0.6, 28, -35, 0.8],
    ]),
    { value: t.csf, label: 11 },
  );
  paint(canvas, ellipsoid([0, -5, -19], [4, 4, 5]), { value: t.csf });
  both("mamillary", () => ellipsoid([2.2, -6, -14.5], [2, 2, 2]), t.white);
  both(
    "chiasm",
    () =>
      tube([
        [1, -20, -21, 1.8],
        [9, -33, -25, 1.8],
      ]),
    0.9,
  );
  paint(canvas, ellipsoid([0, -21, -28], [6, 4.5, 3.5]), { value: t.white * 0.85 });
}
