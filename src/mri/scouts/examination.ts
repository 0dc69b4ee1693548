import { dicomUid, writeDicom } from "../../io/index.ts";
import { Random } from "../../random.ts";
import type { Head, HeadTruth } from "./head.ts";
import { type Pose, posedTruth } from "./pose.ts";
import type { FilePose } from "./pose-file.ts";
import { simulateScouts } from "./scouts.ts";

/** The three scouts of one pose as DICOM files of one examination: "sagittal.dcm", "coronal.dcm", "axial.dcm". */
export const examination = (head: Head, pose: FilePose, seed: number): Map<string, Uint8Array> => {
  const subject = pose.subject ?? head.subject;
  const scouts = simulateScouts(head, pose, { random: new Random(seed).fork(subject).fork(pose.index) });
  // A pose is an examination of its own: its scouts share coordinates with each other and with no other pose.
  const frameOfReference = dicomUid(
    "simulated scouts",
    subject,
    String(seed),
    JSON.stringify([pose.index, pose.rotvecDeg, pose.shiftMm]),
  );
  return new Map(
    scouts.map((scout, i) => [
      `${scout.planeClass}.dcm`,
      writeDicom({
        image: scout,
        plane: scout.plane,
        frameOfReference,
        seriesNumber: i + 1,
        seriesDescription: `simulated scout ${scout.planeClass}`,
      }),
    ]),
  );
};

/** The truth of a posed head with the names of truth.json. */
export const posedTruthJson = (truth: HeadTruth, pose: Pose) => {
  const { axes, center, size, landmarks, callosalPitchDeg } = posedTruth(truth, pose);
  return { axes, centre_mm: center, size_mm: size, callosal_pitch_deg: callosalPitchDeg, landmarks_mm: landmarks };
};
