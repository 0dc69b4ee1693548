import type { Command } from "commander";
import { ConfigError } from "../../errors.ts";
import type { Volume } from "../../io/index.ts";
import type { FilePose, Head, HeadTruth } from "../../mri/scouts/index.ts";
import { type CommandOutcome, type Context, define, group, type Host } from "../command.ts";
import { positive } from "../numbers.ts";
import { outputFolder } from "../output.ts";

interface Options {
  readonly poses: string;
  readonly out: string;
  readonly labels?: string;
  readonly thickness?: number;
  readonly force?: boolean;
}

/** "sub-01" of "/data/t1/sub-01.nii.gz". */
const stemOf = (path: string): string =>
  (
    path
      .replace(/[\\/]+$/, "")
      .split(/[\\/]/)
      .pop() as string
  ).replace(/\.(nii\.gz|nii|dcm)$/i, "");

const readPoses = async (file: string): Promise<readonly FilePose[]> => {
  const [{ poseFile }, { readCheckedJson }] = await Promise.all([
    import("../../mri/scouts/index.ts"),
    import("../checked.ts"),
  ]);
  return readCheckedJson(file, poseFile);
};

/**
 * The poses of this volume: those that name it. A file that names one other subject, or none, was written for one volume
 * and is taken whole.
 */
const posesFor = (context: Context, file: string, subject: string, poses: readonly FilePose[]): FilePose[] => {
  const names = [...new Set(poses.flatMap((p) => p.subject ?? []))];
  const mine = poses.filter((p) => p.subject === undefined || p.subject === subject || names.length === 1);
  if (mine.length === 0)
    throw new ConfigError(
      "--poses",
      `${file}: none of its ${poses.length} poses is of subject ${subject} (it has ${names.slice(0, 5).join(", ")}); name the volume like the subject, or leave "subject" out`,
    );
  if (names.length === 1 && names[0] !== subject)
    context.warn(`${file} names the subject ${names[0]}, the volume is ${subject}; its poses are used all the same`);
  if (mine.length < poses.length) context.note(`${mine.length} of ${poses.length} poses are of ${subject}`);
  return mine.map((p) => ({ ...p, subject: p.subject ?? subject }));
};

const readHead = async (
  context: Context,
  volumeFile: string,
  { labels: labelFile, thickness }: Options,
): Promise<Head> => {
  const [{ readVolume }, { checkFinite }] = await Promise.all([
    import("../../io/node/index.ts"),
    import("../../io/finite.ts"),
  ]);
  const read = async (file: string): Promise<Volume> => {
    const volume = await readVolume(file, { thickness });
    for (const w of volume.warnings ?? []) context.warn(`${w.text} (${w.cure})`);
    checkFinite(file, volume);
    return volume;
  };
  const volume = await read(volumeFile);
  let truth: HeadTruth | null = null;
  if (labelFile) {
    const { referenceFrame, sameGrid } = await import("../../mri/scouts/index.ts");
    const labels = await read(labelFile);
    if (!sameGrid(labels, volume))
      throw new ConfigError(
        "--labels",
        `${labelFile}: its grid ${labels.size.join("x")} is not the volume's ${volume.size.join("x")} at the same place; resample the labels onto the volume`,
      );
    truth = referenceFrame(labels);
  }
  return { subject: stemOf(volumeFile), volume, truth };
};

const describe = (name: string, { index, subject, rotvecDeg, shiftMm }: FilePose) => ({
  pose: index,
  folder: name,
  subject,
  rotvec_deg: rotvecDeg,
  shift_mm: shiftMm,
});

const simulate = async (context: Context, options: Options, volumeFile: string): Promise<CommandOutcome> => {
  const out = outputFolder(options);
  const all = await readPoses(options.poses);
  const head = await readHead(context, volumeFile, options);
  const poses = posesFor(context, options.poses, head.subject, all);
  const { examination, posedTruthJson } = await import("../../mri/scouts/index.ts");
  const width = Math.max(3, String(Math.max(...poses.map((p) => p.index))).length);
  const progress = await context.progress("scouts");
  const done: Record<string, unknown>[] = [];
  const truths: Record<string, unknown>[] = [];
  for (const pose of poses) {
    await new Promise(setImmediate); // lets a signal through
    if (context.signal.aborted) break;
    const name = `pose-${String(pose.index).padStart(width, "0")}`;
    for (const [file, bytes] of examination(head, pose, context.seed)) await out.write(`${name}/${file}`, bytes);
    const said = describe(name, pose);
    done.push(said);
    if (head.truth) truths.push({ ...said, ...posedTruthJson(head.truth, pose) });
    progress.update({ done: done.length / poses.length, text: `pose ${done.length} of ${poses.length}` });
  }
  progress.stop();
  if (head.truth && done.length > 0)
    await out.write("truth.json", context.json("scout-truth", { frame: "LPS", poses: truths }));
  context.print(
    `${done.length} ${done.length === 1 ? "pose" : "poses"} of three scouts${head.truth ? " and truth.json" : ""} in ${options.out}`,
  );
  return {
    json: {
      out: options.out,
      poses: done,
      truth: head.truth ? "truth.json" : null,
      ...(head.truth ? {} : { truth_reason: "no --labels were given" }),
    },
  };
};

export const register = (program: Command, host: Host): void => {
  const command = group(program, "mri", "Scouts of the head: simulate, train, evaluate, calibrate.")
    .command("simulate")
    .description(
      "Cut three orthogonal scouts out of a volume for each pose, as a scanner would: DICOM, one folder a pose.",
    )
    .argument("<volume>", "NIfTI file, DICOM file or folder with one DICOM series")
    .requiredOption("--poses <file>", 'JSON: [{ "subject", "rotvec_deg": [x, y, z], "shift_mm": [x, y, z] }, ...], LPS')
    .requiredOption("--out <dir>", "folder for pose-NNN/{sagittal,coronal,axial}.dcm and truth.json")
    .option("--labels <file>", "label volume on the same grid (MUSE numbers); gives truth.json")
    .option("--thickness <mm>", "slice thickness, where a DICOM file gives none", positive)
    .option("--force", "write into a folder that is not empty");
  define<Options, [string]>(command, host, {
    examples: [
      "fiducial mri simulate t1/sub-01.nii.gz --poses poses.json --out scouts",
      "fiducial mri simulate t1/sub-01.nii.gz --labels labels/sub-01.nii.gz --poses poses.json --out scouts --seed 7",
    ],
    run: simulate,
  });
};
