import { z } from "zod";
import type { Vec3 } from "../../geometry/index.ts";
import type { Pose } from "./pose.ts";

/** One pose of a file, with its place in it: folders are named by that, whichever poses are taken. */
export interface FilePose extends Pose {
  readonly index: number;
  /** undefined: a pose for any head. */
  readonly subject: string | undefined;
}

/** Turns beyond half a circle, and shifts that leave every field of view, are mistakes of units. */
const three = (limit: number) =>
  z
    .tuple([z.number(), z.number(), z.number()])
    .refine((v) => v.every((x) => Math.abs(x) <= limit), `each number must lie within +-${limit}`);

/** JSON of poses: `[{ "subject", "rotvec_deg": [x, y, z], "shift_mm": [x, y, z] }, ...]`, LPS, the subject if wanted. */
export const poseFile = z
  .array(z.object({ subject: z.string().optional(), rotvec_deg: three(180), shift_mm: three(500) }))
  .min(1, "there must be at least one pose")
  .transform((list) =>
    list.map(
      ({ subject, rotvec_deg, shift_mm }, index): FilePose => ({
        index,
        subject,
        rotvecDeg: rotvec_deg as Vec3,
        shiftMm: shift_mm as Vec3,
      }),
    ),
  );
