/** Where a run's files are read from: a folder, an archive, files dropped on a page. Names hold no folders. */
export interface RunFiles {
  /** For messages: the folder's path. */
  readonly where: string;
  /** The bytes, or undefined where there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** Where a run keeps its files: a folder in Node, memory, or a browser's storage. */
export interface RunStore extends RunFiles {
  /** Replaces as a whole: a reader sees the old content or the new, never a part. */
  write(name: string, content: Uint8Array | string): Promise<void>;
  /** Replaces `to`; nothing happens where there is no `from`. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  list(): Promise<string[]>;
  /** Adds a line to log.txt. */
  log?(line: string): Promise<void>;
}

/** A store in memory: for tests, and for pages that keep nothing. */
export class MemoryStore implements RunStore {
  readonly where = "memory";
  readonly files = new Map<string, Uint8Array>();

  async read(name: string): Promise<Uint8Array | undefined> {
    return this.files.get(name)?.slice();
  }
  async write(name: string, content: Uint8Array | string): Promise<void> {
    this.files.set(name, typeof content === "string" ? new TextEncoder().encode(content) : content.slice());
  }
  async rename(from: string, to: string): Promise<void> {
    const bytes = this.files.get(from);
    if (!bytes) return;
    this.files.set(to, bytes);
    this.files.delete(from);
  }
  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
  async list(): Promise<string[]> {
    return [...this.files.keys()].sort();
  }
  async log(line: string): Promise<void> {
    const before = new TextDecoder().decode(this.files.get("log.txt"));
    await this.write("log.txt", `${before}${line}\n`);
  }
}
