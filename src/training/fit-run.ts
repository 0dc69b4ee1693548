import type { EpochReport } from "./trainer-options.ts";

/**
 * A run that has not begun: `for await` goes through it epoch by epoch, `await` runs it to its end and gives the reports
 * of all epochs. Either begins it.
 */
export type FitRun = AsyncGenerator<EpochReport, void, undefined> & PromiseLike<readonly EpochReport[]>;

/** Makes a generator of epochs one that can be awaited as well. */
export function fitRun(epochs: AsyncGenerator<EpochReport, void, undefined>): FitRun {
  let whole: Promise<readonly EpochReport[]> | undefined;
  const toTheEnd = async (): Promise<readonly EpochReport[]> => {
    const reports: EpochReport[] = [];
    for await (const report of epochs) reports.push(report);
    return reports;
  };
  const awaited: PromiseLike<readonly EpochReport[]>["then"] = (onDone, onError) => {
    whole ??= toTheEnd();
    return whole.then(onDone, onError);
  };
  // biome-ignore lint/suspicious/noThenProperty: awaiting it is meant
  return Object.defineProperty(epochs, "then", { value: awaited }) as FitRun;
}
