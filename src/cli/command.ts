import { writeSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type Command, Option } from "commander";
import colors from "picocolors";
import type { AdapterChoice, Device, DeviceOptions } from "../device/index.ts";
import { writeFileAtomic } from "../io/node/files.ts";
import { envelope, jsonText } from "./envelope.ts";
import { describeError, exitCodeOf, exitCodes, Interrupted } from "./exit.ts";
import { integer } from "./numbers.ts";
import { checkJsonPath } from "./output.ts";
import type { Progress } from "./progress.ts";

export interface CommonOptions {
  readonly json?: string;
  readonly seed: number;
  readonly adapter?: AdapterChoice;
}

/** What a command may do to the outside besides its files. */
export interface Context {
  /** "mri simulate". */
  readonly command: string;
  /** --seed, or where it was not given what `adoptSeed` was told. */
  readonly seed: number;
  /** Takes the seed of a configuration file in place of the default; --seed goes before it. */
  adoptSeed(seed: number): void;
  /** Aborts on SIGINT or SIGTERM; its reason is an `Interrupted`. Save what is done, then return or throw the reason. */
  readonly signal: AbortSignal;
  /** Opens the adapter of --adapter, says on stderr which one runs, puts it into every envelope; closed after the command. */
  openDevice(options?: DeviceOptions): Promise<Device>;
  /** A result, to stdout. */
  print(text: string): void;
  /** What goes on, to stderr. */
  note(text: string): void;
  /** A warning, to stderr. */
  warn(text: string): void;
  /** A progress bar, or lines in a pipe, on stderr. */
  progress(label: string): Promise<Progress>;
  /** A table for stdout, as text. */
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Promise<string>;
  /** Lets signals through in long work of the host, and throws `Interrupted` once one has come. */
  breathe(): Promise<void>;
  /** Text of a JSON file with the envelope `{ format: "fiducial/NAME@1", version, command, seed, adapter, ...fields }`. */
  json(name: string, fields: Readonly<Record<string, unknown>>): string;
}

/** `json`: the fields of --json FILE. `format`: NAME in its envelope, where it is not the spec's. `exitCode`: default 0. */
export interface CommandOutcome {
  readonly format?: string;
  readonly json?: Readonly<Record<string, unknown>>;
  readonly exitCode?: number;
}

export interface CommandSpec<O, A extends readonly unknown[]> {
  /** Command lines as one would type them; at least one. */
  readonly examples: readonly string[];
  /** NAME in the envelope of --json; default the command's path with dashes. */
  readonly format?: string;
  /** The work. Import what is heavy in here, so that --help stays fast. */
  readonly run: (context: Context, options: O & CommonOptions, ...args: A) => Promise<CommandOutcome>;
}

/** What all commands of one process share. */
export interface Host {
  readonly signal: AbortSignal;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Set by the command that ran. */
  exitCode: number;
}

const pathOf = (command: Command): string[] => (command.parent ? [...pathOf(command.parent), command.name()] : []);

/** The subcommand group of that name, such as `mri`; made at the first call. */
export const group = (program: Command, name: string, description: string): Command =>
  program.commands.find((c) => c.name() === name) ?? program.command(name).description(description);

const adapterName = ({ vendor, architecture, description }: Device["info"]): string =>
  description || [vendor, architecture].filter(Boolean).join(" ");

const makeContext = (
  command: string,
  host: Host,
  options: CommonOptions,
  seedGiven: boolean,
): Context & { readonly devices: Device[] } => {
  const devices: Device[] = [];
  let { seed } = options;
  const paint = colors.createColors(Boolean(host.stderr.isTTY) && !process.env.NO_COLOR);
  const note = (text: string): void => void host.stderr.write(`${text}\n`);
  return {
    command,
    get seed() {
      return seed;
    },
    adoptSeed: (own) => {
      if (!seedGiven) seed = own;
    },
    signal: host.signal,
    devices,
    print: (text) => void host.stdout.write(`${text}\n`),
    note,
    warn: (text) => note(`${paint.yellow("warning:")} ${text}`),
    async openDevice(more = {}) {
      const { openDevice } = await import("../device/index.ts");
      const device = await openDevice({ ...more, adapter: more.adapter ?? options.adapter });
      if (!more.tuner) {
        const { loadTuner } = await import("./tuner-file.ts");
        await loadTuner(device, this.warn);
      }
      const slow =
        device.info.kind === "embedded"
          ? ", the embedded software adapter (slow; `fiducial doctor` names a faster one)"
          : "";
      const tuned = device.tuner.size > 0 ? `, ${device.tuner.size} tuned kernels` : "";
      if (devices.length === 0) note(paint.dim(`adapter: ${adapterName(device.info)}${slow}${tuned}`));
      devices.push(device);
      return device;
    },
    async progress(label) {
      const { openProgress } = await import("./progress.ts");
      return openProgress({ label, stream: host.stderr });
    },
    async table(head, rows) {
      const { default: Table } = await import("cli-table3");
      const table = new Table({
        head: [...head],
        style: { head: host.stdout.isTTY ? ["bold"] : [], border: [], compact: true },
      });
      for (const row of rows) table.push([...row]);
      return table.toString();
    },
    async breathe() {
      await setImmediate();
      host.signal.throwIfAborted();
    },
    json: (name, fields) => {
      const info = devices[0]?.info;
      return jsonText(
        envelope(name, { command, seed, adapter: info && { name: adapterName(info), hash: info.hash } }, fields),
      );
    },
  };
};

/**
 * Gives a commander command what all of ours have: --json, --seed, --adapter, the examples in its help, one way to report
 * errors and to end. Arguments and own options are declared on `command` by the caller.
 */
export const define = <O = object, A extends readonly unknown[] = readonly string[]>(
  command: Command,
  host: Host,
  spec: CommandSpec<O, A>,
): void => {
  const path = pathOf(command);
  command
    .option("--json <file>", "write the result as JSON, too")
    .addOption(new Option("--seed <n>", "seed of everything random").argParser(integer(0)).default(0))
    .addOption(new Option("--adapter <kind>", "insist on one adapter").choices(["system", "embedded"]))
    .addHelpText(
      "after",
      `\n${spec.examples.length > 1 ? "Examples" : "Example"}:\n${spec.examples.map((e) => `  ${e}`).join("\n")}`,
    );
  command.action(async (...all: unknown[]) => {
    // Flags that were not given are false, not absent: code can tell a flag the command has from one it has not.
    const flags = command.options
      .filter((o) => o.isBoolean() && !o.negate)
      .map((o) => [o.attributeName(), false] as const);
    const options = { ...Object.fromEntries(flags), ...command.opts<O & CommonOptions>() };
    const args = all.slice(0, command.registeredArguments.length) as unknown as A;
    const context = makeContext(path.join(" "), host, options, command.getOptionValueSource("seed") === "cli");
    try {
      if (options.json) checkJsonPath(options.json);
      const { json = {}, format, exitCode = exitCodes.done } = await spec.run(context, options, ...args);
      const stopped = host.signal.aborted ? (host.signal.reason as Interrupted) : undefined;
      if (options.json)
        await writeFileAtomic(
          options.json,
          context.json(
            format ?? spec.format ?? path.join("-"),
            stopped ? { ...json, interrupted: stopped.signal } : json,
          ),
        );
      host.exitCode = stopped ? exitCodeOf(stopped) : exitCode;
    } catch (error) {
      host.exitCode = exitCodeOf(error);
      const text = describeError(error, { adapter: options.adapter, debug: Boolean(process.env.FIDUCIAL_DEBUG) });
      host.stderr.write(`fiducial ${path.join(" ")}: ${text}\n`);
    } finally {
      for (const device of context.devices) device.destroy();
    }
  });
};

/** Hands out the signal that a first SIGINT or SIGTERM aborts; a second one ends the process at once. */
export const watchSignals = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes[name]);
      writeSync(2, `\n${name}: saving what is done; once more to stop at once\n`);
      controller.abort(new Interrupted(name));
    });
  return controller.signal;
};
