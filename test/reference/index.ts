/** All float64 references by the name of their op. */
import { adaptivePoolReferences } from "./adaptive-pool.ts";
import { binaryReferences } from "./binary.ts";
import { compareReferences } from "./compare.ts";
import { convReferences } from "./conv.ts";
import { convNdReferences } from "./conv-nd.ts";
import { dropRowsReferences } from "./drop-rows.ts";
import { gridReferences } from "./grid.ts";
import { indexingReferences } from "./indexing.ts";
import { landmarkLossReferences } from "./landmark-losses.ts";
import { landmarkReferences } from "./landmarks.ts";
import { layoutReferences } from "./layout.ts";
import { lossReferences } from "./loss.ts";
import { pointwiseLossReferences } from "./losses.ts";
import { matmulReferences } from "./matmul.ts";
import { normReferences } from "./norm.ts";
import { poolReferences } from "./pool.ts";
import { rearrangeReferences } from "./rearrange.ts";
import { reduceReferences } from "./reduce.ts";
import type { Reference } from "./ref.ts";
import { resampleReferences } from "./resample.ts";
import { rowNormReferences } from "./row-norm.ts";
import { softArgmaxReferences } from "./soft-argmax.ts";
import { spreadReferences } from "./spread.ts";
import { unaryReferences } from "./unary.ts";
import { upsampleReferences } from "./upsample.ts";

export const references: Readonly<Record<string, Reference>> = Object.fromEntries(
  [
    binaryReferences,
    unaryReferences,
    reduceReferences,
    matmulReferences,
    layoutReferences,
    convReferences,
    convNdReferences,
    spreadReferences,
    poolReferences,
    adaptivePoolReferences,
    upsampleReferences,
    resampleReferences,
    gridReferences,
    normReferences,
    landmarkReferences,
    softArgmaxReferences,
    lossReferences,
    compareReferences,
    indexingReferences,
    rearrangeReferences,
    rowNormReferences,
    dropRowsReferences,
    pointwiseLossReferences,
    landmarkLossReferences,
  ]
    .flat()
    .map((reference) => [reference.op, reference]),
);

export type { Attrs, Ref, Reference } from "./ref.ts";
