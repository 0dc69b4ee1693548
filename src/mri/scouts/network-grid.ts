import { GeometryError, ShapeError } from "../../errors.ts";
import {
  checkPlane,
  type Plane,
  type PlaneClass,
  type Point2,
  patientFromPixel,
  pixelFromPatient,
  planeCenter,
  planeClass,
  type Vec3,
} from "../../geometry/index.ts";
import { checkFinite } from "../../io/finite.ts";
import type { Image } from "../../io/image.ts";
import { grayRange, normalizeGray } from "./normalize.ts";
import { canonicalPlane, networkGrid, type ScoutGrid } from "./planes.ts";

/** A scout as the network sees it, and the way back to the scout's own pixels. */
export interface GridImage {
  /** size x size, row-major. */
  readonly data: Float32Array;
  readonly planeClass: PlaneClass;
  /** Where the grid's pixels lie in the patient: `patientFromPixel(plane, pixel)` needs no detour over the source. */
  readonly plane: Plane;
  /** Pixel of the grid -> pixel of the source image; exact, not rounded. */
  toSource(pixel: Point2<"pixel">): Point2<"pixel">;
  /** Pixel of the source image -> pixel of the grid. */
  fromSource(pixel: Point2<"pixel">): Point2<"pixel">;
}

/** More samples a side than this buy nothing: the source would have pixels below 0.13 mm. */
const mostSamples = 16;

/** Mean of n x n bilinear samples for each pixel of the grid; position = first + column * perColumn + row * perRow, in source pixels. */
const average = (
  source: Image["data"],
  width: number,
  height: number,
  first: Point2<"pixel">,
  perColumn: Point2<"pixel">,
  perRow: Point2<"pixel">,
  size: number,
  outside: number,
): Float32Array => {
  const samplesFor = (step: Point2<"pixel">) =>
    Math.min(mostSamples, Math.max(1, Math.ceil(Math.max(Math.abs(step[0]), Math.abs(step[1])) - 1e-6)));
  const nc = samplesFor(perColumn);
  const nr = samplesFor(perRow);
  const out = new Float32Array(size * size);
  const weight = 1 / (nc * nr);
  for (let r = 0; r < size; r++)
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (let j = 0; j < nr; j++)
        for (let i = 0; i < nc; i++) {
          const u = c + (i + 0.5) / nc - 0.5;
          const v = r + (j + 0.5) / nr - 0.5;
          let x = first[0] + u * perColumn[0] + v * perRow[0];
          let y = first[1] + u * perColumn[1] + v * perRow[1];
          if (!(x >= -0.5 && x <= width - 0.5 && y >= -0.5 && y <= height - 0.5)) {
            sum += outside;
            continue;
          }
          x = x < 0 ? 0 : Math.min(x, width - 1);
          y = y < 0 ? 0 : Math.min(y, height - 1);
          const ix = x | 0;
          const iy = y | 0;
          const right = ix < width - 1 ? 1 : 0;
          const at = ix + width * iy;
          const below = iy < height - 1 ? at + width : at;
          const top = source[at] + (x - ix) * (source[at + right] - source[at]);
          const bottom = source[below] + (x - ix) * (source[below + right] - source[below]);
          sum += top + (y - iy) * (bottom - top);
        }
      out[r * size + c] = sum * weight;
    }
  return out;
};

/**
 * Brings a scout of any matrix, spacing, flip, transposition or tilt onto the network's grid by its geometry: the grid
 * lies in the scout's own plane around its image center, turned as its plane class is shown (sagittal: columns
 * posterior, rows inferior; coronal: left, inferior; axial: left, posterior). Shrinking averages over the area; what the
 * scout does not cover gets the gray of its air. Throws GeometryError without a sound plane, ShapeError for
 * color, DataError for NaN and infinities.
 */
export const toNetworkGrid = (image: Image, grid: ScoutGrid = networkGrid): GridImage => {
  const { plane: source, width, height, channels } = image;
  if (!source)
    throw new GeometryError(
      "toNetworkGrid: the image has no plane; read it from DICOM or NIfTI, which carry its geometry",
    );
  checkPlane(source, "toNetworkGrid");
  if (channels !== 1)
    throw new ShapeError(`toNetworkGrid: the image has ${channels} channels; a scout has 1, convert it to gray first`);
  if (source.columns !== width || source.rows !== height)
    throw new GeometryError(
      `toNetworkGrid: the plane has ${source.columns} x ${source.rows} pixels, the image ${width} x ${height}; they must agree`,
    );
  const kind = planeClass(source);
  checkFinite(`toNetworkGrid: the ${kind} scout`, image);
  const plane = canonicalPlane(source, kind, planeCenter(source) as Vec3, grid);
  const toSource = (pixel: Point2<"pixel">) => pixelFromPatient(source, patientFromPixel(plane, pixel)).pixel;
  const fromSource = (pixel: Point2<"pixel">) => pixelFromPatient(plane, patientFromPixel(source, pixel)).pixel;
  const first = toSource([0, 0]);
  const step = (to: Point2<"pixel">): Point2<"pixel"> => [to[0] - first[0], to[1] - first[1]];
  const outside = grayRange(image.data).low;
  const data = average(
    image.data,
    width,
    height,
    first,
    step(toSource([1, 0])),
    step(toSource([0, 1])),
    grid.size,
    outside,
  );
  return { data, planeClass: kind, plane, toSource, fromSource };
};

/** `toNetworkGrid` with gray values as the network was trained on. */
export const networkInput = (image: Image, grid: ScoutGrid = networkGrid): GridImage => {
  const out = toNetworkGrid(image, grid);
  normalizeGray(out.data);
  return out;
};
