import { z } from "zod";
import type { Device } from "../device/index.ts";
import { ParseError } from "../errors.ts";
import { checkpointFiles, type Plain } from "./checkpoint.ts";
import { parseConfig } from "./parse-config.ts";
import type { RunStore } from "./store.ts";

/** What a run's folder says about it besides checkpoints and history. */
export interface RunDescription {
  /** config.json: all that decided the result, defaults resolved. */
  readonly config: Plain;
  /** environment.json: version, adapter, Node. */
  readonly environment?: Plain;
  /** data.json: files with their digests, splits by subject. */
  readonly data?: Plain;
}

/** A tuner's table as tuner.json holds it. */
export const tunerSchema = z.object({
  format: z.literal("fiducial/tuner@1"),
  adapter: z.object({ name: z.string(), hash: z.string() }),
  choices: z.record(
    z.string(),
    z.object({
      variant: z.string(),
      ms: z.record(z.string(), z.number()),
      wrong: z.array(z.string()).optional(),
    }),
  ),
});

/** Writes the files that describe a run; tuner.json holds the kernel variants of `device`. */
export async function describeRun(store: RunStore, device: Device, about: RunDescription): Promise<void> {
  const files = { config: about.config, environment: about.environment, tuner: device.tuner, data: about.data };
  for (const [name, content] of Object.entries(files))
    if (content !== undefined) await store.write(`${name}.json`, `${JSON.stringify(content, null, 2)}\n`);
}

/** Removes what a run that was here before left: its checkpoints, and `others`. */
export async function clearRun(store: RunStore, others: readonly string[] = []): Promise<void> {
  for (const name of [...Object.values(checkpointFiles), ...others]) await store.remove(name);
}

/**
 * Loads a run's own kernel variants in place of this machine's, so that a resumed run goes on with those it began with. A run
 * without any, or of another adapter (which resuming refuses, unless allowed), leaves those of this machine. Throws ParseError and
 * ConfigError naming the file.
 */
export async function loadRunTuner(store: RunStore, device: Device): Promise<void> {
  const bytes = await store.read("tuner.json");
  if (!bytes) return;
  const file = `${store.where}/tuner.json`;
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ParseError("json", `${file}: ${(cause as Error).message}; the file is damaged, restore or remove it`, {
      file,
    });
  }
  const table = parseConfig(file, tunerSchema, content);
  if (table.adapter.hash === device.info.hash) device.tuner.load(table);
}
