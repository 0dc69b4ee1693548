import type { Random } from "../../random.ts";
import type { PhantomCanvas } from "./canvas.ts";
import { type Body, ellipsoid, mirror, paint, tube } from "./paint.ts";
import type { Subject } from "./subject.ts";

/** Palate, tongue, teeth, jaws, throat, spine and the vessels of the neck. */
export function paintThroat(canvas: PhantomCanvas, subject: Subject, random: Random): void {
  const t = subject.contrast;
  const n = (s: number): number => s * Math.max(-2.2, Math.min(2.2, random.normal()));
  const one = (body: Body, value: number, clear = 0, soft = 2): void => paint(canvas, body, { value, clear, soft });
  const both = (make: () => Body, value: number, clear = 0, soft = 2): void => {
    one(make(), value, clear, soft);
    one(mirror(make()), value, clear, soft);
  };
  // Mouth: palate, tongue, teeth, jaws, throat.
  const slack = n(2);
  one(
    tube(
      [
        [0, -88, -73, 2.6],
        [0, -62, -71, 2.6],
        [0, -36, -71, 2.4],
      ],
      [0.16, 1, 1],
    ),
    t.bone + 0.06,
  );
  one(ellipsoid([0, -52, -99 + slack], [24, 32, 28]), t.tongue, 0, 3);
  one(ellipsoid([0, -62, -120 + slack], [16, 22, 16]), t.tongue * 0.92, 0, 3);
  one(
    tube(
      [
        [0, -84, -78, 1.3],
        [0, -60, -72.5 + slack, 1.3],
        [0, -32, -74 + slack, 1.5],
        [0, -22, -90, 2],
      ],
      [0.12, 1, 1],
    ),
    t.air + 0.1,
    0.15,
  );
  const jaw: [number, number, number, number][] = [
    [0, -86, -112, 6],
    [15, -82, -112, 6],
    [30, -64, -110, 5.5],
    [42, -36, -104, 5],
  ];
  both(() => tube(jaw, [1, 1, 0.5]), t.bone + 0.04, 0.1, 3);
  both(
    () =>
      tube(
        jaw.map(([x, y, z]) => [x, y, z - 5, 3]),
        [1, 1, 0.6],
      ),
    t.marrow * 1.6,
    0.2,
    3,
  );
  both(
    () =>
      tube(
        [
          [0, -89, -84, 4],
          [13, -86, -84, 4],
          [24, -70, -84, 4],
          [28, -52, -82, 3.5],
        ],
        [1, 1, 0.5],
      ),
    t.bone,
    0.1,
    3,
  );
  both(
    () =>
      tube(
        [
          [43, -34, -100, 5],
          [46, -24, -75, 4.5],
          [48, -12, -50, 4],
        ],
        [1.3, 0.6, 1],
      ),
    t.bone + 0.05,
    0.25,
    3,
  );
  both(() => ellipsoid([56, -28, -78], [6, 20, 25]), t.muscle * 1.1, 0.4, 3);
  both(() => ellipsoid([52, -62, -82], [10, 14, 18]), t.fat, 0.35, 6);
  one(
    tube(
      [
        [0, -27, -58, 7],
        [0, -20, -70, 7],
        [0, -16, -90, 5],
        [0, -15, -125, 5.5],
        [0, -16, -190, 7],
      ],
      [0.62, 1, 1],
    ),
    t.air + 0.1,
  );
  one(
    tube(
      [
        [0, -30, -71, 3.5],
        [0, -22, -82, 3.5],
        [0, -21, -90, 2],
      ],
      [0.5, 1, 1],
    ),
    t.muscle,
  );
  // Spine: bodies with discs between, arches behind the cord, vessels of the neck.
  const column = 5 + n(1);
  both(() => ellipsoid([17, 12, -74], [12, 9, 7]), t.marrow, 0.2, 3);
  one(
    tube(
      [
        [0, 4, -68, 4.5],
        [0, 5, -88, 6],
        [0, column, -120, 7.5],
        [0, column + 1, -200, 8],
      ],
      [0.8, 1, 1],
    ),
    t.marrow * 1.15,
    0.1,
  );
  for (let z = -91; z > -160; z -= 17) one(ellipsoid([0, 5, z], [9, 8, 2]), t.bone + 0.1, 0.25);
  for (let z = -74; z > -160; z -= 17)
    one(
      tube([
        [0, 29, z, 2.5],
        [0, 42, z - 8, 3],
      ]),
      t.bone + 0.1,
      0.2,
    );
  both(
    () =>
      tube([
        [28, -4, -52, 2.6],
        [25, -2, -90, 2.8],
        [27, -4, -190, 3.2],
      ]),
    t.vessel,
    0.15,
  );
  both(
    () =>
      tube([
        [34, 6, -58, 3],
        [33, 6, -190, 4],
      ]),
    t.vessel * 0.8,
    0.35,
  );
  both(
    () =>
      tube([
        [16, 13, -84, 1.8],
        [17, 12, -190, 1.8],
      ]),
    t.vessel * 0.9,
    0.2,
  );
  both(() => ellipsoid([8, 52, -75], [2.5, 26, 22]), t.fat, 0.45, 4);
  both(() => ellipsoid([30, 45, -88], [18, 3, 26], -25), t.fat, 0.5, 4);
}
