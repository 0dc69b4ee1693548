import { productMatrix } from "../wgsl/product-matrix.ts";
import { batchesOf, longSums, type MatmulDims, wholeLaunch } from "./matmul-dims.ts";
import { launchInFours } from "./matmul-fours.ts";
import type { MatmulVariant } from "./matmul-variant.ts";
import { workgroup } from "./matmul-workgroup.ts";
import { foursOf, type Product } from "./product-dims.ts";

const side = 64;
const terms = 32;

/** Whether all of a product comes in whole tiles, each side by side as the kernel reads it. */
const comesInTiles = (p: Product): boolean =>
  p.rows % side === 0 &&
  p.columns % side === 0 &&
  p.inner % terms === 0 &&
  p.pieces === 1 &&
  p.xColumn === 1 &&
  p.wStep === 1;

const tiled = (d: MatmulDims): boolean => {
  const p = launchInFours(wholeLaunch(d), batchesOf(d));
  return p !== undefined && comesInTiles(p);
};

/**
 * float16 matrices by subgroup matrices, float32 inside, where the adapter has them (`openDevice({ dawn })`): four times as fast
 * as "workgroup" on an NVIDIA H100. A stretch that is no whole number of tiles runs as "workgroup".
 */
export const matrix = {
  name: "matrix",
  fits: (dims, facts) => facts.subgroupMatrices && dims.half === true && !longSums(dims) && tiled(dims),
  cost: () => 0.05,
  splits: () => false,

  launch(device, given, add) {
    const p = launchInFours(given.d, given.batches);
    if (add || !p || !comesInTiles(p)) {
      workgroup.launch(device, given, add);
      return;
    }
    const { x, w, y } = given.io;
    const { params, groups } = foursOf(p, false, { rows: side, fours: side / 4 });
    device.dispatch({ shader: productMatrix }, { x: w, weight: x, y }, params, groups);
  },
} as const satisfies MatmulVariant;
