/** All float64 references by the name of their op. */
import { binaryReferences } from "./binary.ts";
import { convReferences } from "./conv.ts";
import { convNdReferences } from "./conv-nd.ts";
import { landmarkReferences } from "./landmarks.ts";
import { layoutReferences } from "./layout.ts";
import { lossReferences } from "./loss.ts";
import { matmulReferences } from "./matmul.ts";
import { normReferences } from "./norm.ts";
import { poolReferences } from "./pool.ts";
import { reduceReferences } from "./reduce.ts";
import type { Reference } from "./ref.ts";
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
    upsampleReferences,
    normReferences,
    landmarkReferences,
    lossReferences,
  ]
    .flat()
    .map((reference) => [reference.op, reference]),
);

export type { Attrs, Ref, Reference } from "./ref.ts";
