import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answer, Order } from "./worker.ts";
import type { Workload } from "./workloads.ts";

/** One participant's process, asked one thing at a time. */
export class Worker {
  readonly name: string;
  mode = "";
  adapter = "";
  #child: ChildProcess;
  #waiting: ((answer: Answer) => void) | undefined;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
    child.on("message", (answer: Answer) => this.#waiting?.(answer));
    child.on("exit", (code) => this.#waiting?.({ type: "error", message: `${name} ended with code ${code}` }));
  }

  /** Throws Error when the participant cannot start, as when its packages are not installed. */
  static async start(name: string): Promise<Worker> {
    const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), [name], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", process.env.FIDUCIAL_BENCH_STDERR ? "inherit" : "ignore", "ipc"],
      execArgv: ["--import", "tsx", "--conditions=fiducial-source", "--expose-gc"],
    });
    const worker = new Worker(name, child);
    const hello = await worker.#answer();
    if (hello.type !== "ready") throw new Error(hello.type === "error" ? hello.message : `${name} did not start`);
    worker.#pause("SIGSTOP");
    worker.mode = hello.mode;
    worker.adapter = hello.adapter;
    return worker;
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  async #ask<T extends Answer["type"]>(order: Order, want: T): Promise<Extract<Answer, { type: T }>> {
    const answered = this.#answer();
    this.#pause("SIGCONT");
    this.#child.send(order);
    const answer = await answered;
    this.#pause("SIGSTOP");
    if (answer.type === want) return answer as Extract<Answer, { type: T }>;
    throw new Error(answer.type === "error" ? answer.message : `${this.name} answered ${answer.type}`);
  }

  /** Idle, some libraries keep a core busy, which would slow the others by half: out of its turn a participant stands still. */
  #pause(signal: "SIGSTOP" | "SIGCONT"): void {
    if (process.platform !== "win32" && this.#child.exitCode === null) this.#child.kill(signal);
  }

  prepare = async (workload: Workload): Promise<boolean> =>
    (await this.#ask({ type: "prepare", workload }, "prepared")).able;
  results = async (): Promise<{ results: Record<string, Float32Array>; variants: readonly string[] }> =>
    this.#ask({ type: "results" }, "results");
  round = async (): Promise<number> => (await this.#ask({ type: "round" }, "round")).ms;

  async dispose(): Promise<void> {
    await this.#ask({ type: "dispose" }, "disposed");
  }

  stop(): void {
    this.#child.removeAllListeners("exit");
    this.#pause("SIGCONT");
    this.#child.disconnect();
    this.#child.kill();
  }
}

/** Largest difference of two sets of results, over the largest entry of each; infinite when they do not match in kind. */
export function largestError(ours: Record<string, Float32Array>, theirs: Record<string, Float32Array>): number {
  let worst = 0;
  for (const [name, want] of Object.entries(ours)) {
    const got = theirs[name];
    if (!got || got.length !== want.length) return Number.POSITIVE_INFINITY;
    let peak = 0;
    let error = 0;
    for (let i = 0; i < want.length; i++) {
      const difference = Math.abs(got[i] - want[i]);
      if (!(difference <= error)) error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      peak = Math.max(peak, Math.abs(want[i]));
    }
    worst = Math.max(worst, error / (peak || 1));
  }
  return worst;
}
