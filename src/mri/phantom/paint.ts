import type { Vec3 } from "../../geometry/vec3.ts";
import type { Random } from "../../random.ts";
import { type PhantomCanvas, size } from "./canvas.ts";

/** A body in the mean head: its bounding box there and the signed distance in mm, negative inside. */
export interface Body {
  readonly low: Vec3;
  readonly high: Vec3;
  readonly distance: (x: number, y: number, z: number) => number;
}

/** Tube through points [x, y, z, radius]; `flat` squeezes it along x, y, z (2 = half as thick, radius across kept). */
export function tube(points: readonly (readonly [number, number, number, number])[], flat: Vec3 = [1, 1, 1]): Body {
  const [fx, fy, fz] = flat;
  const low: [number, number, number] = [1e9, 1e9, 1e9];
  const high: [number, number, number] = [-1e9, -1e9, -1e9];
  for (const p of points)
    for (let a = 0; a < 3; a++) {
      low[a] = Math.min(low[a], p[a] - p[3] / flat[a]);
      high[a] = Math.max(high[a], p[a] + p[3] / flat[a]);
    }
  const p = points.map(([x, y, z, r]) => [x * fx, y * fy, z * fz, r]);
  const longest = Math.max(fx, fy, fz);
  return {
    low,
    high,
    distance: (x, y, z) => {
      let best = 1e9;
      for (let s = 0; s + 1 < p.length; s++) {
        const a = p[s];
        const b = p[s + 1];
        const dx = b[0] - a[0];
        const dy = b[1] - a[1];
        const dz = b[2] - a[2];
        const px = x * fx - a[0];
        const py = y * fy - a[1];
        const pz = z * fz - a[2];
        let t = (px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz);
        t = t < 0 ? 0 : Math.min(t, 1);
        const ex = px - t * dx;
        const ey = py - t * dy;
        const ez = pz - t * dz;
        const d = Math.sqrt(ex * ex + ey * ey + ez * ez) - a[3] - t * (b[3] - a[3]);
        if (d < best) best = d;
      }
      return best / longest;
    },
  };
}

/** Ellipsoid, turned by degrees about z (first axis towards y), then about x (y towards z). */
export function ellipsoid(center: Vec3, half: Vec3, aboutZ = 0, aboutX = 0): Body {
  const c = Math.cos((aboutZ * Math.PI) / 180);
  const s = Math.sin((aboutZ * Math.PI) / 180);
  const e = Math.cos((aboutX * Math.PI) / 180);
  const f = Math.sin((aboutX * Math.PI) / 180);
  const reach =
    aboutZ === 0 && aboutX === 0 ? half : ([Math.max(...half), Math.max(...half), Math.max(...half)] as Vec3);
  return {
    low: [center[0] - reach[0], center[1] - reach[1], center[2] - reach[2]],
    high: [center[0] + reach[0], center[1] + reach[1], center[2] + reach[2]],
    distance: (x, y, z) => {
      const dx = x - center[0];
      const dy = y - center[1];
      const dz = z - center[2];
      const v = e * dy + f * dz;
      const w = -f * dy + e * dz;
      const a = (c * dx + s * v) / half[0];
      const b = (-s * dx + c * v) / half[1];
      const g = w / half[2];
      const k = Math.sqrt(a * a + b * b + g * g);
      const m = Math.sqrt((a / half[0]) ** 2 + (b / half[1]) ** 2 + (g / half[2]) ** 2);
      return m < 1e-6 ? -Math.min(...half) : (k * (k - 1)) / m;
    },
  };
}

/** Body common to two: the first, cut by the second. */
export const cut = (a: Body, keep: (x: number, y: number, z: number) => number): Body => ({
  ...a,
  distance: (x, y, z) => Math.max(a.distance(x, y, z), keep(x, y, z)),
});

export const mirror = (b: Body): Body => ({
  low: [-b.high[0], b.low[1], b.low[2]],
  high: [-b.low[0], b.high[1], b.high[2]],
  distance: (x, y, z) => b.distance(-x, y, z),
});

export interface Paint {
  /** Brightness, white matter 1. */
  readonly value: number;
  /** Region number where the body covers more than half the voxel; left as it is when not given. */
  readonly label?: number;
  /** How far the border is blurred, mm; one voxel when left out. */
  readonly soft?: number;
  /** Part of what was there before that shows through. */
  readonly clear?: number;
}

/** Paints a body over what is there, each voxel in proportion to how much of it the body covers. */
export function paint(canvas: PhantomCanvas, body: Body, how: Paint): void {
  const margin = 5;
  const low = [1e9, 1e9, 1e9];
  const high = [-1e9, -1e9, -1e9];
  for (let c = 0; c < 8; c++) {
    const v = canvas.toVoxel([
      c & 1 ? body.high[0] + margin : body.low[0] - margin,
      c & 2 ? body.high[1] + margin : body.low[1] - margin,
      c & 4 ? body.high[2] + margin : body.low[2] - margin,
    ]);
    for (let a = 0; a < 3; a++) {
      low[a] = Math.min(low[a], v[a]);
      high[a] = Math.max(high[a], v[a]);
    }
  }
  const from = low.map((v) => Math.max(0, Math.floor(v)));
  const to = high.map((v, a) => Math.min(size[a] - 1, Math.ceil(v)));
  const width = how.soft ?? 2;
  const strength = 1 - (how.clear ?? 0);
  const { x, y, z, value, label } = canvas;
  const [bx, by, bz] = body.low;
  const [tx, ty, tz] = body.high;
  for (let k = from[2]; k <= to[2]; k++)
    for (let j = from[1]; j <= to[1]; j++) {
      const row = size[0] * (j + size[1] * k);
      for (let i = from[0]; i <= to[0]; i++) {
        const o = row + i;
        const px = x[o];
        const py = y[o];
        const pz = z[o];
        if (px < bx - 2 || px > tx + 2 || py < by - 2 || py > ty + 2 || pz < bz - 2 || pz > tz + 2) continue;
        const cover = 0.5 - body.distance(px, py, pz) / width;
        if (cover <= 0) continue;
        value[o] += Math.min(cover, 1) * strength * (how.value - value[o]);
        if (how.label !== undefined && cover > 0.5) label[o] = how.label;
      }
    }
}

/**
 * Paints a body and its mirror image, a little unlike: `make` gets how much thicker than usual the body is and a source
 * of small shifts, mm. The thickness is mostly common to both sides.
 */
export function paintPair(
  canvas: PhantomCanvas,
  random: Random,
  make: (grow: number, shift: () => number) => Body,
  how: Omit<Paint, "label">,
  labels?: readonly [left: number, right: number],
): void {
  const common = 0.35 * random.normal();
  for (const side of [0, 1] as const) {
    const own = random.fork(side);
    const body = make(common + 0.2 * own.normal(), () => 0.5 * own.normal());
    paint(canvas, side === 0 ? body : mirror(body), labels ? { ...how, label: labels[side] } : how);
  }
}
