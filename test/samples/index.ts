/** The sample tables of all ops, by the name of the op. */
import { convSamples } from "./conv.ts";
import { convNdSamples } from "./conv-nd.ts";
import { convTransposeSamples } from "./conv-transpose.ts";
import { imageSamples } from "./images.ts";
import { layoutSamples } from "./layout.ts";
import { mapSamples } from "./maps.ts";
import { matmulSamples } from "./matmul.ts";
import { pointwiseSamples } from "./pointwise.ts";
import { reduceSamples } from "./reduce.ts";
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
    convNdSamples,
    convTransposeSamples,
    spreadSamples,
  ]
    .flat()
    .map((table) => [table.op, table]),
);

export type { ErrorRow, Row, Sample, SampleTable } from "./sample.ts";
