import { boxOutline, type PlaneClass } from "../../geometry/index.ts";
import { writePng } from "../../io/index.ts";
import { type Block, htmlReport, overlay, palette, sideBySide } from "../../report/index.ts";
import type { Followed, FollowedPose } from "../follow.ts";

export interface FollowReport {
  readonly followed: Followed;
  /** Overlays of the first scouts, and one picture a pose (`posePicture`). */
  readonly pictures: ReadonlyMap<PlaneClass, Uint8Array>;
  readonly posePictures: readonly Uint8Array[];
  readonly limits: { readonly centerMm: number; readonly totalDeg: number };
  /** What does not hold; empty where all does. */
  readonly lacks: readonly string[];
  /** Of the head: where it comes from. */
  readonly source: string;
  readonly model: string;
  readonly adapter: string;
  readonly seconds: number;
}

const two = (v: number | null | undefined): string => v?.toFixed(2) ?? "-";

/** The three scouts of a pose in one PNG: its box, and dashed the first box carried along. */
export const posePicture = ({ scouts, calibration, carried }: FollowedPose): Uint8Array =>
  writePng(
    sideBySide(
      scouts.map((scout) => {
        // The noise of air is shown black: it tells nothing here, and takes much room in a file.
        const high = Float32Array.from(scout.data).sort()[Math.floor(0.995 * scout.data.length)];
        return overlay(scout, {
          scale: 1,
          range: [0.09 * high, high],
          outlines: [
            { points: boxOutline(carried, scout.plane), color: palette.truth, dashed: true },
            {
              points: boxOutline(calibration.box, scout.plane),
              color: calibration.refusal ? palette.bad : palette.found,
            },
          ],
        });
      }),
    ),
  );

const caption = ({ pose, agreement, calibration }: FollowedPose, i: number): string => {
  const what = `Pose ${i + 1}: turned by ${pose.rotvecDeg.join(", ")} degrees, shifted by ${pose.shiftMm.join(", ")} mm. `;
  return calibration.refusal
    ? `${what}Refused: ${calibration.refusal.text}`
    : `${what}Off by ${two(agreement?.centerMm)} mm and ${two(agreement?.totalDeg)} degrees.`;
};

/** report.html of a head that was followed: one file, no network. */
export const followReport = (o: FollowReport): string => {
  const { first, poses, summary } = o.followed;
  const c = first.calibration;
  const tone = (value: number | null, limit: number) =>
    value !== null && value <= limit ? ("good" as const) : ("bad" as const);
  const notes: Block[] = [
    ...(c.refusal
      ? [{ kind: "note" as const, text: `The first box was refused: ${c.refusal.text}`, tone: "bad" as const }]
      : []),
    ...c.warnings.map(({ text, cure }) => ({ kind: "note" as const, text: `${text}; ${cure}`, tone: "warn" as const })),
  ];
  return htmlReport({
    title: "Three scouts, one box, and the box follows the head",
    lead: `A network found the landmarks of three scouts of a real head that it had never seen, and from them the volume to acquire. Then the head was turned ${summary.n} times; each time new scouts gave a new box, and the box had to turn with the head. ${o.seconds} seconds on ${o.adapter}.`,
    sections: [
      {
        title: "What was shown",
        blocks: [
          {
            kind: "figures",
            items: [
              {
                label: `center off, median of ${summary.n} poses (at most ${o.limits.centerMm} mm)`,
                value: `${two(summary.centerMm.median)} mm`,
                tone: tone(summary.centerMm.median, o.limits.centerMm),
              },
              {
                label: `rotation off, median (at most ${o.limits.totalDeg} degrees)`,
                value: `${two(summary.totalDeg.median)}°`,
                tone: tone(summary.totalDeg.median, o.limits.totalDeg),
              },
              { label: "the worst pose", value: `${two(summary.centerMm.max)} mm, ${two(summary.totalDeg.max)}°` },
              {
                label: "boxes refused",
                value: `${summary.refused} of ${summary.n}`,
                tone: summary.refused === 0 ? "good" : "bad",
              },
            ],
          },
          ...o.lacks.map((text) => ({ kind: "note" as const, text, tone: "bad" as const })),
          {
            kind: "text",
            text: "Each box is compared with the first one carried along with the head. That shows that the box answers to the head and not to the scanner. Whether it is where it should be is another question, which labeled heads answer: fiducial mri evaluate.",
          },
        ],
      },
      {
        title: "What an operator would see on the first scouts",
        blocks: [
          ...notes,
          {
            kind: "pictures",
            items: [...o.pictures].map(([plane, png]) => ({
              png,
              alt: `${plane} scout with the landmarks and the outline of the volume`,
              caption: plane,
            })),
          },
          {
            kind: "text",
            text: `Orange: the volume to acquire, with a margin of 5 mm. Green: landmarks, paler where the network is less sure. ${c.angles.text}; ${c.box.size.map((v) => v.toFixed(0)).join(" x ")} mm; ${c.slices.length} slices; ${c.landmarks.filter((l) => l.used).length} of ${c.landmarks.length} landmarks used.`,
          },
        ],
      },
      {
        title: `The box in ${summary.n} poses`,
        blocks: [
          { kind: "text", text: "Orange: the box found in this pose. Blue, dashed: the first box carried along." },
          {
            kind: "pictures",
            wide: true,
            items: poses.map((p, i) => ({
              png: o.posePictures[i],
              alt: `scouts of pose ${i + 1} with the box found and the first box carried along`,
              caption: caption(p, i),
            })),
          },
          {
            kind: "table",
            columns: [
              "pose",
              "x (nod) °",
              "y (tilt) °",
              "z (turn) °",
              "shift x mm",
              "y mm",
              "z mm",
              "center off mm",
              "rotation off °",
              "overlap",
            ],
            rows: poses.map(({ pose, agreement }, i) => [
              i + 1,
              ...pose.rotvecDeg,
              ...pose.shiftMm,
              agreement?.centerMm ?? null,
              agreement?.totalDeg ?? null,
              agreement?.iou ?? null,
            ]),
            caption:
              "Rotation vector in degrees and shift in mm (LPS: left, posterior, superior) of each pose, and how far its box is from the first one carried along. Overlap: intersection over union of the two boxes.",
          },
        ],
      },
      {
        title: "Where this comes from",
        blocks: [
          {
            kind: "list",
            items: [
              `Head: ${o.source}`,
              "Scouts: cut out of that volume by fiducial mri simulate, with the noise of a scanner; the volume ends just below the brain, so that the scouts do.",
              `Network: ${o.model}`,
            ],
          },
        ],
      },
    ],
  });
};
