import { collapse } from "../layout/broadcast.ts";
import { batchesOf, type MatmulDims, type MatmulLaunch, wholeLaunch } from "./matmul-dims.ts";
import { inFours, type Product } from "./product-dims.ts";

/**
 * The launch as wgsl/matmul/product_vec4.wgsl takes it, where all comes in fours and the batch has one distance from product to product.
 * What is called x there is w here.
 */
export function launchInFours(d: MatmulLaunch, batches: number): Product | undefined {
  if (d.yN !== 1 || d.n % 4 !== 0) return undefined; // most that do not fit end here
  const rank = d.batchRank;
  const strides = [d.batchX, d.batchW, d.batchY].map((s) => s.slice(0, rank));
  const joined = collapse(d.batchShape.slice(0, rank), strides);
  if (joined.shape.length > 1) return undefined;
  const [x = 0, w = 0, y = 0] = joined.strides.map((s) => s[0] ?? 0);
  const p: Product = {
    batch: 1,
    groups: batches,
    rows: d.m,
    columns: d.n,
    inner: d.k,
    pieces: d.splits,
    xFirst: d.wOffset,
    xBatch: 0,
    xGroup: w,
    xStep: d.wK,
    xColumn: d.wN,
    wFirst: d.xOffset,
    wBatch: 0,
    wGroup: x,
    wRow: d.xM,
    wStep: d.xK,
    yFirst: d.yOffset,
    yBatch: d.yPart,
    yGroup: y,
    yRow: d.yM,
  };
  return inFours(p) ? p : undefined;
}

/** Whether a whole product comes in fours. */
export const comesInFours = (d: MatmulDims): boolean => launchInFours(wholeLaunch(d), batchesOf(d)) !== undefined;
