import { CheckpointError } from "../errors.ts";
import type { SafetensorsTensor } from "../io/index.ts";
import type { StateDict } from "../nn/index.ts";
import type { RandomState } from "../random.ts";
import {
  checkpointFiles,
  configDigest,
  encodeCheckpoint,
  type Plain,
  readLast,
  subState,
  writeLast,
} from "./checkpoint.ts";
import { differences, listed, plainFile } from "./differences.ts";
import { decodeMeta, type RunMeta } from "./run-meta.ts";
import type { RunStore } from "./store.ts";

/** A run's state on the host: what a checkpoint holds. */
export interface SavedState {
  readonly state: StateDict;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A run's weights as its model names them: the averaged ones where there are any. */
export const weightsOf = (state: StateDict): StateDict =>
  new Map([...subState(state, "model"), ...subState(state, "ema")]);

/** Writes last.safetensors (the one before it is kept), metrics.csv, and first best.safetensors where `best` is given. */
export async function saveRun(
  store: RunStore,
  { state, metadata }: SavedState,
  csv: string,
  best: RunMeta["best"],
): Promise<void> {
  if (best) {
    const about = { epoch: `${best.epoch}`, metric: `${best.metric}`, config_sha256: metadata.config_sha256 };
    await store.write(checkpointFiles.best, encodeCheckpoint(weightsOf(state), { kind: "weights", ...about }));
  }
  await writeLast(store, encodeCheckpoint(state, metadata));
  await store.write("metrics.csv", csv);
}

/** What must be equal for a resumed run to give the bits of the uninterrupted one. */
export interface Same {
  readonly config: Plain | undefined;
  readonly rng: RandomState;
  readonly stepsPerEpoch: number;
  readonly adapter: string;
  readonly allowAdapterChange: boolean;
}

export interface FoundRun {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly file: string;
  /** What was wrong with a newer checkpoint. */
  readonly warnings: readonly string[];
}

/** The run's last whole checkpoint, or undefined. Throws CheckpointError where it is another run's. */
export async function findRun(store: RunStore, same: Same): Promise<FoundRun | undefined> {
  const found = await readLast(store);
  if (!found) return undefined;
  const { content, file, warnings } = found;
  const meta = decodeMeta(content.metadata, file);
  const refuse = (what: string): never => {
    throw new CheckpointError(`${file}: ${what}`);
  };
  if (meta.config_sha256 !== configDigest(same.config)) {
    const there = await plainFile(store, "config.json");
    const all = there === undefined ? [] : differences(there, same.config);
    refuse(
      `it was made with another configuration${all.length > 0 ? ` (${listed(all)})` : ""}; resume with the run's own config.json, or start a new run`,
    );
  }
  if (`${meta.rng.key}` !== `${same.rng.key}`) refuse("it was made with another seed; resume with the run's own");
  if (meta.plan.stepsPerEpoch !== same.stepsPerEpoch)
    refuse(
      `its epochs have ${meta.plan.stepsPerEpoch} steps, the data now give ${same.stepsPerEpoch}; resume with the same data and batch size`,
    );
  if (meta.adapter !== same.adapter && !same.allowAdapterChange)
    refuse(
      `it was made on another adapter or driver (${meta.adapter}, here ${same.adapter}), so results would not be bit-equal; set allowAdapterChange to go on all the same`,
    );
  return { ...content, file, warnings };
}
