import { type FileHandle, open } from "node:fs/promises";

/** Files numbered 1, 2, 3 …, written one after the other and begun only when there is something to write. */
export class PartFiles {
  readonly #prefix: string;
  readonly #partBytes: number;
  readonly #paths: string[] = [];
  #handle: FileHandle | undefined;
  #written = 0;

  /** Paths are `<prefix>1.csv`, `<prefix>2.csv` …; a file that has `partBytes` is followed by another. */
  constructor(prefix: string, partBytes: number) {
    this.#prefix = prefix;
    this.#partBytes = partBytes;
  }

  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Appends to the current file; one call is never cut between two. Not to be called again before it resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#handle === undefined || this.#written >= this.#partBytes) await this.#next();
    await this.#handle?.writeFile(bytes);
    this.#written += bytes.length;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #next(): Promise<void> {
    await this.close();
    const path = `${this.#prefix}${this.#paths.length + 1}.csv`;
    this.#handle = await open(path, "w");
    this.#paths.push(path);
    this.#written = 0;
  }
}
