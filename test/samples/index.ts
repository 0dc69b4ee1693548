/** The sample tables of all ops, by the name of the op. */
import { compareSamples } from "./compare.ts";
import { convSamples } from "./conv.ts";
import { convNdSamples } from "./conv-nd.ts";
import { convTransposeSamples } from "./conv-transpose.ts";
import { dropRowsSamples } from "./drop-rows.ts";
import { gridSamples } from "./grid.ts";
import { imageSamples } from "./images.ts";
import { indexingSamples } from "./indexing.ts";
import { landmarkLossSamples } from "./landmark-losses.ts";
import { layoutSamples } from "./layout.ts";
import { lossSamples } from "./losses.ts";
import { mapSamples } from "./maps.ts";
import { matmulSamples } from "./matmul.ts";
import { pointwiseSamples } from "./pointwise.ts";
import { poolSamples } from "./pools.ts";
import { rearrangeSamples } from "./rearrange.ts";
import { reduceSamples } from "./reduce.ts";
import { resampleSamples } from "./resample.ts";
import { rowNormSamples } from "./row-norm.ts";
import type { SampleTable } from "./sample.ts";
import { spreadSamples } from "./spread.ts";

export const samples: Readonly<Record<string, SampleTable>> = Object.fromEntries(
  [
    pointwiseSamples,
    reduceSamples,
    matmulSamples,
    layoutSamples,
    convSamples,
    imageSamples,
    mapSamples,
    compareSamples,
    indexingSamples,
    rearrangeSamples,
    poolSamples,
    resampleSamples,
    gridSamples,
    rowNormSamples,
    dropRowsSamples,
    lossSamples,
    landmarkLossSamples,
    convNdSamples,
    convTransposeSamples,
    spreadSamples,
  ]
    .flat()
    .map((table) => [table.op, table]),
);

export type { ErrorRow, Row, Sample, SampleTable } from "./sample.ts";
