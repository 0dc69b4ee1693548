import type { Point2 } from "../geometry/index.ts";
import type { Image } from "../io/image.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { type Canvas, type Rgb, textSize } from "./canvas.ts";
import { enlarge } from "./gray.ts";
import { edgeLetters } from "./orientation.ts";

/** Colors that differ for every kind of color vision, on gray. */
export const palette = {
  found: [255, 176, 0],
  truth: [86, 180, 233],
  other: [0, 200, 140],
  bad: [255, 96, 84],
  white: [255, 255, 255],
} as const satisfies Record<string, Rgb>;

/** A polygon in the pixels of the image (column, row; centers at integers). */
export interface Outline {
  readonly points: readonly Point2<"pixel">[];
  /** Stands in the legend; left out, it does not. */
  readonly name?: string;
  /** Default palette.found. */
  readonly color?: Rgb;
  /** Default true. */
  readonly closed?: boolean;
  readonly dashed?: boolean;
}

export interface OverlayPoint {
  readonly pixel: Point2<"pixel">;
  readonly label?: string;
  /** 0 to 1: a doubtful point is paler. Default 1. */
  readonly confidence?: number;
  readonly color?: Rgb;
}

export interface OverlayOptions {
  readonly outlines?: readonly Outline[];
  readonly points?: readonly OverlayPoint[];
  /** Stands at the top left. */
  readonly title?: string;
  /** Pixels of the picture for one of the image along its finer side; default 2 or 3, so that the picture is 512 wide or more. */
  readonly scale?: number;
  /** Gray values shown black and white; default: percentiles of the image. */
  readonly range?: readonly [low: number, high: number];
}
const overlayKeys: KeysOf<OverlayOptions> = { outlines: 1, points: 1, title: 1, scale: 1, range: 1 };

type Segment = readonly [Point2<"pixel">, Point2<"pixel">];

const margin = 8;
const finite = (p: Point2<"pixel">): boolean => Number.isFinite(p[0]) && Number.isFinite(p[1]);

/** Cuts segments into dashes that go on around corners. */
const dashes = (segments: readonly Segment[], on: number, off: number): Segment[] => {
  const out: Segment[] = [];
  let phase = 0;
  for (const [a, b] of segments) {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (length > 1e5) continue; // far outside every picture
    const at = (s: number): Point2<"pixel"> => [
      a[0] + ((b[0] - a[0]) * s) / length,
      a[1] + ((b[1] - a[1]) * s) / length,
    ];
    for (let s = -phase; s < length; s += on + off)
      if (s + on > 0) out.push([at(Math.max(0, s)), at(Math.min(length, s + on))]);
    phase = (phase + length) % (on + off);
  }
  return out;
};

const drawOutline = (canvas: Canvas, outline: Outline, place: (p: Point2<"pixel">) => Point2<"pixel">): void => {
  const points = outline.points.filter(finite).map(place);
  const segments: Segment[] = points.slice(1).map((p, i) => [points[i], p]);
  if ((outline.closed ?? true) && points.length > 2) segments.push([points[points.length - 1], points[0]]);
  canvas.segments(outline.dashed ? dashes(segments, 8, 6) : segments, {
    color: outline.color ?? palette.found,
    width: 2,
  });
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

/** A place for a label beside its point, where it covers other labels and points least. */
const labelPlace = (
  canvas: Canvas,
  [x, y]: Point2<"pixel">,
  size: { width: number; height: number },
  taken: readonly Box[],
): Box => {
  const { width, height } = size;
  const gap = 7;
  const mid = Math.round(y - height / 2);
  const places: Point2<"pixel">[] = [
    [x + gap, mid],
    [x - gap - width, mid],
    [x - width / 2, y + gap],
    [x - width / 2, y - gap - height],
    [x + gap, y + gap],
    [x + gap, y - gap - height],
    [x - gap - width, y + gap],
    [x - gap - width, y - gap - height],
  ];
  const boxes = places.map(([px, py]) => ({ x: Math.round(px), y: Math.round(py), width, height }));
  const cost = (b: Box): number => {
    const outside = width * height - overlap(b, { x: 2, y: 2, width: canvas.width - 4, height: canvas.height - 4 });
    return 3 * outside + taken.reduce((sum, t) => sum + overlap(b, t), 0);
  };
  return boxes.reduce((best, b) => (cost(b) < cost(best) ? b : best));
};

const drawPoints = (
  canvas: Canvas,
  points: readonly (OverlayPoint & { readonly at: Point2<"pixel"> })[],
  taken: Box[],
): void => {
  for (const { at } of points) taken.push({ x: at[0] - 4, y: at[1] - 4, width: 9, height: 9 });
  for (const { at, color = palette.found, confidence = 1 } of points) {
    const alpha = 0.3 + 0.7 * Math.min(1, Math.max(0, confidence));
    canvas.circle(at, 3.5, { color, width: 1.4, alpha });
    canvas.segments([[at, at]], { color, width: 1.6, alpha, halo: 0 });
  }
  for (const { at, label, color = palette.found, confidence = 1 } of points) {
    if (!label) continue;
    const box = labelPlace(canvas, at, textSize(label), taken);
    taken.push(box);
    canvas.text(label, box.x, box.y, color, 1, 0.7 + 0.3 * Math.min(1, Math.max(0, confidence)));
  }
};

/** A bar of a round length, at most a third of the picture, at the bottom right. */
const drawScaleBar = (canvas: Canvas, pixelsPerMm: number): Box => {
  const length = [200, 100, 50, 20, 10, 5, 2, 1].find((mm) => mm * pixelsPerMm <= canvas.width / 3) ?? 1;
  const right = canvas.width - margin;
  const left = right - length * pixelsPerMm;
  const y = canvas.height - margin - 2;
  canvas.segments(
    [
      [
        [left, y],
        [right, y],
      ],
      [
        [left, y - 4],
        [left, y],
      ],
      [
        [right, y - 4],
        [right, y],
      ],
    ],
    { color: palette.white, width: 1.5 },
  );
  const text = `${length} mm`;
  const size = textSize(text);
  canvas.text(text, Math.round((left + right - size.width) / 2), y - 14, palette.white);
  return { x: left, y: y - 16, width: right - left, height: 20 };
};

const drawLetters = (canvas: Canvas, plane: NonNullable<Image["plane"]>): Box[] => {
  const { left, right, top, bottom } = edgeLetters(plane);
  const size = 2;
  const put = (text: string, x: number, y: number): Box => {
    canvas.text(text, Math.round(x), Math.round(y), palette.white, size);
    return { x, y, ...textSize(text, size) };
  };
  const middle = (text: string): number => (canvas.width - textSize(text, size).width) / 2;
  const y = (canvas.height - 7 * size) / 2;
  return [
    put(left, margin, y),
    put(right, canvas.width - margin - textSize(right, size).width, y),
    put(top, middle(top), margin),
    put(bottom, middle(bottom), canvas.height - margin - 7 * size),
  ];
};

/** Names of the outlines at the bottom left, the first one on top. */
const drawLegend = (canvas: Canvas, outlines: readonly Outline[]): Box[] =>
  outlines
    .filter((o) => o.name)
    .reverse()
    .map((o, i) => {
      const y = canvas.height - margin - 8 - 13 * i;
      const line: Segment[] = [
        [
          [margin + 1, y + 3],
          [margin + 21, y + 3],
        ],
      ];
      canvas.segments(o.dashed ? dashes(line, 8, 6) : line, { color: o.color ?? palette.found, width: 2 });
      canvas.text(o.name as string, margin + 28, y, palette.white);
      return { x: margin, y, width: 28 + textSize(o.name as string).width, height: 9 };
    });

/**
 * What a person looks at: a gray scout enlarged in true proportions, with outlines, points, a scale bar and the letters of
 * the patient's directions (both only where the image knows its plane). Points and corners that are not numbers are left
 * out. Gives an RGB image, Uint8Array. Throws DataError for an image that is not gray.
 */
export const overlay = (image: Image, options: OverlayOptions = {}): Image => {
  checkOptions("overlay", options, overlayKeys);
  const { outlines = [], points = [], title } = options;
  const scale =
    options.scale ??
    (Math.max(image.width, image.height) >= 240 ? 2 : Math.max(image.width, image.height) >= 170 ? 3 : 4);
  const spacing = image.plane?.spacing ?? [1, 1];
  const finest = Math.min(...spacing);
  const [sy, sx] = spacing.map((s) => (scale * s) / finest);
  const canvas = enlarge(image, sx, sy, options.range);
  const place = ([c, r]: Point2<"pixel">): Point2<"pixel"> => [(c + 0.5) * sx - 0.5, (r + 0.5) * sy - 0.5];

  for (const outline of outlines) drawOutline(canvas, outline, place);
  const taken: Box[] = image.plane ? [...drawLetters(canvas, image.plane), drawScaleBar(canvas, scale / finest)] : [];
  taken.push(...drawLegend(canvas, outlines));
  if (title) {
    canvas.text(title, margin, margin, palette.white);
    taken.push({ x: margin, y: margin, ...textSize(title) });
  }
  drawPoints(
    canvas,
    points.filter((p) => finite(p.pixel)).map((p) => ({ ...p, at: place(p.pixel) })),
    taken,
  );
  return canvas.image();
};
