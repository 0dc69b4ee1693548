import type { Device } from "../device/index.ts";
import { DeviceLostError } from "../errors.ts";
import type { SavedState } from "./run-files.ts";
import type { RunState } from "./run-state.ts";

const maxAttempts = 3;

/** What replaces a lost device: the last state known good, on the host, and how often that was tried since it was kept. */
export class Recovery {
  readonly #openDevice: (() => Promise<Device>) | undefined;
  #saved: SavedState | undefined;
  #attempts = 0;

  constructor(openDevice: (() => Promise<Device>) | undefined) {
    this.#openDevice = openDevice;
  }

  /** From here a lost device is replaced. */
  keep(saved: SavedState): void {
    this.#saved = saved;
    this.#attempts = 0;
  }

  /**
   * After `error`: opens a new device and fills it with the last state. Throws `error` again where no device was lost or none can be
   * opened, and DeviceLostError, telling why, after three attempts.
   */
  async from(error: unknown, state: RunState): Promise<{ reason: string; attempt: number; device: Device }> {
    if (!(error instanceof DeviceLostError) || !this.#openDevice || !this.#saved) throw error;
    const { step } = state;
    let last: unknown = error;
    while (++this.#attempts <= maxAttempts) {
      await new Promise((done) => setTimeout(done, 100 * 4 ** (this.#attempts - 1)));
      try {
        const device = await this.#openDevice();
        state.reopen(device, this.#saved);
        return { reason: error.reason, attempt: this.#attempts, device };
      } catch (again) {
        last = again;
        state.close();
      }
    }
    throw new DeviceLostError(
      error.reason,
      `the device was lost (${error.reason}) at step ${step}, and ${maxAttempts} attempts to go on failed, the last with: ${last instanceof Error ? last.message : last}`,
    );
  }
}
