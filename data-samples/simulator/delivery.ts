import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import iconv from "iconv-lite";

const CHUNK_BYTES = 64 * 1024;
/** Characters that an encoding does not write as Latin-1 does: as the byte of their own number. */
const BEYOND_LATIN_1 = {
  "windows-1252": /[\u0080-\u009f\u0100-\uffff]/,
  "iso-8859-15": /[¤¦¨´¸¼½¾\u0100-\uffff]/,
} as const;
const BYTE_ORDER_MARK = "\uFEFF";

export interface TextShape {
  readonly encoding: "windows-1252" | "iso-8859-15" | "utf-8" | "utf-8 with mark";
  readonly gzip?: boolean;
}

export interface DelimitedShape extends TextShape {
  readonly separator: ";" | "," | "\t" | "|";
  readonly lineEnd: "\n" | "\r\n";
}

/** A text file being written, its folder made where needed; `append` never waits, `waitUntilDrained` does. */
export class TextFile {
  readonly #encoding: "windows-1252" | "iso-8859-15" | "utf-8";
  readonly #entrance: Writable;
  readonly #written: Promise<void>;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #closing: Promise<void> | undefined;

  constructor(path: string, shape: TextShape) {
    mkdirSync(dirname(path), { recursive: true });
    this.#encoding = shape.encoding === "utf-8 with mark" ? "utf-8" : shape.encoding;
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
    if (shape.encoding === "utf-8 with mark") this.append(BYTE_ORDER_MARK);
  }

  /** Adds text at the end of the file; a character that the encoding lacks becomes a question mark. */
  append(text: string): void {
    const most = text.length * 3;
    if (this.#filled + most > CHUNK_BYTES) this.#flush();
    if (most > CHUNK_BYTES) {
      this.#entrance.write(iconv.encode(text, this.#encoding));
    } else if (this.#encoding === "utf-8") {
      this.#filled += this.#chunk.write(text, this.#filled, "utf8");
    } else if (BEYOND_LATIN_1[this.#encoding].test(text)) {
      this.#filled += iconv.encode(text, this.#encoding).copy(this.#chunk, this.#filled);
    } else {
      this.#filled += this.#chunk.write(text, this.#filled, "latin1");
    }
  }

  /** Resolves once the disk has caught up; undefined when there is nothing to wait for. */
  waitUntilDrained(): Promise<unknown> | undefined {
    return this.#entrance.writableNeedDrain ? once(this.#entrance, "drain") : undefined;
  }

  /** Resolves once the whole file is on disk; may be called again. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#flush();
      this.#entrance.end();
      this.#closing = this.#written;
    }
    return this.#closing;
  }

  /** Gives up: releases the file without finishing it. */
  abandon(): void {
    this.#entrance.destroy();
  }

  #flush(): void {
    if (this.#filled === 0) return;
    this.#entrance.write(this.#chunk.subarray(0, this.#filled));
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#filled = 0;
  }
}

/** A delimited file being written; `add` never waits, `waitUntilDrained` does. */
export class DelimitedFile {
  readonly #shape: DelimitedShape;
  readonly #file: TextFile;
  readonly #special: RegExp;

  constructor(file: TextFile, shape: DelimitedShape, header: readonly string[]) {
    this.#shape = shape;
    this.#file = file;
    this.#special = new RegExp(`["\r\n${shape.separator === "|" ? "\\|" : shape.separator}]`);
    this.addFields(header);
  }

  /** Adds one row given as finished text: separators in place, no field in need of quotes, no line end. */
  add(row: string): void {
    this.#file.append(row + this.#shape.lineEnd);
  }

  /** Adds one row of fields, quoted where they need it. */
  addFields(fields: readonly string[]): void {
    this.add(fields.map((field) => this.quote(field)).join(this.#shape.separator));
  }

  /** The field as it must stand in a row: quoted when it holds a separator, a quote or a line end. */
  quote(field: string): string {
    return this.#special.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  }
}

/** The files of one delivery, under one folder. */
export class Delivery {
  readonly #folder: string;
  readonly #files: TextFile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The place of a file of the delivery on disk. */
  path(file: string): string {
    return join(this.#folder, file);
  }

  /** Starts a delimited file with its header. */
  delimited(file: string, shape: DelimitedShape, header: readonly string[]): DelimitedFile {
    return new DelimitedFile(this.text(file, shape), shape, header);
  }

  /** Starts a text file of any other kind. */
  text(file: string, shape: TextShape): TextFile {
    const opened = new TextFile(this.path(file), shape);
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
