/**
 * grid_sample: x [N, C, H, W], grid [N, h, w, 2] = (column, row) from -1 to 1; attrs { mode: bilinear or nearest, padding_mode:
 * zeros, border or reflection, align_corners }. affine_grid: theta [N, 2, 3]; attrs { size: [h, w], align_corners }.
 */
import { type Attrs, numbersOf, type Ref, type Reference, zeros } from "./ref.ts";

/** A coordinate in pixels, and its derivative over the grid's coordinate. */
interface Place {
  readonly at: number;
  readonly slope: number;
}

/** Into pixels: with align_corners -1 and 1 are the middles of the outer pixels, else their outer edges. */
const inPixels = (c: number, size: number, corners: boolean): Place =>
  corners
    ? { at: ((c + 1) / 2) * (size - 1), slope: (size - 1) / 2 }
    : { at: ((c + 1) * size - 1) / 2, slope: size / 2 };

/** Mirrored back and forth between `low` and `high`. */
function reflected({ at, slope }: Place, low: number, high: number): Place {
  const span = high - low;
  if (span === 0) return { at: 0, slope: 0 };
  const far = Math.abs(at - low);
  const extra = far % span;
  const odd = Math.floor(far / span) % 2 === 1;
  const turned = at < low !== odd;
  return { at: low + (odd ? span - extra : extra), slope: turned ? -slope : slope };
}

function held({ at, slope }: Place, size: number): Place {
  if (at <= 0) return { at: 0, slope: 0 };
  return at >= size - 1 ? { at: size - 1, slope: 0 } : { at, slope };
}

export function placeOf(c: number, size: number, attrs: Attrs): Place {
  const corners = attrs.align_corners === true;
  const place = inPixels(c, size, corners);
  if (attrs.padding_mode === "zeros") return place;
  if (attrs.padding_mode === "border") return held(place, size);
  return held(corners ? reflected(place, 0, size - 1) : reflected(place, -0.5, size - 0.5), size);
}

const toEven = (v: number): number => {
  const low = Math.floor(v);
  if (v - low !== 0.5) return Math.round(v);
  return low % 2 === 0 ? low : low + 1;
};

/** A pixel that a point takes from; the derivatives of its weight are over the grid's coordinates. */
interface Tap {
  /** Place in a plane of x, or -1 outside. */
  readonly from: number;
  readonly weight: number;
  readonly alongX: number;
  readonly alongY: number;
}

function tapsOf(point: readonly [number, number], h: number, w: number, attrs: Attrs): Tap[] {
  const column = placeOf(point[0], w, attrs);
  const line = placeOf(point[1], h, attrs);
  const pixel = (y: number, x: number): number => (x >= 0 && x < w && y >= 0 && y < h ? y * w + x : -1);
  if (attrs.mode === "nearest")
    return [{ from: pixel(toEven(line.at), toEven(column.at)), weight: 1, alongX: 0, alongY: 0 }];
  const left = Math.floor(column.at);
  const top = Math.floor(line.at);
  const fx = column.at - left;
  const fy = line.at - top;
  const taps: Tap[] = [];
  for (const [y, wy, sy] of [
    [top, 1 - fy, -1],
    [top + 1, fy, 1],
  ])
    for (const [x, wx, sx] of [
      [left, 1 - fx, -1],
      [left + 1, fx, 1],
    ])
      taps.push({
        from: pixel(y, x),
        weight: wx * wy,
        alongX: sx * wy * column.slope,
        alongY: sy * wx * line.slope,
      });
  return taps;
}

/** Calls `visit` for every pixel inside x that a point takes from: places in x, in the result and of the point. */
export function eachGridTap(
  x: readonly number[],
  grid: Ref,
  attrs: Attrs,
  visit: (from: number, out: number, point: number, tap: Tap) => void,
): void {
  const [n, c, h, w] = x;
  const points = grid.shape[1] * grid.shape[2];
  for (let i = 0; i < n; i++)
    for (let p = 0; p < points; p++) {
      const point = i * points + p;
      for (const tap of tapsOf([grid.data[2 * point], grid.data[2 * point + 1]], h, w, attrs)) {
        if (tap.from < 0) continue;
        for (let channel = 0; channel < c; channel++) {
          const plane = i * c + channel;
          visit(plane * h * w + tap.from, plane * points + p, point, tap);
        }
      }
    }
}

const gridSample: Reference = {
  op: "grid_sample",
  forward([x, grid], attrs) {
    const out = zeros([x.shape[0], x.shape[1], grid.shape[1], grid.shape[2]]);
    eachGridTap(x.shape, grid, attrs, (from, at, _, { weight }) => {
      out.data[at] += weight * x.data[from];
    });
    return out;
  },
  backward([x, grid], attrs, gradOut) {
    const gx = zeros(x.shape);
    const gg = zeros(grid.shape);
    eachGridTap(x.shape, grid, attrs, (from, at, point, tap) => {
      gx.data[from] += gradOut.data[at] * tap.weight;
      gg.data[2 * point] += gradOut.data[at] * x.data[from] * tap.alongX;
      gg.data[2 * point + 1] += gradOut.data[at] * x.data[from] * tap.alongY;
    });
    return [gx, gg];
  },
};

/** -1 to 1 over the pixels' middles, or over their edges; a side of one pixel is at 0. */
const baseOf = (i: number, size: number, corners: boolean): number =>
  size === 1 ? 0 : ((2 * i) / (size - 1) - 1) * (corners ? 1 : (size - 1) / size);

function eachAffine(
  theta: Ref,
  attrs: Attrs,
  visit: (row: number, out: number, base: readonly [number, number, number]) => void,
): void {
  const [h, w] = numbersOf(attrs, "size");
  const corners = attrs.align_corners === true;
  let out = 0;
  for (let i = 0; i < theta.shape[0]; i++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let row = 0; row < 2; row++)
          visit(6 * i + 3 * row, out++, [baseOf(x, w, corners), baseOf(y, h, corners), 1]);
}

const affineGrid: Reference = {
  op: "affine_grid",
  forward([theta], attrs) {
    const out = zeros([theta.shape[0], ...numbersOf(attrs, "size"), 2]);
    eachAffine(theta, attrs, (row, at, base) => {
      out.data[at] = base.reduce((sum, b, j) => sum + b * theta.data[row + j], 0);
    });
    return out;
  },
  backward([theta], attrs, gradOut) {
    const gt = zeros(theta.shape);
    eachAffine(theta, attrs, (row, at, base) => {
      for (const [j, b] of base.entries()) gt.data[row + j] += gradOut.data[at] * b;
    });
    return [gt];
  },
};

export const gridReferences: readonly Reference[] = [gridSample, affineGrid];
