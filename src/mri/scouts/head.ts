import type { OrientedBox, Point3 } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";

/** Unit vectors of the anatomy's own directions in the patient: rows left, posterior, superior. */
export type HeadAxes = OrientedBox["axes"];

/** What is true of a head: the box around its brain, along the head's own axes, and its landmarks, LPS mm. */
export interface HeadTruth extends OrientedBox {
  readonly landmarks: Readonly<Record<string, Point3<"lps">>>;
  /** Pitch of the callosal line against the frame, degrees; null where there is no callosum. */
  readonly callosalPitchDeg: number | null;
}

/** A head as a data set holds it. */
export interface Head {
  readonly subject: string;
  readonly volume: Volume;
  /** null where nothing is labeled: such a head can be scouted and calibrated, but not judged. */
  readonly truth: HeadTruth | null;
}
