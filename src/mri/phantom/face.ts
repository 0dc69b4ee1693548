import type { Random } from "../../random.ts";
import type { PhantomCanvas } from "./canvas.ts";
import { type Body, ellipsoid, mirror, paint, tube } from "./paint.ts";
import type { Subject } from "./subject.ts";

/** Nose, lips, chin, ears, skull base, sinuses and eyes. */
export function paintFace(canvas: PhantomCanvas, subject: Subject, random: Random): void {
  const t = subject.contrast;
  const n = (s: number): number => s * Math.max(-2.2, Math.min(2.2, random.normal()));
  const one = (body: Body, value: number, clear = 0, soft = 2): void => paint(canvas, body, { value, clear, soft });
  const both = (make: () => Body, value: number, clear = 0, soft = 2): void => {
    one(make(), value, clear, soft);
    one(mirror(make()), value, clear, soft);
  };
  const nose = subject.noseLength;
  // Outside the outline: nose, lips, chin, ears.
  one(
    tube([
      [0, -91, -24, 6],
      [0, -101 - nose / 2, -40, 7],
      [0, -112 - nose, -56, 8.5],
      [0, -104, -66, 9],
    ]),
    t.fat * 0.85,
  );
  both(() => ellipsoid([8, -106 - nose / 2, -58], [6.5, 8, 6]), t.fat * 0.85);
  both(
    () =>
      tube([
        [4.5, -109 - nose / 2, -63, 2.4],
        [4.5, -101, -56, 3.2],
      ]),
    t.air + 0.06,
  );
  one(
    tube([
      [-15, -97, -84, 4],
      [0, -102, -82, 5.5],
      [15, -97, -84, 4],
    ]),
    t.muscle,
  );
  one(
    tube([
      [-14, -95, -95, 4.5],
      [0, -100, -95, 6],
      [14, -95, -95, 4.5],
    ]),
    t.muscle,
  );
  one(ellipsoid([0, -94 - subject.chin / 2, -119], [20, 11, 13]), t.muscle);
  const ear = n(3);
  both(() => ellipsoid([79, 14, -32 + ear], [3, 15, 27], 18), t.skin * 1.15);
  both(() => ellipsoid([80, 12, -34 + ear], [3, 8, 12], 18), t.air, 0.3);
  both(
    () =>
      tube([
        [76, 8, -40, 3],
        [58, 6, -41, 2.5],
      ]),
    t.air + 0.05,
  );
  // Skull base, mastoids, clivus.
  both(
    () =>
      tube([
        [17, -2, -38, 5],
        [38, 8, -40, 8.5],
        [55, 12, -42, 8],
      ]),
    t.bone,
    0.05,
    3,
  );
  both(() => ellipsoid([56, 22, -52], [9, 13, 15]), t.bone, 0.1, 4);
  both(
    () =>
      tube([
        [14, -18, -31, 2.8],
        [13, -8, -38, 2.8],
        [22, 0, -46, 2.6],
      ]),
    t.vessel,
  );
  one(
    tube(
      [
        [0, -14, -34, 6],
        [0, -3, -50, 6],
        [0, 4, -64, 4],
      ],
      [0.5, 1, 1],
    ),
    t.marrow * 1.1,
  );
  both(() => ellipsoid([26, 10, -58], [13, 12, 5]), t.bone, 0.2, 4);
  // Air: frontal, ethmoid, sphenoid and maxillary sinuses, nasal cavity.
  const frontal = 6 + n(2.5);
  one(ellipsoid([0, -86, -10], [12 + frontal, 4.5, Math.max(3, frontal)]), t.bone + 0.04, 0, 3);
  one(ellipsoid([0, -56, -33], [11, 24, 12]), t.air + 0.1, 0, 3);
  for (let i = 0; i < 10; i++)
    one(ellipsoid([n(8), -56 + n(14), -34 + n(5)], [3 + Math.abs(n(1)), 5, 3]), t.mucosa, 0.4, 3);
  const sphenoid = n(2);
  one(ellipsoid([n(1.5), -33 + sphenoid, -36], [12 + n(1.5), 13, 10 + n(1.5)]), t.air + 0.06);
  one(ellipsoid([0, -68, -56], [15, 32, 16]), t.mucosa * 0.9, 0, 4);
  one(ellipsoid([0, -88, -53], [10, 15, 16]), t.mucosa * 1.45, 0.2, 8);
  both(
    () =>
      tube([
        [9, -92, -60, 2],
        [9, -66, -64, 2.4],
        [7, -40, -62, 3],
      ]),
    t.air + 0.15,
    0.1,
  );
  both(
    () =>
      tube([
        [3, -88, -48, 1.6],
        [4, -66, -52, 1.8],
        [6, -40, -56, 2.5],
      ]),
    t.air + 0.15,
    0.1,
  );
  // Turbinates and septum: folds of mucosa with air between.
  for (let i = 0; i < 26; i++) {
    const x = n(8);
    const y = random.uniform(-98, -42);
    const z = random.uniform(-68, -38);
    const bright = random.uniform() < 0.5 ? t.mucosa * 1.35 : t.bone + 0.1;
    one(ellipsoid([x, y, z], [1.8, random.uniform(4, 10), random.uniform(1.5, 4)], n(8), n(15)), bright, 0.3);
  }
  const maxillary = n(1.5);
  both(() => ellipsoid([28, -64, -56], [12.5 + maxillary, 16, 15 + maxillary], -20), t.air + 0.06);
  // Orbits: fat cone, globe, optic nerve, muscles.
  both(() => ellipsoid([32, -80, -31], [19, 15, 17]), t.bone + 0.05, 0.35, 4);
  both(
    () =>
      tube([
        [32, -76, -31, 15],
        [24, -56, -29, 9],
        [13, -38, -27, 3],
      ]),
    t.fat * 1.12,
  );
  both(
    () =>
      tube([
        [22, -76, -30, 1.6],
        [15, -46, -27, 1.8],
      ]),
    t.muscle * 1.1,
  );
  both(
    () =>
      tube([
        [42, -74, -31, 1.8],
        [22, -46, -27, 1.8],
      ]),
    t.muscle * 1.1,
  );
  both(
    () =>
      tube([
        [31, -70, -31, 1.8],
        [13, -38, -26, 2],
      ]),
    t.muscle * 1.4,
  );
  const eye = 12.2 + n(0.5);
  both(() => ellipsoid([32, -81, -31], [eye + 1, eye + 1, eye + 1]), t.muscle);
  both(() => ellipsoid([32, -81, -31], [eye, eye, eye]), t.eye);
  both(() => ellipsoid([32, -89, -31], [4.5, 2.5, 4.5]), t.muscle * 0.9);
}
