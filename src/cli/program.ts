import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { Host } from "./command.ts";
import * as demo from "./commands/demo.ts";
import * as doctor from "./commands/doctor.ts";
import * as mriCalibrate from "./commands/mri-calibrate.ts";
import * as mriEvaluate from "./commands/mri-evaluate.ts";
import * as mriSimulate from "./commands/mri-simulate.ts";
import * as mriTrain from "./commands/mri-train.ts";
import * as tune from "./commands/tune.ts";
import { exitCodes } from "./exit.ts";

/** Every command, in the order of the help. */
const commands = [doctor, demo, mriCalibrate, mriTrain, mriEvaluate, mriSimulate, tune];

const epilogue = `
Exit codes: 0 done, 1 the work failed, 2 bad usage or bad input, 3 no usable adapter,
4 a calibration that should not be used, 130 or 143 interrupted.

Research software, not a medical device.`;

/** The `fiducial` command with all its subcommands. */
export const createProgram = (host: Host): Command => {
  const program = new Command("fiducial")
    .description(
      "Anatomical landmarks by deep learning on WebGPU, and the geometry from MRI scouts to an oriented volume.",
    )
    .version(version, "-v, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    })
    .showHelpAfterError("(--help lists what there is)")
    .addHelpText("after", epilogue);
  for (const { register } of commands) register(program, host);
  return program;
};

/** Runs one command line; the exit code. */
export const runProgram = async (host: Host, args: readonly string[]): Promise<number> => {
  try {
    await createProgram(host).parseAsync(args, { from: "user" });
  } catch (error) {
    // Commander has already printed what it has to say: help and version to stdout, bad usage to stderr.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  }
  return host.exitCode;
};
