import type { Calibration, Warning } from "../../calibration/index.ts";
import { boxOutline, type OrientedBox, type PlaneClass, planeClass } from "../../geometry/index.ts";
import { type Image, writePng } from "../../io/index.ts";
import { htmlReport, overlay, palette } from "../../report/index.ts";
import type { FoundScouts } from "../predict.ts";

/**
 * What an operator would see: each scout with the box's outline and the landmarks. PNG bytes by plane. `truth` is a box to be
 * drawn for comparison, in simulations.
 */
export const scoutPictures = (
  scouts: readonly Image[],
  calibration: Calibration,
  found: FoundScouts,
  truth?: OrientedBox,
): Map<PlaneClass, Uint8Array> =>
  new Map(
    scouts.map((scout, i) => {
      const plane = scout.plane!;
      const kind = planeClass(plane);
      const used = calibration.landmarks.filter((l) => l.scout === i);
      const picture = overlay(scout, {
        title: kind,
        outlines: [
          ...(truth
            ? [{ points: boxOutline(truth, plane), name: "true box, no margins", color: palette.truth, dashed: true }]
            : []),
          {
            points: boxOutline(calibration.box, plane),
            name: "volume to acquire",
            color: calibration.refusal ? palette.bad : palette.found,
          },
        ],
        points: used.map((l) => ({
          pixel: l.pixel,
          confidence: l.used ? l.confidence : 0.2,
          color: l.used ? palette.other : palette.bad,
        })),
      });
      return [found[i]?.planeClass ?? kind, writePng(picture)];
    }),
  );

const fixed = (v: number, digits = 1): string => v.toFixed(digits);

/** report.html of one calibration, and its pictures. */
export const calibrationReport = async (
  scouts: readonly Image[],
  c: Calibration,
  found: FoundScouts,
  /** What the readers of the scouts said. */
  warnings: readonly Warning[] = [],
): Promise<{ pictures: Map<PlaneClass, Uint8Array>; html: string }> => {
  const pictures = scoutPictures(scouts, c, found);
  const worst = c.landmarks.filter((l) => l.residualMm !== null).sort((a, b) => b.residualMm! - a.residualMm!);
  const html = htmlReport({
    title: "Acquisition volume from three scouts",
    lead: c.refusal
      ? `Do not use this box: ${c.refusal.text}; ${c.refusal.cure}`
      : `${c.angles.text}; center ${c.box.center.map((v) => fixed(v)).join(", ")} mm (LPS); ${c.box.size.map((v) => fixed(v, 0)).join(" x ")} mm.`,
    sections: [
      {
        title: "What an operator would see",
        blocks: [
          ...(c.refusal
            ? [{ kind: "note" as const, text: `${c.refusal.text}; ${c.refusal.cure}`, tone: "bad" as const }]
            : []),
          ...[...warnings, ...c.warnings].map((w) => ({
            kind: "note" as const,
            text: `${w.text}; ${w.cure}`,
            tone: "warn" as const,
          })),
          {
            kind: "pictures",
            items: [...pictures].map(([plane, png]) => ({
              png,
              alt: `${plane} scout with the outline of the volume`,
              caption: plane,
            })),
          },
        ],
      },
      {
        title: "Geometry",
        blocks: [
          {
            kind: "figures",
            items: [
              { label: "slices", value: c.slices.length },
              { label: "angles", value: c.angles.text },
              {
                label: "landmarks used",
                value: `${c.landmarks.filter((l) => l.used).length} of ${c.landmarks.length}`,
              },
              {
                label: "median residual",
                value: worst.length ? `${fixed(worst[Math.floor(worst.length / 2)].residualMm!)} mm` : null,
              },
            ],
          },
          {
            kind: "table",
            columns: ["axis", "x", "y", "z", "size mm"],
            rows: ["left", "posterior", "superior"].map((name, k) => [
              name,
              ...c.box.axes[k].map((v) => fixed(v, 4)),
              fixed(c.box.size[k]),
            ]),
            caption: "Unit vectors of the volume in patient coordinates (LPS)",
          },
        ],
      },
      {
        title: "Landmarks",
        folded: true,
        blocks: [
          {
            kind: "table",
            columns: ["landmark", "scout", "column", "row", "confidence", "residual mm", "used"],
            rows: c.landmarks.map((l) => [
              l.name,
              planeClass(scouts[l.scout].plane!),
              fixed(l.pixel[0]),
              fixed(l.pixel[1]),
              fixed(l.confidence, 2),
              l.residualMm === null ? null : fixed(l.residualMm),
              l.used ? "yes" : "no",
            ]),
          },
        ],
      },
    ],
  });
  return { pictures, html };
};
