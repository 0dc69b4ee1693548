import { MultiBar, type SingleBar } from "cli-progress";

/** What is known of the work at a moment. */
export interface ProgressState {
  /** Share of the work that is done, 0 to 1. */
  readonly done: number;
  readonly step?: number;
  readonly loss?: number;
  /** Given where the caller knows better than a straight line through the time so far. */
  readonly minutesLeft?: number;
  readonly text?: string;
}

export interface Progress {
  update(state: ProgressState): void;
  /** Ends the display; the last state stays to be read. */
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly stream: NodeJS.WriteStream;
  /** Seconds between lines in a pipe; default 10. */
  readonly every?: number;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

const number = (value: number): string =>
  Math.abs(value) >= 0.001 && Math.abs(value) < 1e5 ? value.toPrecision(4) : value.toExponential(2);

/** "45 s", "3.2 min", "1.4 h". */
export const duration = (minutes: number): string =>
  minutes < 1
    ? `${Math.round(minutes * 60)} s`
    : minutes < 90
      ? `${minutes.toFixed(1)} min`
      : `${(minutes / 60).toFixed(1)} h`;

/** "step 120, loss 0.01234, 3.2 min left". */
export const describeState = (state: ProgressState, elapsedMinutes: number): string => {
  const parts: string[] = [];
  if (state.step !== undefined) parts.push(`step ${state.step}`);
  if (state.loss !== undefined) parts.push(`loss ${number(state.loss)}`);
  if (state.text) parts.push(state.text);
  const left = state.minutesLeft ?? (state.done > 0.001 ? (elapsedMinutes * (1 - state.done)) / state.done : undefined);
  if (state.done >= 1) parts.push(`${duration(elapsedMinutes)} in all`);
  else if (left !== undefined) parts.push(`${duration(left)} left`);
  return parts.join(", ");
};

const clamp = (value: number): number => Math.min(1, Math.max(0, Number.isFinite(value) ? value : 0));

const plainLines = ({ label, stream, every = 10, now = Date.now }: ProgressOptions): Progress => {
  const start = now();
  let written = Number.NEGATIVE_INFINITY;
  let last: string | undefined;
  const write = (line: string): void => {
    stream.write(`${line}\n`);
    written = now();
    last = undefined;
  };
  return {
    update(state) {
      const line = `${label}: ${Math.floor(100 * clamp(state.done))} %, ${describeState(state, (now() - start) / 60_000)}`;
      last = line.replace(/, $/, "");
      if (now() - written >= every * 1000) write(last);
    },
    stop() {
      if (last) write(last);
    },
  };
};

const bar = ({ label, stream, now = Date.now }: ProgressOptions): Progress => {
  const start = now();
  const bars = new MultiBar({
    stream,
    hideCursor: true,
    clearOnComplete: false,
    format: "{label} {bar} {percentage} % {state}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    fps: 8,
    gracefulExit: false, // signals are the command's
    linewrap: false,
  });
  const one: SingleBar = bars.create(1000, 0, { label, state: "" });
  return {
    update: (state) =>
      one.update(Math.round(1000 * clamp(state.done)), { state: describeState(state, (now() - start) / 60_000) }),
    stop: () => bars.stop(),
  };
};

/** A bar on a terminal; plain lines at intervals where the stream is a pipe or a file. */
export const openProgress = (options: ProgressOptions): Progress =>
  options.stream.isTTY && process.env.TERM !== "dumb" ? bar(options) : plainLines(options);
