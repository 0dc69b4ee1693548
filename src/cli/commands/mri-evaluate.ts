import type { Command } from "commander";
import { ConfigError } from "../../errors.ts";
import type { BoxSummary } from "../../metrics/index.ts";
import type { Pose } from "../../mri/scouts/index.ts";
import { type CommandOutcome, type Context, define, group, type Host } from "../command.ts";

interface Options {
  readonly run?: string;
  readonly data: string;
  readonly split: "train" | "validation" | "test" | "all";
  readonly poses: string;
}

const mm = (v: number | null): string => (v === null ? "-" : v.toFixed(2));

/** One row of the table people read. */
const row = (name: string, s: BoxSummary): (string | number)[] => [
  name,
  s.n,
  s.refused,
  `${mm(s.centerMm.median)} / ${mm(s.centerMm.p90)}`,
  ...[0, 1, 2].map((k) => `${mm(s.rotvecErrorDeg.median[k])} / ${mm(s.rotvecErrorDeg.p90[k])}`),
  `${mm(s.totalDeg.median)} / ${mm(s.totalDeg.p90)}`,
  `${mm(s.protrusionMm.median)} / ${mm(s.protrusionMm.p90)}`,
  mm(s.volumeRatio.median),
];

/** The table of an evaluation: median / 90th percentile. */
export const evaluationTable = (context: Context, rows: readonly (readonly [string, BoxSummary])[]): Promise<string> =>
  context.table(
    ["", "n", "refused", "center mm", "x deg", "y deg", "z deg", "total deg", "protrusion mm", "volume"],
    rows.map(([n, s]) => row(n, s)),
  );

/** `--poses`: a number of random ones, or a file. */
export const readPoses = async (text: string): Promise<number | ((subject: string) => Pose[])> => {
  if (/^\d+$/.test(text)) {
    if (Number(text) < 1)
      throw new ConfigError("--poses", `--poses ${text}: give at least 1 pose a subject, or a file`);
    return Number(text);
  }
  const [{ poseFile }, { readCheckedJson }] = await Promise.all([
    import("../../mri/scouts/index.ts"),
    import("../checked.ts"),
  ]);
  const list = await readCheckedJson(text, poseFile);
  return (subject) => list.filter((p) => p.subject === undefined || p.subject === subject);
};

const evaluateRun = async (context: Context, options: Options): Promise<CommandOutcome> => {
  const [{ openMriFolder }, { judgedHeads }, { openScoutModel }, { evaluate, evaluationJson }, { Random }] =
    await Promise.all([
      import("../../mri/scouts/folder.node.ts"),
      import("../../mri/run.node.ts"),
      import("../scout-model.ts"),
      import("../../mri/index.ts"),
      import("../../random.ts"),
    ]);
  const poses = await readPoses(options.poses);
  const folder = openMriFolder(options.data);
  const subjects = folder.split(options.split);
  const device = await context.openDevice();
  const model = await openScoutModel(options.run, device);
  const total = typeof poses === "number" ? subjects.length * poses : subjects.reduce((n, s) => n + poses(s).length, 0);
  if (total === 0)
    throw new ConfigError(
      "--poses",
      `--poses ${options.poses}: none of its subjects is in the ${options.split} split of ${options.data}`,
    );
  const progress = await context.progress("evaluating");
  let done = 0;
  const result = await evaluate(model, judgedHeads(folder, options.split), {
    poses,
    random: new Random(context.seed),
    signal: context.signal,
    onCase: async () => {
      progress.update({ done: ++done / total, text: `case ${done} of ${total}` });
      await context.breathe();
    },
  });
  progress.stop();
  for (const w of folder.warnings) context.warn(`${w.text} (${w.cure})`);
  const { summary, baseline, geometryOnly, geometryOnlyAnatomical } = result;
  context.print(
    await evaluationTable(context, [
      ["found", summary],
      ["doing nothing", baseline],
      ["true landmarks", geometryOnly],
      ["  anatomical only", geometryOnlyAnatomical],
    ]),
  );
  context.print(
    "median / 90th percentile; the reference is made from label volumes, which are automatic. Research software, not a medical device.",
  );
  return { json: { split: options.split, model: model.origin, ...evaluationJson(result) } };
};

export const register = (program: Command, host: Host): void => {
  const command = group(program, "mri", "Scouts of the head: simulate, train, evaluate, calibrate.")
    .command("evaluate")
    .description(
      "Judge a trained run on heads in random or given poses: center, rotation, protrusion, coverage, beside the baseline.",
    )
    .option("--run <run>", "run folder of `mri train`; default: the packaged network")
    .requiredOption("--data <dir>", "folder with t1/, labels/ and, but for --split all, split.json")
    .option("--split <name>", "train, validation, test or all", "test")
    .option("--poses <file or n>", "JSON file of poses, or how many random ones a subject", "4");
  define<Options, []>(command, host, {
    examples: [
      "fiducial mri evaluate --data heads --split test --json metrics.json",
      "fiducial mri evaluate --run runs/heads --data heads --split test --poses 4 --json metrics.json",
    ],
    run: evaluateRun,
  });
};
