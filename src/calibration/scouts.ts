import { GeometryError } from "../errors.ts";
import { checkPlane, dot, type Mat3, normal, type Plane, planeClass, scale, type Vec3 } from "../geometry/index.ts";
import { fromColumns } from "../geometry/mat3.ts";
import { cross, normalize } from "../geometry/vec3.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Refusal, Scout, Warning } from "./types.ts";

const degrees = 180 / Math.PI;

/** Angle between two planes, 0 (parallel) to 90 degrees. */
export const planeAngle = (a: Plane, b: Plane): number =>
  Math.acos(Math.min(1, Math.abs(dot(normal(a), normal(b))))) * degrees;

/** Three scouts whose planes are as near to mutually orthogonal as the list allows, and their smallest angle. */
export const bestTriple = (
  scouts: readonly Plane[],
): { triple: [number, number, number]; angle: number } | undefined => {
  let best: { triple: [number, number, number]; angle: number } | undefined;
  for (let i = 0; i < scouts.length; i++)
    for (let j = i + 1; j < scouts.length; j++)
      for (let k = j + 1; k < scouts.length; k++) {
        const angle = Math.min(
          planeAngle(scouts[i], scouts[j]),
          planeAngle(scouts[i], scouts[k]),
          planeAngle(scouts[j], scouts[k]),
        );
        if (!best || angle > best.angle) best = { triple: [i, j, k], angle };
      }
  return best;
};

/**
 * Axes of the scouts themselves (columns near left, posterior, superior): the mean normal of each class of plane,
 * made orthonormal with the axial one kept. A fit described in this frame does not change when scouts and head are
 * turned together, nor when a scout is flipped. Patient axes stand in for classes that are missing.
 */
export const scoutFrame = (scouts: readonly Plane[]): Mat3 => {
  const mean = (wanted: string, axis: 0 | 1 | 2): Vec3 => {
    const sum = [0, 0, 0];
    for (const s of scouts) {
      if (planeClass(s) !== wanted) continue;
      const n = scale(normal(s), normal(s)[axis] < 0 ? -1 : 1);
      for (let k = 0; k < 3; k++) sum[k] += n[k];
    }
    if (Math.hypot(...sum) === 0) sum[axis] = 1;
    return normalize(sum as unknown as Vec3);
  };
  const z = mean("axial", 2);
  const x = normalize(cross(mean("coronal", 1), z));
  return fromColumns(x, cross(z, x), z);
};

/**
 * Throws GeometryError for scouts that are no planes at all (bad usage). Returns the refusal for planes that do not
 * make a calibration, or for a scout whose picture shows nothing (`blank`, indices), and warnings.
 */
export const judgeScouts = (
  scouts: readonly Scout[],
  o: ResolvedOptions,
  blank: readonly number[] = [],
): { refusal: Refusal | null; warnings: Warning[] } => {
  if (scouts.length === 0)
    throw new GeometryError("calibrate: 0 scouts; give at least three: a sagittal, a coronal and an axial one");
  scouts.forEach((s, i) => {
    checkPlane(s, `scout ${i}`);
  });
  const warnings: Warning[] = [];
  const refuse = (code: Refusal["code"], text: string, cure: string, scout: Refusal["scout"] = null) => ({
    refusal: { code, scout, text, cure },
    warnings,
  });

  const uids = scouts.map((s) => s.frameOfReference || undefined);
  const given = new Set(uids.filter((u) => u !== undefined));
  if (given.size > 1)
    return refuse(
      "frame_of_reference",
      `the scouts have ${given.size} different FrameOfReferenceUIDs (${[...given].join(", ")}); their coordinates cannot be compared`,
      "take all scouts in one session without repositioning",
    );
  const without = uids.flatMap((u, i) => (u === undefined ? [i] : []));
  if (given.size === 1 && without.length > 0)
    return refuse(
      "frame_of_reference",
      `scout ${without.join(", ")} has no FrameOfReferenceUID while others have one`,
      "use scouts of one session",
    );
  if (given.size === 0) {
    const text = "no scout has a FrameOfReferenceUID: that they share coordinates is taken on trust";
    const cure = "use the original DICOM files";
    if (o.requireFrameOfReference) return refuse("frame_of_reference", text, cure);
    warnings.push({ code: "frame_of_reference", scout: null, text, cure });
  }

  if (scouts.length < 3)
    return refuse(
      "too_few_scouts",
      `${scouts.length} scout${scouts.length === 1 ? "" : "s"}; three are needed`,
      "take a sagittal, a coronal and an axial scout",
    );
  const best = bestTriple(scouts);
  if (!best || best.angle < 60)
    return refuse(
      "parallel_scouts",
      `no three scouts stand at 60 to 120 degrees to each other (best: ${best?.angle.toFixed(1)} degrees); planes are ${scouts.map(planeClass).join(", ")}`,
      "take one sagittal, one coronal and one axial scout",
    );
  if (blank.length > 0) {
    const names = [...new Set(blank.map((i) => planeClass(scouts[i])))];
    return refuse(
      "blank_scout",
      `the ${names.join(" and the ")} scout shows nothing: nearly all its pixels have one value`,
      `take the ${names.join(" and the ")} scout again`,
      names[0],
    );
  }
  return { refusal: null, warnings };
};
