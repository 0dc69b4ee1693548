#!/usr/bin/env node
/**
 * The `fiducial` command.
 *
 * To add a command: write src/cli/commands/NAME.ts that exports `register(program, host)`, and name it in the list in
 * program.ts. `register` declares the command on `program` (or on `group(program, "mri", ...)`) with commander, then calls
 * `define(command, host, { examples, run })`, which adds --json, --seed and --adapter, handles errors and signals, and
 * writes the JSON. What is heavy is imported inside `run`. Errors are thrown, never printed: exit.ts maps them.
 */
import { watchSignals } from "./command.ts";
import { runProgram } from "./program.ts";

// `fiducial doctor | head -1` closes the pipe early: that is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });

process.exitCode = await runProgram(
  { signal: watchSignals(), stdout: process.stdout, stderr: process.stderr, exitCode: 0 },
  process.argv.slice(2),
);
