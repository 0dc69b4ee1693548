import { htmlReport } from "../../report/index.ts";
import type { EpochReport } from "../../training/index.ts";

/** report.html of a training run: what it reached, and how. */
export const trainReport = (o: {
  readonly title: string;
  readonly losses: readonly number[];
  readonly epochs: readonly EpochReport[];
  readonly landmarkMm: number;
  readonly config: unknown;
}): string =>
  htmlReport({
    title: o.title,
    lead: `${o.losses.length} steps. On validation heads landmarks are found to ${o.landmarkMm.toFixed(2)} mm (median).`,
    sections: [
      {
        title: "Training",
        blocks: [
          {
            kind: "lines",
            title: "Loss",
            x: "step",
            y: "loss",
            log: true,
            curves: [{ name: "training", points: o.losses.map((y, x) => [x, y] as const) }],
          },
          {
            kind: "lines",
            title: "Landmarks of validation heads",
            x: "step",
            y: "mean error, mm",
            log: true,
            curves: [{ name: "validation", points: o.epochs.map((e) => [e.step, e.validation.landmark_mm] as const) }],
          },
        ],
      },
      { title: "Configuration", folded: true, blocks: [{ kind: "code", text: JSON.stringify(o.config, null, 2) }] },
    ],
  });
