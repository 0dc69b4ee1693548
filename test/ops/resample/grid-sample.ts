/**
 * x [N, C, H, W], grid [N, h, w, 2] = (column, row) from -1 to 1; attrs { mode: bilinear or nearest, padding_mode: zeros,
 * border or reflection, align_corners }.
 */
import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, type Ref, type Reference, zeros } from "../common/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "../common/sample.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

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

function placeOf(c: number, size: number, attrs: Attrs): Place {
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
function eachGridTap(
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

const reference: Reference = {
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

const tolerance: ToleranceRule = {
  // Nearest copies; bilinear sums four products with weights up to 1.
  forward: ({ inputs: [x], attrs, u }) => (attrs.mode === "nearest" ? 0 : u * 2 * peak(x)),
  grad({ inputs: [x, grid], input, attrs, gradOut, want, u }) {
    const g = peak(gradOut);
    // Of the grid: over the channels, four products each, with the slope of a pixel's weight as one factor more.
    if (input === 1) {
      const [, c, h, w] = x.shape;
      const scale = u * Math.sqrt(4 * c) * g * peak(x) * (attrs.mode === "nearest" ? 0 : 0.5);
      return want.data.map((_, i) => scale * (i % 2 === 0 ? w : h));
    }
    // Of x: over the points that took the pixel, with weights up to 1.
    const terms = new Float64Array(want.data.length);
    eachGridTap(x.shape, grid, attrs, (from) => {
      terms[from]++;
    });
    return terms.map((n) => (attrs.mode === "nearest" && n <= 1 ? 0 : u * Math.sqrt(n) * g));
  },
};

/**
 * Points whose coordinates in pixels keep a twentieth away from whole and half numbers, where slopes jump and the nearest
 * pixel changes; inside the image and up to `beyond` of its size outside.
 */
function points(
  d: Draws,
  [n, , h, w]: readonly number[],
  [oh, ow]: readonly number[],
  corners: boolean,
  beyond: number,
): Ref {
  return d.fill([n, oh, ow, 2], (r, i) => {
    const size = i % 2 === 0 ? w : h;
    const pixel =
      Math.floor(r.uniform(-beyond * size - 1, (1 + beyond) * size)) +
      r.uniform(0.05, 0.45) +
      (r.uniform() < 0.5 ? 0.5 : 0);
    if (!corners) return (2 * pixel + 1) / size - 1;
    return size === 1 ? r.uniform(-1, 1) : (2 * pixel) / (size - 1) - 1;
  });
}

const sizes: readonly (readonly [x: readonly number[], out: readonly number[]])[] = [
  [
    [1, 1, 5, 7],
    [4, 3],
  ],
  [
    [2, 3, 6, 5],
    [7, 8],
  ],
  [
    [1, 1, 1, 1],
    [2, 2],
  ],
  [
    [1, 2, 1, 9],
    [5, 4],
  ],
  [
    [3, 1, 8, 1],
    [1, 13],
  ],
  [
    [1, 5, 11, 13],
    [17, 19],
  ],
];

const all = ["bilinear", "nearest"].flatMap((mode) =>
  ["zeros", "border", "reflection"].flatMap((padding_mode) =>
    [false, true].map((align_corners) => ({ mode, padding_mode, align_corners })),
  ),
);

const sampled = { mode: "bilinear", padding_mode: "zeros", align_corners: false };

const samples: SampleTable = {
  rows: [
    ...all.flatMap((attrs, i) =>
      [0, 1, 2, 3].map((k) => {
        const [x, out] = sizes[(3 * i + k) % sizes.length];
        return row("grid_sample", `${show(x)} to ${show(out)} ${JSON.stringify(attrs)}`, (d) => ({
          inputs: [d.uniform(x), points(d, x, out, attrs.align_corners, k === 3 ? 1.6 : 0.3)],
          attrs,
        }));
      }),
    ),
    ...[sampled, { ...sampled, padding_mode: "reflection", align_corners: true }].map((attrs) =>
      row("grid_sample", `many workgroups ${JSON.stringify(attrs)}`, (d) => ({
        inputs: [d.uniform([2, 7, 23, 29]), points(d, [2, 7, 23, 29], [61, 67], attrs.align_corners, 0.2)],
        attrs,
      })),
    ),
    row("grid_sample", "channels share a point's work", (d) => ({
      inputs: [d.uniform([1, 37, 6, 5]), points(d, [1, 37, 6, 5], [64, 66], false, 0.2)],
      attrs: sampled,
    })),
    row("grid_sample", "all points in one corner", (d) => ({
      inputs: [d.uniform([1, 3, 4, 6]), d.uniform([1, 31, 33, 2], 1.1, 3)],
      attrs: { ...sampled, padding_mode: "border" },
    })),
    row("grid_sample", "all points outside", (d) => ({
      inputs: [d.uniform([2, 2, 4, 6]), d.uniform([2, 3, 5, 2], 2.1, 9)],
      attrs: sampled,
    })),
    row("grid_sample", "no points", (d) => ({
      inputs: [d.uniform([2, 2, 4, 6]), d.uniform([2, 0, 5, 2])],
      attrs: sampled,
    })),
    row("grid_sample", "no images", (d) => ({
      inputs: [d.uniform([0, 2, 4, 6]), d.uniform([0, 3, 5, 2])],
      attrs: sampled,
    })),
  ],
  errors: [
    refused(
      "a grid of triples",
      [
        [1, 1, 4, 4],
        [1, 2, 2, 3],
      ],
      sampled,
      "grid_sample",
      "grid",
      "[N, H', W', 2]",
    ),
    refused(
      "a grid for more images",
      [
        [1, 1, 4, 4],
        [2, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "N=1",
      "N=2",
    ),
    refused(
      "no batch axis",
      [
        [1, 4, 4],
        [1, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "[N, C, H, W]",
    ),
    refused(
      "no pixels",
      [
        [1, 1, 0, 4],
        [1, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "H=0",
    ),
    {
      ...refused(
        "an unknown mode",
        [
          [1, 1, 4, 4],
          [1, 2, 2, 2],
        ],
        { ...sampled, mode: "bicubic" },
        "grid_sample",
        "bicubic",
      ),
      errorClass: ConfigError,
    },
    {
      ...refused(
        "an unknown padding",
        [
          [1, 1, 4, 4],
          [1, 2, 2, 2],
        ],
        { ...sampled, padding_mode: "wrap" },
        "reflection",
      ),
      errorClass: ConfigError,
    },
  ],
};

export const op: OpTest = {
  name: "grid_sample",
  call: ([x, grid], a) =>
    T.gridSample(x, grid, { mode: a.mode, paddingMode: a.padding_mode, alignCorners: a.align_corners }),
  reference,
  samples,
  tolerance,
};
