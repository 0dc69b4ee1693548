import type { Command } from "commander";
import { type CommandOutcome, type Context, define, type Host } from "../command.ts";
import { integer } from "../numbers.ts";

interface Options {
  readonly config?: string;
  readonly rounds: number;
  readonly again?: boolean;
  readonly forget?: boolean;
}

const run = async (context: Context, options: Options): Promise<CommandOutcome> => {
  const [{ tuneScouts }, { readScoutConfig }, { forgetTuner, saveTuner, tunerFile }] = await Promise.all([
    import("../../mri/index.ts"),
    import("../scout-config.ts"),
    import("../tuner-file.ts"),
  ]);
  const { net, training } = await readScoutConfig(options.config);
  const device = await context.openDevice();
  if (options.forget) {
    const gone = await forgetTuner(device);
    context.print(gone ? `${gone} is gone; kernels choose for themselves again` : "nothing was tuned on this adapter");
    return { json: { choices: {}, file: null } };
  }
  const progress = await context.progress("tuning");
  const rows: (string | number)[][] = [];
  try {
    await tuneScouts(device, net, training, {
      rounds: options.rounds,
      again: options.again,
      signal: context.signal,
      onSite: ({ done, total, name, choice, byDefault }) => {
        progress.update({ done: done / total, text: name });
        const before = choice.ms[byDefault];
        rows.push([
          name,
          choice.variant,
          choice.ms[choice.variant].toFixed(2),
          before === undefined ? `${byDefault} is wrong here` : `${byDefault} ${before.toFixed(2)}`,
        ]);
        for (const variant of choice.wrong ?? [])
          context.warn(`${name}: the variant "${variant}" gives wrong numbers on this adapter and is left out`);
      },
    });
  } finally {
    progress.stop();
    // Also what was measured before an interruption.
    if (rows.length > 0) await saveTuner(device);
  }
  const file = tunerFile(device);
  if (rows.length > 0) context.print(await context.table(["kernel", "fastest", "ms", "by default, ms"], rows));
  else context.print("all kernels of this network were tuned before; --again measures them anew");
  context.print(`${device.tuner.size} choices in ${file}; every command on this adapter uses them from now on`);
  return { json: { choices: device.tuner.toJSON().choices, file } };
};

export const register = (program: Command, host: Host): void => {
  const command = program
    .command("tune")
    .description(
      "Measure which variant of each kernel is fastest on this adapter, for the network for scouts, and keep the choices. Close other programs first.",
    )
    .option("--config <file>", 'JSON: { "net": {...}, "training": {...} }, as for `mri train`')
    .option("--rounds <n>", "rounds in which the variants take turns", integer(1), 5)
    .option("--again", "measure again what was tuned before")
    .option("--forget", "delete this adapter's choices");
  define<Options, []>(command, host, {
    examples: ["fiducial tune", "fiducial tune --forget"],
    run,
  });
};
