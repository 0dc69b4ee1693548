/** Longest time between read-backs, seconds: a signal is seen about as soon. */
const readSeconds = 1;
const now = (): number => performance.now() / 1000;

/** How fast steps go, and so how many of them wait for one read-back. */
export class Pace {
  #since = 0;
  /** A slow first guess, so that the first step is read, and reported, at once. */
  #secondsPerStep = readSeconds;

  /** Counts from here: what was done before were no steps. */
  restart(): void {
    this.#since = now();
  }

  /** Steps between read-backs: those of a second, `most` at most. */
  due(most: number): number {
    return Math.min(most, Math.max(1, Math.floor(readSeconds / Math.max(1e-6, this.#secondsPerStep))));
  }

  /** Takes in that so many steps ran since the last time; gives the seconds of one. */
  ran(steps: number): number {
    this.#secondsPerStep = (now() - this.#since) / steps;
    this.restart();
    return this.#secondsPerStep;
  }
}
