import { readFileSync, readlinkSync } from "node:fs";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { DataError } from "../../errors.ts";
import { codeOf, fileError } from "../../io/node/errors.ts";

export const lockName = "run.lock";

/** Who holds a lock. A number alone does not tell: it is given again to other processes, in containers each time. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the system's own count since a start of the machine; null where the system does not say. */
  readonly started: string | null;
  readonly host: string;
}

/** Seconds between signs of life, and after which another machine's lock counts as left behind. */
const refresh = 30;
const leftBehind = 300;

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

/** When a process began: on Linux the ticks from the start of this boot, the 22nd field of /proc/PID/stat. */
function startOf(pid: number): string | null {
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ");
  const boot = readText("/proc/sys/kernel/random/boot_id")?.trim();
  return fields && boot ? `${boot} ${fields[19]}` : null;
}

/** Whether a process of this machine lives; one that may not be signaled lives too. */
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
};

/** Whether a process is known to run another program than this one. */
const isOther = (pid: number): boolean => {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "") !== basename(process.execPath);
  } catch {
    return false;
  }
};

/** Locks that this thread holds, by path. */
const held = new Set<string>();

const self = (): Holder => ({ pid: process.pid, started: startOf(process.pid), host: hostname() });

/** A lock's content; once it was a number alone. Undefined where it is neither. */
function parse(text: string): Holder | number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "number") return value;
    const { pid, started, host } = value as Partial<Holder>;
    if (Number.isInteger(pid) && typeof host === "string") return { pid: pid!, started: started ?? null, host };
  } catch {
    // An owner that is just writing it, or died doing so.
  }
  return undefined;
}

/** Who holds the lock for all that can be known, in words; undefined where nobody does any more. */
async function heldBy(path: string, holder: Holder | number): Promise<string | undefined> {
  if (typeof holder === "number") {
    const lives = holder > 0 && holder !== process.pid && alive(holder) && !isOther(holder);
    return lives ? `process ${holder}` : undefined;
  }
  const me = self();
  const { pid, started, host } = holder;
  if (host !== me.host) {
    const sign = await stat(path).then(
      (s) => s.mtimeMs,
      () => 0,
    );
    const quiet = (Date.now() - sign) / 1000;
    return quiet < leftBehind ? `process ${pid} of ${host}, ${Math.max(0, Math.round(quiet))} seconds ago,` : undefined;
  }
  if (pid === me.pid) {
    const own = started === null || me.started === null ? held.has(resolve(path)) : started === me.started;
    return own ? `process ${pid}, this one,` : undefined;
  }
  if (!alive(pid)) return undefined;
  const now = startOf(pid);
  return started !== null && now !== null && started !== now ? undefined : `process ${pid}`;
}

/** A folder's lock, held until `release`. */
export interface RunLock {
  release(): Promise<void>;
}

/**
 * Takes a run folder's lock, which names process, start and machine. One whose process is gone, or whose number another process
 * has by now, is taken over; one of another machine after five minutes without a sign of life. Throws DataError that names the
 * lock's file while it is held.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, lockName);
  const text = `${JSON.stringify(self())}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const handle = await open(path, "wx");
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      return hold(path, text);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw fileError("lock", path, error);
    }
    const found = await readFile(path, "utf8").catch(() => "");
    const holder = parse(found);
    const who = holder === undefined ? undefined : await heldBy(path, holder);
    if (who)
      throw new DataError(
        `cannot use ${folder}: ${who} is writing this run, by its lock ${path}; wait for it, stop it, or choose another folder; delete that file if no process writes here`,
      );
    // Whoever is just writing the lock gets a moment.
    if (holder === undefined) await new Promise((done) => setTimeout(done, 100));
    if ((await readFile(path, "utf8").catch(() => "")) === found) await rm(path, { force: true });
  }
  throw new DataError(`cannot use ${folder}: another process keeps taking ${path}; choose another folder`);
}

function hold(path: string, text: string): RunLock {
  const key = resolve(path);
  held.add(key);
  const sign = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), refresh * 1000);
  sign.unref();
  return {
    async release() {
      clearInterval(sign);
      held.delete(key);
      // One that another took over, who thought this process gone, is theirs.
      if ((await readFile(path, "utf8").catch(() => "")) === text) await rm(path, { force: true });
    },
  };
}
