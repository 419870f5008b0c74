import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Thrown while reading when the compressed bytes end too early or are damaged. */
export class BrokenGzip extends Error {
  readonly truncated: boolean;

  constructor(truncated: boolean) {
    super(truncated ? "truncated gzip" : "corrupt gzip");
    this.truncated = truncated;
  }
}

/** The content of a delivered file, decompressed, with the size and SHA-256 of the bytes as delivered. */
export class DeliveredBytes {
  readonly #path: string;
  readonly #chunkBytes: number;
  readonly #hash = createHash("sha256");
  /** Delivered bytes read so far: the size of the file once `chunks` has ended. */
  bytes = 0;

  constructor(path: string, chunkBytes: number) {
    this.#path = path;
    this.#chunkBytes = chunkBytes;
  }

  /** To be called once, after `chunks` has ended. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  /**
   * The content in order, each chunk valid until the next is asked for. A file is taken for gzip when its name ends in
   * `.gz` or its content begins like one. Throws BrokenGzip, after having given all that could be decompressed.
   */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    if (!(await this.#isGzip())) {
      yield* this.#delivered(true);
      return;
    }
    // With a high-water mark of one byte zlib runs one chunk ahead and no further, so that nothing decompressed
    // is lost when it fails.
    const gunzip = createGunzip({
      chunkSize: Math.max(64, this.#chunkBytes),
      ...{ readableHighWaterMark: 1 },
    });
    pipeline(Readable.from(this.#delivered(false)), gunzip, () => {});
    try {
      yield* gunzip;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (code.startsWith("Z_") && this.bytes === 0) return;
      if (code.startsWith("Z_")) throw new BrokenGzip(code === "Z_BUF_ERROR");
      throw error;
    }
  }

  async #isGzip(): Promise<boolean> {
    if (this.#path.endsWith(".gz")) return true;
    const handle = await open(this.#path, "r");
    try {
      const magic = new Uint8Array(2);
      await handle.read(magic, 0, 2, 0);
      return magic[0] === 0x1f && magic[1] === 0x8b;
    } finally {
      await handle.close();
    }
  }

  /** The delivered bytes, read one chunk ahead. When `reuse`, a chunk is valid until the next is asked for. */
  async *#delivered(reuse: boolean): AsyncGenerator<Uint8Array, void, void> {
    const handle = await open(this.#path, "r");
    let memory = Buffer.allocUnsafeSlow(this.#chunkBytes);
    let other = Buffer.allocUnsafeSlow(this.#chunkBytes);
    const read = async () => {
      [memory, other] = [reuse ? other : Buffer.allocUnsafeSlow(this.#chunkBytes), memory];
      const target = memory;
      const { bytesRead } = await handle.read(target, 0, target.length);
      return target.subarray(0, bytesRead);
    };
    const readAhead = () => {
      const reading = read();
      // An error is told when the chunk is asked for, not before.
      reading.catch(() => {});
      return reading;
    };
    let next = readAhead();
    try {
      for (;;) {
        const chunk = await next;
        if (chunk.length === 0) return;
        next = readAhead();
        this.#hash.update(chunk);
        this.bytes += chunk.length;
        yield chunk;
      }
    } finally {
      await next.catch(() => {});
      await handle.close();
    }
  }
}
