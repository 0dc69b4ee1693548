/** The sample tables of all ops, by the name of the op. */
import { convSamples } from "./conv.ts";
import { imageSamples } from "./images.ts";
import { landmarkLossSamples } from "./landmark-losses.ts";
import { layoutSamples } from "./layout.ts";
import { lossSamples } from "./losses.ts";
import { mapSamples } from "./maps.ts";
import { matmulSamples } from "./matmul.ts";
import { pointwiseSamples } from "./pointwise.ts";
import { reduceSamples } from "./reduce.ts";
import type { SampleTable } from "./sample.ts";

export const samples: Readonly<Record<string, SampleTable>> = Object.fromEntries(
  [
    pointwiseSamples,
    reduceSamples,
    matmulSamples,
    layoutSamples,
    convSamples,
    imageSamples,
    mapSamples,
    lossSamples,
    landmarkLossSamples,
  ]
    .flat()
    .map((table) => [table.op, table]),
);

export type { ErrorRow, Row, Sample, SampleTable } from "./sample.ts";
