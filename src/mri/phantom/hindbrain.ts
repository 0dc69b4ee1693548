import type { Random } from "../../random.ts";
import type { PhantomCanvas } from "./canvas.ts";
import { type Body, ellipsoid, type Paint, paint, paintPair, tube } from "./paint.ts";
import type { Subject } from "./subject.ts";

/** Brain stem and cord: height z, then middle y and half axes in x and y. */
const stem: readonly (readonly [number, number, number, number])[] = [
  [-9, 7, 8, 6],
  [-13, 6, 13, 8.5],
  [-20, 6.5, 14.5, 8.5],
  [-26, 5, 14, 11.5],
  [-34, 4.5, 16, 13],
  [-41, 6.5, 15, 12],
  [-47, 11, 11, 9.5],
  [-54, 14, 8.5, 7.5],
  [-62, 17, 7, 6.2],
  [-75, 19.5, 6, 5],
  [-110, 19.5, 6, 4.5],
  [-200, 22, 6, 4.5],
];

/** Solid around the stem's axis, `grow` mm thicker than the stem, from `top` down to `bottom`. */
function stemBody(grow: number, top: number, bottom: number): Body {
  return {
    low: [-17 - grow, -12 - grow, bottom],
    high: [17 + grow, 28 + grow, top],
    distance: (x, y, z) => {
      let s = 0;
      while (s < stem.length - 2 && z < stem[s + 1][0]) s++;
      const a = stem[s];
      const b = stem[s + 1];
      const w = Math.max(0, Math.min(1, (a[0] - z) / (a[0] - b[0])));
      const rx = a[2] + w * (b[2] - a[2]) + grow;
      const ry = a[3] + w * (b[3] - a[3]) + grow;
      const k = Math.hypot(x / rx, (y - a[1] - w * (b[1] - a[1])) / ry);
      return Math.max((k - 1) * Math.min(rx, ry), z - top, bottom - z);
    },
  };
}

/** Brain stem and cord with the cerebrospinal fluid around them, the cerebellum's white matter and vermis. */
export function paintHindbrain(canvas: PhantomCanvas, subject: Subject, random: Random): void {
  const t = subject.contrast;
  const both = (
    name: string,
    make: (grow: number, shift: () => number) => Body,
    value: number,
    labels?: readonly [left: number, right: number],
    more: Omit<Paint, "value" | "label"> = {},
  ): void => paintPair(canvas, random.fork(name), make, { value, ...more }, labels);
  // Cerebrospinal fluid around the stem and below the brain, then cerebellar white matter.
  paint(canvas, stemBody(4.5, -14, -66), { value: t.csf * 0.85 });
  paint(canvas, stemBody(3.5, -60, -200), { value: t.csf * 0.8 });
  paint(canvas, ellipsoid([0, -18, -22], [13, 9, 5]), { value: t.csf });
  both(
    "cerebellar white",
    (g, s) => ellipsoid([16 + s(), 30 + s(), -39 + s()], [18.5 + g, 14 + g, 9.5 + g], 18, 8),
    0.97,
    [41, 40],
  );
  both(
    "peduncle",
    (g) =>
      tube([
        [13, 10, -34, 7 + g],
        [18, 26, -39, 7 + g],
      ]),
    0.99,
    [41, 40],
  );
  both(
    "arbor up",
    () =>
      tube([
        [15, 32, -36, 4],
        [16, 46, -28, 2.5],
      ]),
    0.92,
    [41, 40],
  );
  both(
    "arbor back",
    () =>
      tube([
        [16, 34, -40, 4],
        [20, 58, -40, 2.2],
      ]),
    0.92,
    [41, 40],
  );
  both(
    "arbor down",
    () =>
      tube([
        [15, 32, -42, 4],
        [16, 40, -54, 2.2],
      ]),
    0.92,
    [41, 40],
  );
  // Vermis: three parts about the fourth ventricle's tip, with its own little white tree.
  const wobble = (): number => 0.6 * random.normal();
  paint(canvas, ellipsoid([0.6, 33 + wobble(), -20 + wobble()], [7, 11.5, 11.5], 0, 35), {
    value: t.cerebellarGray + 0.02,
    label: 71,
  });
  paint(canvas, ellipsoid([0.6, 48 + wobble(), -32.5 + wobble()], [6.5, 10, 9]), {
    value: t.cerebellarGray,
    label: 72,
  });
  paint(canvas, ellipsoid([0.6, 38 + wobble(), -44.5 + wobble()], [6.5, 9.5, 11]), {
    value: t.cerebellarGray,
    label: 73,
  });
  for (const [y, z] of [
    [30, -18],
    [37, -14],
    [43, -22],
    [52, -30],
    [50, -40],
    [42, -50],
    [35, -54],
  ])
    paint(
      canvas,
      tube([
        [0.5, 29, -35, 1.8],
        [0.5, y, z, 0.8],
      ]),
      { value: t.white, clear: 0.35 },
    );
  both(
    "crus",
    (g) =>
      tube([
        [12, -4, -9, 6 + g / 2],
        [8.5, -3, -20, 6 + g / 2],
        [7, -1, -30, 6],
      ]),
    t.stem,
    [35, 35],
  );
  paint(canvas, stemBody(0, -9, -72), { value: t.stem, label: 35 });
  paint(canvas, stemBody(0, -72, -200), { value: t.cord });
  // Sinuses along the tentorium's edge, seen dark.
  both(
    "sinus",
    () =>
      tube([
        [0, 76, -30, 4.5],
        [28, 71, -35, 4],
        [54, 42, -38, 4],
        [60, 28, -44, 3.5],
      ]),
    t.csf * 0.7,
    undefined,
    { clear: 0.2 },
  );
}
