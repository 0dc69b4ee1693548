import type { LandmarkObservation } from "../calibration/index.ts";
import type { Device } from "../device/index.ts";
import { GeometryError } from "../errors.ts";
import { type PlaneClass, planeClass } from "../geometry/index.ts";
import type { Image } from "../io/image.ts";
import { softArgmax2dMoments } from "../landmarks/index.ts";
import type { PlanesUNet } from "../models/index.ts";
import { keep, noGrad, type Tensor, tensor, tidy } from "../tensor/index.ts";
import { fromHeatmap, heatmapMm, type ScoutNetConfig } from "./config.ts";
import { type GridImage, networkInput, planeOrder } from "./scouts/index.ts";

/** A landmark as the network sees it: place on the scout's own pixels, and how narrow its heat-map is. */
export interface Found {
  readonly name: string;
  /** Column and row on the source image. */
  readonly pixel: readonly [number, number];
  /** The same on the network's image. */
  readonly gridPixel: readonly [number, number];
  /** Root of the heat-map's variance (both directions together), mm: small for a sure landmark. */
  readonly spreadMm: number;
}

/** Landmarks of three scouts, in the order the scouts were given. */
export type FoundScouts = readonly { readonly planeClass: PlaneClass; readonly landmarks: readonly Found[] }[];

/** Which scout shows which plane, by its geometry alone. Throws GeometryError unless each of the three is there once. */
export function assignPlanes(scouts: readonly Image[]): Readonly<Record<PlaneClass, number>> {
  const found: Partial<Record<PlaneClass, number>> = {};
  scouts.forEach((s, i) => {
    if (!s.plane)
      throw new GeometryError(
        `scout ${i + 1} of ${scouts.length} has no plane in the patient; read it from DICOM or NIfTI, which carry its geometry`,
      );
    const kind = planeClass(s.plane);
    if (found[kind] !== undefined)
      throw new GeometryError(
        `scouts ${found[kind]! + 1} and ${i + 1} are both ${kind}; give one sagittal, one coronal and one axial scout`,
      );
    found[kind] = i;
  });
  for (const p of planeOrder)
    if (found[p] === undefined)
      throw new GeometryError(
        `no ${p} scout among the ${scouts.length} given; give one sagittal, one coronal and one axial scout`,
      );
  return found as Record<PlaneClass, number>;
}

/**
 * Finds landmarks on many triplets at once: one pass of the network and one read-back for the whole batch. Each triplet
 * holds one scout of each plane, in any order, of any matrix and spacing.
 */
export async function findLandmarks(
  model: PlanesUNet,
  device: Device,
  triplets: readonly (readonly Image[])[],
  net: ScoutNetConfig,
): Promise<FoundScouts[]> {
  if (triplets.length === 0) return [];
  const places = triplets.map((t) => assignPlanes(t));
  const inputs: GridImage[][] = planeOrder.map((p) => triplets.map((t, n) => networkInput(t[places[n][p]], net.grid)));
  const side = net.grid.size;
  model.eval();
  const moments: Tensor[] = tidy(() =>
    noGrad(() => {
      const images = inputs.map((list) => {
        const data = new Float32Array(list.length * side * side);
        list.forEach((g, n) => {
          data.set(g.data, n * side * side);
        });
        return tensor(device, data, [list.length, 1, side, side]);
      });
      return model.call(images).map((m) => keep(softArgmax2dMoments(m)));
    }),
  );
  const host = (await device.readAll(moments.map((m) => ({ ...m.binding(), bytes: m.size * 4 })))).map(
    (b) => new Float32Array(b),
  );
  for (const m of moments) m.dispose();
  const mm = heatmapMm(net);
  return triplets.map((t, n) => {
    const of = (plane: PlaneClass, p: number): Found[] => {
      const names = net.landmarks[plane];
      const columns = host[p].length / (triplets.length * names.length);
      return names.map((name, k) => {
        const at = (n * names.length + k) * columns;
        const [x, y, , varX, varY] = host[p].subarray(at, at + 5);
        const gridPixel: [number, number] = [fromHeatmap(net, x), fromHeatmap(net, y)];
        return {
          name,
          gridPixel,
          pixel: inputs[p][n].toSource(gridPixel),
          spreadMm: mm * Math.sqrt(Math.max(0, varX + varY)),
        };
      });
    };
    return t.map((_, scout) => {
      const plane = planeOrder.find((c) => places[n][c] === scout)!;
      return { planeClass: plane, landmarks: of(plane, planeOrder.indexOf(plane)) };
    });
  });
}

/** Spread (mm) that is usual for each landmark of each plane; measured after training. */
export type UsualSpread = Readonly<Record<PlaneClass, readonly number[]>>;

/**
 * Observations for the calibration. Confidence falls with the square of how much wider than usual a heat-map is: 1 for
 * the usual width, a quarter for twice that.
 */
export function observations(found: FoundScouts, usual: UsualSpread): LandmarkObservation[] {
  return found.flatMap(({ planeClass: plane, landmarks }, scout) =>
    landmarks.map((l, k) => ({
      name: l.name,
      scout,
      pixel: l.pixel as LandmarkObservation["pixel"],
      confidence: l.spreadMm > 0 ? Math.min(1, (usual[plane][k] / l.spreadMm) ** 2) : 1,
      sigmaMm: null,
    })),
  );
}
