import type { Binding, Device } from "../../device/index.ts";
import { groupPerMap, type MapDims } from "../common/maps.ts";
import { withFloats } from "../common/scratch.ts";
import { connectedComponents } from "../wgsl/connected-components.ts";
import { decodeCentroids } from "../wgsl/decode-centroids.ts";

/*
 * Components are found on the GPU, by union-find within one workgroup a map: the answer is needed there as often as on the
 * host, a map is read back 4 bytes a pixel where a place is 16 bytes, and union-find needs a fixed number of passes whatever
 * the shapes, where label propagation needs as many as the longest way through a component.
 */

/** labels [maps, h, w], integers, of the components of x above `threshold`; `diagonal`: pixels touch at corners too. */
export function componentsKernel(
  device: Device,
  { x, labels }: { x: Binding; labels: Binding },
  { maps, h, w }: MapDims,
  { threshold, diagonal }: { threshold: number; diagonal: boolean },
): void {
  withFloats(device, maps * h * w, "connected_components' parents", (parents) =>
    device.dispatch(
      { shader: connectedComponents },
      { x, parents, labels },
      { maps, h, w, threshold, diagonal: diagonal ? 1 : 0 },
      groupPerMap(maps),
    ),
  );
}

export interface CentroidOptions {
  /** Of the peak; or half the peak itself, rising by 0.01 up to 0.988 until one component is left. */
  readonly share: number | "adaptive";
  readonly diagonal: boolean;
  /** Pixels count by their values. */
  readonly weighted: boolean;
}

/** points [maps, 4] = column, row, peak and area of the largest component above a share of each map's peak. */
export function centroidsKernel(
  device: Device,
  { x, points }: { x: Binding; points: Binding },
  { maps, h, w }: MapDims,
  { share, diagonal, weighted }: CentroidOptions,
): void {
  const adaptive = share === "adaptive";
  // Params and not overrides: on software adapters a variant of this shader takes seconds to compile.
  const flags = { diagonal: diagonal ? 1 : 0, adaptive: adaptive ? 1 : 0, weighted: weighted ? 1 : 0 };
  withFloats(device, maps * h * w, "decode_centroids' parents", (parents) =>
    withFloats(device, maps * h * w, "decode_centroids' areas", (areas) =>
      device.dispatch(
        { shader: decodeCentroids },
        { x, parents, areas, points },
        { maps, h, w, share: adaptive ? 0 : share, step: 0.01, end: 0.988, ...flags },
        groupPerMap(maps),
      ),
    ),
  );
}
