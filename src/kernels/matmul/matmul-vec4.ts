import { collapse } from "../layout/broadcast.ts";
import { batchesOf, longSums, type MatmulLaunch, wholeLaunch } from "./matmul-dims.ts";
import { subgroup } from "./matmul-subgroup.ts";
import type { MatmulVariant } from "./matmul-variant.ts";
import { inFours, type Product, productOfFours } from "./product.ts";

/**
 * The launch as wgsl/matmul/product_vec4.wgsl takes it, where all comes in fours and the batch has one distance from product to product.
 * What is called x there is w here.
 */
function foursOf(d: MatmulLaunch, batches: number): Product | undefined {
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

/**
 * "subgroup" with loads and stores of four numbers, where what lies side by side is a multiple of 4, and long sums in parts; a
 * stretch of which not all comes in fours runs as "subgroup".
 */
export const vec4 = {
  name: "vec4",
  fits: (dims, facts) => facts.subgroupMin >= 4 && foursOf(wholeLaunch(dims), batchesOf(dims)) !== undefined,
  // Its workgroups take four columns a lane.
  cost: (dims, facts) => (facts.software && dims.n >= 4 * facts.subgroupMin ? 0.2 : 3),
  splits: longSums,

  launch(device, given, add) {
    const fours = foursOf(given.d, given.batches);
    const { x, w, y } = given.io;
    if (fours) productOfFours(device, { x: w, w: x, y }, fours, { add });
    else subgroup.launch(device, given, add);
  },
} as const satisfies MatmulVariant;
