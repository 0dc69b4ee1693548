import type { Command } from "commander";
import { trainReport } from "../../mri/reports/train-report.ts";
import { type CommandOutcome, type Context, define, group, type Host } from "../command.ts";
import { integer, positive } from "../numbers.ts";
import { outputFolder } from "../output.ts";
import { timeLeft } from "../time-left.ts";

interface Options {
  readonly data: string;
  readonly out: string;
  readonly minutes?: number;
  readonly steps?: number;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly allowAdapterChange?: boolean;
  readonly config?: string;
}

/** Reads every head of a split; a signal ends it. */
const readHeads = async (
  context: Context,
  folder: import("../../mri/scouts/folder.node.ts").MriFolder,
  subjects: readonly string[],
) => {
  const heads = [];
  for (const subject of subjects) {
    await context.breathe();
    heads.push(folder.head(subject));
  }
  return heads;
};

interface Length {
  readonly minutes?: number;
  readonly steps?: number;
}

const lengthOf = ({ minutes, steps }: Length): Length | undefined => {
  if (steps !== undefined) return { steps };
  return minutes === undefined ? undefined : { minutes };
};

const train = async (context: Context, options: Options): Promise<CommandOutcome> => {
  const out = outputFolder(options);
  const [{ openMriFolder }, { RunFolder, environment }, mri, { Rng }, { readScoutConfig }, { describeData }] =
    await Promise.all([
      import("../../mri/scouts/folder.node.ts"),
      import("../../training/node/index.ts"),
      import("../../mri/index.ts"),
      import("../../tensor/index.ts"),
      import("../scout-config.ts"),
      import("../../mri/data-record.node.ts"),
    ]);
  // A run that goes on does so with its own configuration, where no other is asked for.
  const own = await readScoutConfig(options.config ?? (options.resume ? out.file("config.json") : undefined));
  const { net, training } = own;
  if (own.seed !== undefined) context.adoptSeed(own.seed);
  const folder = openMriFolder(options.data);
  const split = { train: folder.split("train"), validation: folder.split("validation") };
  context.note(`reading ${split.train.length} heads to train on and ${split.validation.length} to validate with`);
  const heads = {
    train: await readHeads(context, folder, split.train),
    validation: await readHeads(context, folder, split.validation),
  };
  for (const w of folder.warnings) context.warn(`${w.text} (${w.cure})`);
  const device = await context.openDevice();
  const run = await RunFolder.open(options.out);
  const progress = await context.progress("training");
  const left = timeLeft();
  try {
    const length = lengthOf(options) ?? lengthOf(own) ?? { minutes: 60 };
    const config = mri.scoutRunConfig.parse({ net, training, seed: context.seed, ...length });
    let last = "";
    const result = await mri.trainScouts({
      device,
      ...heads,
      rng: new Rng(context.seed),
      ...length,
      net,
      training,
      store: run,
      config,
      data: await describeData(options.data, split),
      environment: environment(device),
      resume: options.resume,
      allowAdapterChange: options.allowAdapterChange,
      signal: context.signal,
      openDevice: () => context.openDevice({ tuner: device.tuner.toJSON() }),
      onEvent: (e) => {
        if (e.type === "plan")
          context.note(
            `${e.totalSteps} steps planned${e.secondsPerStep ? ` (${e.secondsPerStep.toFixed(2)} s a step)` : ""}`,
          );
        else if (e.type === "steps")
          progress.update({ done: e.to / e.totalSteps, step: e.to, loss: e.loss, minutesLeft: left(e), text: last });
        else if (e.type === "warning") context.warn(e.message);
        else if (e.type === "plain-steps") context.note(`steps run without a record: ${e.reason}`);
        else if (e.type === "resumed") context.note(`going on from step ${e.step} (${e.file})`);
        else if (e.type === "recovered")
          context.warn(`the device was lost (${e.reason}); going on from step ${e.step} on a new one`);
      },
      onEpoch: (e) => {
        last = `landmarks ${e.validation.landmark_mm.toFixed(2)} mm`;
      },
    });
    progress.stop();
    if (!result.model) {
      context.note(`stopped at step ${result.steps}; go on with --resume`);
      return { json: { run: options.out, steps: result.steps, finished: false } };
    }
    const landmarkMm = result.report!.landmarkMm;
    await run.write(
      "report.html",
      trainReport({ title: "Network for scouts", losses: result.losses, epochs: result.epochs, landmarkMm, config }),
    );
    context.print(
      `${result.steps} steps; landmarks of validation heads are found to ${result.report!.landmarkMm.toFixed(2)} mm (median); run folder ${options.out}`,
    );
    return {
      json: {
        run: options.out,
        steps: result.steps,
        finished: true,
        landmark_mm: result.report!.landmarkMm,
        loss: result.losses.at(-1) ?? null,
      },
    };
  } finally {
    progress.stop();
    await run.close();
  }
};

export const register = (program: Command, host: Host): void => {
  const command = group(program, "mri", "Scouts of the head: simulate, train, evaluate, calibrate.")
    .command("train")
    .description(
      "Train the network for scouts on a folder of heads, and make the estimator that turns its landmarks into a box.",
    )
    .requiredOption(
      "--data <dir>",
      "folder with t1/ID.nii.gz, labels/ID.nii.gz, split.json (and truth.json, where there is one)",
    )
    .requiredOption("--out <run>", "run folder to make")
    .option("--minutes <m>", "time for everything (default: 60)", positive)
    .option("--steps <n>", "number of steps, in place of the time", integer(1))
    .option("--resume", "go on with the run in --out, by its own configuration where no other is given")
    .option("--force", "replace a run that is there")
    .option("--allow-adapter-change", "resume on another adapter, though its bits differ")
    .option(
      "--config <file>",
      'JSON: { "net": {...}, "training": {...} }, what differs from the defaults; or the config.json of a run',
    );
  define<Options, []>(command, host, {
    examples: [
      "fiducial mri train --data heads --out runs/heads --minutes 60",
      "fiducial mri train --data heads --out runs/heads --resume",
    ],
    run: train,
  });
};
