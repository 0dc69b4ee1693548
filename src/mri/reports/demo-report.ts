import type { BoxSummary } from "../../metrics/index.ts";
import { type Cell, htmlReport } from "../../report/index.ts";
import type { EvaluatedCase, Evaluation } from "../evaluate.ts";

export interface DemoReport {
  readonly evaluation: Evaluation;
  readonly pictures: readonly { readonly case: EvaluatedCase; readonly files: ReadonlyMap<string, Uint8Array> }[];
  readonly losses: readonly number[];
  readonly steps: number;
  readonly minutes: number;
  readonly adapter: string;
  readonly lacks: readonly string[];
}

const two = (v: number | null): string => (v === null ? "-" : v.toFixed(2));
const pair = (s: { median: number | null; p90: number | null }): string => `${two(s.median)} / ${two(s.p90)}`;

const row = (name: string, s: BoxSummary): Cell[] => [
  name,
  s.n,
  s.refused,
  pair(s.centerMm),
  ...[0, 1, 2].map((k) => `${two(s.rotvecErrorDeg.median[k])} / ${two(s.rotvecErrorDeg.p90[k])}`),
  pair(s.protrusionMm),
  two(s.volumeRatio.median),
];

const numbers = (cases: readonly EvaluatedCase[], pick: (c: EvaluatedCase) => number | null): number[] =>
  cases.map(pick).filter((v) => v !== null);

/** report.html of the demo: one file, no network. */
export const demoReport = ({ evaluation: e, pictures, losses, steps, minutes, adapter, lacks }: DemoReport): string => {
  const ranked = [...pictures].sort(
    (a, b) => (a.case.centerMm ?? Number.POSITIVE_INFINITY) - (b.case.centerMm ?? Number.POSITIVE_INFINITY),
  );
  const shown = [
    { what: "the best", p: ranked[0] },
    { what: "one in the middle", p: ranked[Math.floor(ranked.length / 2)] },
    { what: "the worst", p: ranked[ranked.length - 1] },
  ];
  const folder = (c: EvaluatedCase): string => `cases/${c.subject}`;
  return htmlReport({
    title: "From three scouts to an acquisition volume: the demo",
    lead: `A network trained for ${steps} steps on scouts of synthetic heads, judged on ${e.summary.n} heads it has not seen, each turned by up to 15 degrees about every axis and shifted by up to 15 mm. ${minutes} minutes on ${adapter}.`,
    sections: [
      {
        title: "How well the volume was found",
        blocks: [
          {
            kind: "figures",
            items: [
              {
                label: "center error, median",
                value: `${two(e.summary.centerMm.median)} mm`,
                tone: lacks.length ? "bad" : "good",
              },
              { label: "without looking", value: `${two(e.baseline.centerMm.median)} mm` },
              {
                label: "rotation error, median of the whole angle",
                value: `${two(e.summary.totalDeg.median)} degrees`,
              },
              { label: "without looking", value: `${two(e.baseline.totalDeg.median)} degrees` },
            ],
          },
          ...lacks.map((text) => ({ kind: "note" as const, text, tone: "bad" as const })),
          {
            kind: "table",
            columns: [
              "",
              "n",
              "refused",
              "center mm",
              "x degrees",
              "y degrees",
              "z degrees",
              "protrusion mm",
              "volume",
            ],
            rows: [
              row("found", e.summary),
              row("doing nothing", e.baseline),
              row("true landmarks", e.geometryOnly),
              row("true, anatomical only", e.geometryOnlyAnatomical),
            ],
            caption:
              "Median / 90th percentile. Doing nothing: the mean training head, whatever the scouts show. Protrusion: how far the brain sticks out of a box of the true size at the found place.",
          },
          {
            kind: "strip",
            title: "Center error of each head",
            unit: "mm",
            series: [{ name: "found", values: numbers(e.cases, (c) => c.centerMm) }],
          },
          {
            kind: "strip",
            title: "Rotation error about each axis",
            unit: "degrees",
            series: ["x", "y", "z"].map((name, k) => ({
              name,
              values: numbers(e.cases, (c) => c.rotvecErrorDeg && Math.abs(c.rotvecErrorDeg[k])),
            })),
          },
        ],
      },
      ...shown.map(({ what, p }) => ({
        title: `What an operator would see: ${what} (${p.case.subject})`,
        blocks: [
          {
            kind: "text" as const,
            text: p.case.refused
              ? `Refused: ${p.case.refused.text}`
              : `Center off by ${two(p.case.centerMm)} mm, rotation by ${two(p.case.totalDeg)} degrees. Orange: the volume found, with margins; dashed: the true box without margins.`,
          },
          {
            kind: "pictures" as const,
            items: [...p.files].map(([plane, png]) => ({
              png,
              alt: `${plane} scout of ${p.case.subject} with both boxes`,
              caption: plane,
            })),
          },
        ],
      })),
      {
        title: "Training",
        blocks: [
          {
            kind: "lines",
            title: "Loss",
            x: "step",
            y: "loss",
            log: true,
            curves: [{ name: "training", points: losses.map((y, x) => [x, y] as const) }],
          },
        ],
      },
      {
        title: "All heads",
        folded: true,
        blocks: [
          {
            kind: "table",
            columns: ["head", "center mm", "total degrees", "protrusion mm", "refused", "pictures"],
            rows: e.cases.map((c) => [
              c.subject,
              c.centerMm,
              c.totalDeg,
              c.protrusionMm,
              c.refused?.code ?? "",
              folder(c),
            ]),
          },
        ],
      },
    ],
  });
};
