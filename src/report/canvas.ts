import type { Point2 } from "../geometry/index.ts";
import type { Image } from "../io/image.ts";
import { eachTextPixel, glyphHeight, textWidth } from "./font.ts";

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

type Point = Point2<"pixel">;

const black: Rgb = [0, 0, 0];

/** An RGB picture to draw on; coordinates are its own pixels, centers at integers. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** [height][width][3]. */
  readonly data: Uint8Array;
  /** Coverage of the shape being drawn, so that its parts do not darken where they overlap. */
  readonly #cover: Float32Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(3 * width * height);
    this.#cover = new Float32Array(width * height);
  }

  image(): Image {
    return { width: this.width, height: this.height, channels: 3, data: this.data };
  }

  blend(x: number, y: number, color: Rgb, alpha: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = 3 * (y * this.width + x);
    for (let c = 0; c < 3; c++) this.data[at + c] = Math.round(this.data[at + c] * (1 - alpha) + color[c] * alpha);
  }

  /** Anti-aliased line segments as one shape, with a dark edge so that they show on any gray. */
  segments(
    list: readonly (readonly [Point, Point])[],
    style: { color: Rgb; width: number; alpha?: number; halo?: number },
  ): void {
    const { color, width, alpha = 1, halo = 1 } = style;
    if (halo > 0) this.#strokes(list, width / 2 + halo, black, 0.6 * alpha);
    this.#strokes(list, width / 2, color, alpha);
  }

  #strokes(list: readonly (readonly [Point, Point])[], radius: number, color: Rgb, alpha: number): void {
    let [left, top, right, bottom] = [this.width, this.height, -1, -1];
    for (const [a, b] of list) {
      const x0 = Math.max(0, Math.floor(Math.min(a[0], b[0]) - radius - 1));
      const x1 = Math.min(this.width - 1, Math.ceil(Math.max(a[0], b[0]) + radius + 1));
      const y0 = Math.max(0, Math.floor(Math.min(a[1], b[1]) - radius - 1));
      const y1 = Math.min(this.height - 1, Math.ceil(Math.max(a[1], b[1]) + radius + 1));
      if (x0 > x1 || y0 > y1) continue;
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const square = dx * dx + dy * dy;
      for (let y = y0; y <= y1; y++)
        for (let x = x0; x <= x1; x++) {
          const t = square > 0 ? Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / square)) : 0;
          const covered = Math.min(1, radius + 0.5 - Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy));
          const at = y * this.width + x;
          if (covered > this.#cover[at]) this.#cover[at] = covered;
        }
      [left, top, right, bottom] = [Math.min(left, x0), Math.min(top, y0), Math.max(right, x1), Math.max(bottom, y1)];
    }
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) {
        const at = y * this.width + x;
        if (this.#cover[at] > 0) this.blend(x, y, color, alpha * this.#cover[at]);
        this.#cover[at] = 0;
      }
  }

  /** A circle's line, as segments of about two pixels. */
  circle(center: Point, radius: number, style: { color: Rgb; width: number; alpha?: number; halo?: number }): void {
    const steps = Math.max(12, Math.ceil(Math.PI * radius));
    const at = (k: number): Point => [
      center[0] + radius * Math.cos((2 * Math.PI * k) / steps),
      center[1] + radius * Math.sin((2 * Math.PI * k) / steps),
    ];
    this.segments(
      Array.from({ length: steps }, (_, k) => [at(k), at(k + 1)] as const),
      style,
    );
  }

  /** Text with its top left at (x, y), whole pixels; `size` is the factor on the 5 x 7 font. */
  text(text: string, x: number, y: number, color: Rgb, size = 1, alpha = 1): void {
    const block = (column: number, row: number, grow: number, paint: (x: number, y: number) => void): void => {
      for (let v = -grow; v < size + grow; v++)
        for (let u = -grow; u < size + grow; u++) paint(x + column * size + u, y + row * size + v);
    };
    const edge = new Set<number>();
    eachTextPixel(text, (c, r) => block(c, r, 1, (u, v) => u >= 0 && u < this.width && edge.add(v * this.width + u)));
    for (const at of edge)
      this.blend(((at % this.width) + this.width) % this.width, Math.floor(at / this.width), black, 0.75 * alpha);
    eachTextPixel(text, (c, r) => block(c, r, 0, (u, v) => this.blend(u, v, color, alpha)));
  }
}

/** Width and height of a text on a canvas, pixels. */
export const textSize = (text: string, size = 1): { width: number; height: number } => ({
  width: textWidth(text) * size,
  height: glyphHeight * size,
});
