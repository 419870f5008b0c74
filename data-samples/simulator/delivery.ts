import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import iconv from "iconv-lite";

const CHUNK_BYTES = 64 * 1024;
/** Characters that Windows-1252 and Latin-1 do not write as the same byte. */
const BEYOND_LATIN_1 = /[\u0080-\u009f\u0100-\uffff]/;
const BYTE_ORDER_MARK = "\uFEFF";

export interface DelimitedShape {
  readonly encoding: "windows-1252" | "utf-8" | "utf-8 with mark";
  readonly separator: ";" | "," | "\t" | "|";
  readonly lineEnd: "\n" | "\r\n";
  readonly gzip?: boolean;
}

/** A delimited file being written; `add` never waits, `waitUntilDrained` does. */
export class DelimitedFile {
  readonly #shape: DelimitedShape;
  readonly #encoding: "windows-1252" | "utf-8";
  readonly #entrance: Writable;
  readonly #written: Promise<void>;
  readonly #special: RegExp;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;

  constructor(path: string, shape: DelimitedShape, header: readonly string[]) {
    mkdirSync(dirname(path), { recursive: true });
    this.#shape = shape;
    this.#encoding = shape.encoding === "windows-1252" ? "windows-1252" : "utf-8";
    this.#special = new RegExp(`["\r\n${shape.separator === "|" ? "\\|" : shape.separator}]`);
    const file = createWriteStream(path);
    if (shape.gzip) {
      const gzip = createGzip({ level: 3 });
      this.#entrance = gzip;
      this.#written = pipeline(gzip, file);
    } else {
      this.#entrance = file;
      this.#written = finished(file);
    }
    this.#written.catch(() => {});
    if (shape.encoding === "utf-8 with mark") this.#append(BYTE_ORDER_MARK);
    this.addFields(header);
  }

  /** Adds one row given as finished text: separators in place, no field in need of quotes, no line end. */
  add(row: string): void {
    this.#append(row + this.#shape.lineEnd);
  }

  /** Adds one row of fields, quoted where they need it. */
  addFields(fields: readonly string[]): void {
    this.add(fields.map((field) => this.quote(field)).join(this.#shape.separator));
  }

  /** The field as it must stand in a row: quoted when it holds a separator, a quote or a line end. */
  quote(field: string): string {
    return this.#special.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  }

  /** Resolves once the disk has caught up; undefined when there is nothing to wait for. */
  waitUntilDrained(): Promise<unknown> | undefined {
    return this.#entrance.writableNeedDrain ? once(this.#entrance, "drain") : undefined;
  }

  async close(): Promise<void> {
    this.#flush();
    this.#entrance.end();
    await this.#written;
  }

  /** Gives up: releases the file without finishing it. */
  abandon(): void {
    this.#entrance.destroy();
  }

  #append(text: string): void {
    const most = text.length * 3;
    if (this.#filled + most > CHUNK_BYTES) this.#flush();
    if (most > CHUNK_BYTES) {
      this.#entrance.write(iconv.encode(text, this.#encoding));
    } else if (this.#encoding === "utf-8") {
      this.#filled += this.#chunk.write(text, this.#filled, "utf8");
    } else if (BEYOND_LATIN_1.test(text)) {
      this.#filled += iconv.encode(text, this.#encoding).copy(this.#chunk, this.#filled);
    } else {
      this.#filled += this.#chunk.write(text, this.#filled, "latin1");
    }
  }

  #flush(): void {
    if (this.#filled === 0) return;
    this.#entrance.write(this.#chunk.subarray(0, this.#filled));
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#filled = 0;
  }
}

/** The files of one delivery, under one folder. */
export class Delivery {
  readonly #folder: string;
  readonly #files: DelimitedFile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The place of a file of the delivery on disk. */
  path(file: string): string {
    return join(this.#folder, file);
  }

  /** Starts a delimited file with its header. */
  delimited(file: string, shape: DelimitedShape, header: readonly string[]): DelimitedFile {
    const opened = new DelimitedFile(this.path(file), shape, header);
    this.#files.push(opened);
    return opened;
  }

  /** Waits for the files that the disk has not caught up with. */
  async waitUntilDrained(): Promise<void> {
    for (const file of this.#files) {
      const drained = file.waitUntilDrained();
      if (drained) await drained;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }

  abandon(): void {
    for (const file of this.#files) file.abandon();
  }
}
