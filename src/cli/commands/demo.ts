import type { Command } from "commander";
import { ConfigError } from "../../errors.ts";
import { type CommandOutcome, type Context, define, type Host } from "../command.ts";
import { exitCodes } from "../exit.ts";
import { positive } from "../numbers.ts";
import { type OutputFolder, outputFolder } from "../output.ts";
import { openScoutModel } from "../scout-model.ts";

interface Options {
  readonly out: string;
  readonly train: boolean;
  readonly minutes?: number;
  readonly force?: boolean;
}

/** How well the boxes of the poses must agree with the first one, in the median; and none may be refused. */
const limits = { centerMm: 2.5, totalDeg: 5 };

/** The example scouts, the volume they were made from, the pose in which they were, and the poses that follow. */
const readExample = async () => {
  const [{ join }, { exampleScoutsFolder }, { readImage, readVolume }, { readCheckedJson }, { planeOrder, poseFile }] =
    await Promise.all([
      import("node:path"),
      import("../../mri/packaged.node.ts"),
      import("../../io/node/index.ts"),
      import("../checked.ts"),
      import("../../mri/scouts/index.ts"),
    ]);
  const folder = exampleScoutsFolder();
  const [scouts, volume, [pose], poses] = await Promise.all([
    Promise.all(planeOrder.map((plane) => readImage(join(folder, `${plane}.dcm`)))),
    readVolume(join(folder, "colin27-2mm.nii.gz")),
    readCheckedJson(join(folder, "pose.json"), poseFile),
    readCheckedJson(join(folder, "poses.json"), poseFile),
  ]);
  return { scouts, head: { subject: "colin27-2mm", volume, truth: null }, pose, poses };
};

const demo = async (context: Context, { out: place, force }: Options): Promise<CommandOutcome> => {
  const started = performance.now();
  const out: OutputFolder = outputFolder({ out: place, force });
  const example = await readExample();
  const device = await context.openDevice();
  const model = await openScoutModel(undefined, device);
  const [{ boxJson }, { followHead, followJson }, { scoutPictures }, { followReport, posePicture }, { Random }] =
    await Promise.all([
      import("../../calibration/index.ts"),
      import("../../mri/index.ts"),
      import("../../mri/reports/calibration-report.ts"),
      import("../../mri/reports/follow-report.ts"),
      import("../../random.ts"),
    ]);
  const progress = await context.progress("following the head");
  const followed = await followHead(model, {
    ...example,
    random: new Random(0), // not the seed: the demo shows the same to everybody
    onPart: async ({ done, of, text }) => {
      progress.update({ done: done / of, text });
      await context.breathe();
    },
  }).finally(() => progress.stop());

  const { first, summary } = followed;
  const lacks: string[] = [];
  const check = (name: string, value: number | null, limit: number): void => {
    if (value === null || value > limit)
      lacks.push(`${name}: median ${value?.toFixed(2) ?? "none"} over the poses, at most ${limit} is due`);
  };
  check("center, mm", summary.centerMm.median, limits.centerMm);
  check("rotation in total, degrees", summary.totalDeg.median, limits.totalDeg);
  if (summary.refused > 0) lacks.push(`${summary.refused} of ${summary.n} boxes were refused; none should be`);
  if (first.calibration.refusal) lacks.push(`the first box was refused: ${first.calibration.refusal.text}`);

  context.note("drawing the report");
  await out.write("box.json", context.json("box", { ...boxJson(first.calibration), model: model.origin }));
  const pictures = scoutPictures(example.scouts, first.calibration, first.found);
  for (const [plane, png] of pictures) await out.write(`${plane}.png`, png);
  const posePictures = followed.poses.map(posePicture);
  for (const [i, png] of posePictures.entries()) await out.write(`poses/pose-${i + 1}.png`, png);
  const seconds = (): number => Math.round((performance.now() - started) / 100) / 10;
  await out.write(
    "report.html",
    followReport({
      followed,
      pictures,
      posePictures,
      limits,
      lacks,
      source:
        "Colin27, the average of 27 scans of one man (Montreal Neurological Institute), at 2 mm; the network was not trained on it.",
      model: `${model.origin?.name}, SHA-256 ${model.origin?.sha256} (models/README.md).`,
      adapter: device.info.description,
      seconds: seconds(),
    }),
  );
  const fields = {
    seconds: seconds(),
    ...followJson(followed),
    model: model.origin,
    limits: { centre_mm: limits.centerMm, total_deg: limits.totalDeg },
    shortcomings: lacks,
  };
  await out.write("metrics.json", context.json("demo", fields));
  const mm = (v: number | null): string => v?.toFixed(2) ?? "-";
  context.print(
    await context.table(
      ["pose", "turned by, degrees", "shifted by, mm", "center off, mm", "rotation off, degrees", "overlap"],
      followed.poses.map(({ pose, agreement, calibration }, i) => [
        i + 1,
        pose.rotvecDeg.join(", "),
        pose.shiftMm.join(", "),
        calibration.refusal ? "refused" : mm(agreement?.centerMm ?? null),
        mm(agreement?.totalDeg ?? null),
        mm(agreement?.iou ?? null),
      ]),
    ),
  );
  context.print(
    `The head was turned ${summary.n} times and its box went with it: center within ${mm(summary.centerMm.median)} mm, rotation within ${mm(summary.totalDeg.median)} degrees (medians), ${summary.refused} refused; ${fields.seconds} s.`,
  );
  context.print(`Look at ${place}/report.html. Research software, not a medical device.`);
  for (const lack of lacks) context.warn(lack);
  return { json: fields, exitCode: lacks.length === 0 ? exitCodes.done : exitCodes.failed };
};

export const register = (program: Command, host: Host): void => {
  const command = program
    .command("demo")
    .description(
      "See it work in a minute: the packaged network finds the volume on three scouts of a real head, and follows the head through nine poses.",
    )
    .requiredOption("--out <dir>", "folder for report.html, box.json, metrics.json and overlays")
    .option(
      "--train",
      "the whole road instead: make heads, train on them, judge unseen ones (5 minutes, or 14 embedded)",
    )
    .option(
      "--minutes <m>",
      "with --train: time for everything; default 4.6, or 13.5 on the embedded adapter",
      positive,
    )
    .option("--force", "write into a folder that is not empty");
  define<Options, []>(command, host, {
    examples: ["fiducial demo --out demo", "fiducial demo --train --out demo-train"],
    format: "demo",
    run: async (context, options) => {
      if (options.train) return (await import("./demo-train.ts")).trainDemo(context, options);
      if (options.minutes !== undefined)
        throw new ConfigError(
          "--minutes",
          `--minutes ${options.minutes}: it is for --train; leave it out, or add --train`,
        );
      return demo(context, options);
    },
  });
};
