import { DataError } from "../errors.ts";
import type { Random } from "../random.ts";
import { type ScoutNetConfig, toHeatmap } from "./config.ts";
import type { Head } from "./scouts/index.ts";
import { type Augmentation, landmarkTargets, planeOrder, trainingTriplet } from "./scouts/index.ts";

/** One training batch on the host, plane by plane in the order of `planeOrder`. */
export interface ScoutBatch {
  readonly size: number;
  readonly planes: readonly {
    /** [size, 1, grid, grid]. */
    readonly images: Float32Array;
    /** [size, landmarks, 2], column and row in heat-map pixels. */
    readonly points: Float32Array;
    /** [size, landmarks, 1], 1 where the landmark is on the scout, else 0 (its point then lies far away). */
    readonly visible: Float32Array;
  }[];
}

/** Far outside every heat-map: its Gaussian is 0 everywhere. */
const nowhere = -1e4;

/** A batch without heads: black scouts, nothing on them. For what only needs its sizes. */
export const blankBatch = (size: number, net: ScoutNetConfig): ScoutBatch => ({
  size,
  planes: planeOrder.map((p) => {
    const k = net.landmarks[p].length;
    return {
      images: new Float32Array(size * net.grid.size ** 2),
      points: new Float32Array(size * k * 2),
      visible: new Float32Array(size * k),
    };
  }),
});

/**
 * One batch of training triplets, decided by `random` alone: which heads, how they lie, how they look. `random` is the
 * step's own stream, so that a resumed run draws the same batches.
 */
export function drawBatch(
  heads: readonly Head[],
  size: number,
  random: Random,
  net: ScoutNetConfig,
  augmentation: Partial<Augmentation> = {},
): ScoutBatch {
  if (heads.length === 0) throw new DataError("training: no heads; give at least one with labels");
  const pixels = net.grid.size ** 2;
  const { planes } = blankBatch(size, net);
  // Heads in turn from a random order, so that each is seen equally often in the long run.
  const order = random.fork("heads").shuffle(heads);
  for (let n = 0; n < size; n++) {
    const head = order[n % order.length];
    const triplet = trainingTriplet(head, random.fork(n), augmentation, net.grid);
    if (!triplet.truth)
      throw new DataError(
        `training: head ${head.subject} has no labels and no truth; leave it out of the training split`,
      );
    const targets = landmarkTargets(triplet.truth, triplet.planes, net.landmarks);
    planeOrder.forEach((p, at) => {
      const { images, points, visible } = planes[at];
      images.set(triplet.images.subarray(at * pixels, (at + 1) * pixels), n * pixels);
      targets[p].forEach((t, j) => {
        const i = n * targets[p].length + j;
        visible[i] = t.outside ? 0 : 1;
        points[2 * i] = t.outside ? nowhere : toHeatmap(net, t.pixel[0]);
        points[2 * i + 1] = t.outside ? nowhere : toHeatmap(net, t.pixel[1]);
      });
    });
  }
  return { size, planes };
}
