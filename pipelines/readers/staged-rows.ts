import { join } from "node:path";
import { type MalformedReason, malformedLine } from "./malformed.ts";
import { PartFiles } from "./part-files.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";

/** How much is held in memory, and how large files become; tests make these small. */
export interface StagedRowsSizes {
  readonly outputBytes: number;
  /** About the size of one staged file. */
  readonly partBytes: number;
  /** The longest row accepted, as staged; a longer one is malformed. */
  readonly rowLimitBytes: number;
}

const SIZES: StagedRowsSizes = {
  outputBytes: 512 * 1024,
  partBytes: 8 * 1024 * 1024,
  rowLimitBytes: 16 * 1024 * 1024,
};

/** The rows of a file once they are all staged: what the `StagedFile` says of them. */
export type StagedContent = Pick<StagedFile, "rowsRead" | "malformedRows" | "malformedPath" | "scan">;

/**
 * Stages the rows of one file as text, for readers that find cells and not bytes. `push` and `putAside` only hold a row;
 * await `drain` after every piece of input, which writes what is held once that is enough; end with `finish`, or with
 * `close` when the file is refused.
 *
 * ```ts
 * const rows = new StagedRows(delivered, stagingFolder, COLUMNS.length);
 * try {
 *   for await (const chunk of source.chunks()) {
 *     parser.write(chunk); // calls rows.push(line, cells)
 *     await rows.drain();
 *   }
 *   return { fileId, …, columns: COLUMNS, ...(await rows.finish()) };
 * } finally {
 *   await rows.close();
 * }
 * ```
 *
 * The place of a row is unique in its file: a row said to stand on the line of an earlier one, or before it (several
 * elements on one line of XML), has the next line instead.
 */
export class StagedRows {
  readonly #columns: number;
  readonly #sizes: StagedRowsSizes;
  readonly #staged: PartFiles;
  readonly #malformed: PartFiles;
  #held: string[] = [];
  #heldLength = 0;
  #heldMalformed: string[] = [];
  #lastLine = 0;
  #rowsRead = 0;
  #malformedRows = 0;
  #longestRecord = 0;
  #characters = 0;

  /** `columns` is the number of cells of a row. The folder exists; nothing is written before `drain` or `finish`. */
  constructor(
    { fileId }: Pick<DeliveredFile, "fileId">,
    stagingFolder: string,
    columns: number,
    sizes: StagedRowsSizes = SIZES,
  ) {
    this.#columns = columns;
    this.#sizes = sizes;
    this.#staged = new PartFiles(join(stagingFolder, `${fileId}.part-`), sizes.partBytes);
    this.#malformed = new PartFiles(join(stagingFolder, `${fileId}.malformed-`), Number.POSITIVE_INFINITY);
  }

  /** Rows so far, malformed ones included. */
  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** Characters of the rows staged so far: what a small file that repeats itself swells to. */
  get characters(): number {
    return this.#characters;
  }

  /**
   * Stages one row; null and the empty text are the same. A row with another number of cells, with a NUL character or
   * longer than 16 MB is put aside.
   */
  push(line: number, cells: readonly (string | null)[]): void {
    const text = cells.map(quoted).join(",");
    const reason = this.#fault(cells.length, text);
    if (reason === undefined) {
      const record = `${this.#place(line)},${text}\n`;
      this.#held.push(record);
      this.#heldLength += record.length;
      this.#characters += record.length;
    } else {
      this.putAside(line, reason, shown(cells));
    }
  }

  /** Counts a malformed row and puts it aside; `value` is what is shown of it (its first 200 characters). */
  putAside(line: number, reason: MalformedReason, value: string): void {
    this.#malformedRows++;
    const record = malformedLine(this.#place(line), reason, value);
    this.#heldMalformed.push(record);
    this.#heldLength += record.length;
  }

  /** Writes the rows held once they are enough. Not to be called again before it resolves. */
  async drain(): Promise<void> {
    if (this.#heldLength >= this.#sizes.outputBytes) await this.#write();
  }

  /** Writes what remains, and tells what was staged. */
  async finish(): Promise<StagedContent> {
    await this.#write();
    await this.close();
    return {
      rowsRead: this.#rowsRead,
      malformedRows: this.#malformedRows,
      malformedPath: this.#malformed.paths[0] ?? null,
      scan: {
        kind: "text",
        paths: this.#staged.paths,
        separator: ",",
        quote: '"',
        longestRecord: this.#longestRecord,
      },
    };
  }

  /** Closes the files; may be called again. */
  async close(): Promise<void> {
    await Promise.all([this.#staged.close(), this.#malformed.close()]);
  }

  #fault(cells: number, text: string): MalformedReason | undefined {
    if (cells !== this.#columns) return "wrong_field_count";
    if (text.includes("\0")) return "nul_byte";
    if (3 * text.length <= this.#longestRecord) return undefined;
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#sizes.rowLimitBytes) return "row_too_long";
    // The line stands before it.
    this.#longestRecord = Math.max(this.#longestRecord, bytes + 32);
    return undefined;
  }

  #place(line: number): number {
    this.#rowsRead++;
    this.#lastLine = Math.max(line, this.#lastLine + 1);
    return this.#lastLine;
  }

  async #write(): Promise<void> {
    const staged = this.#held;
    const malformed = this.#heldMalformed;
    this.#held = [];
    this.#heldMalformed = [];
    this.#heldLength = 0;
    if (staged.length > 0) await this.#staged.write(Buffer.from(staged.join(""), "utf8"));
    if (malformed.length > 0) await this.#malformed.write(Buffer.from(malformed.join(""), "utf8"));
  }
}

/** A field of staged text; quotes only where they are needed. */
function quoted(cell: string | null): string {
  if (cell === null) return "";
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What is shown of a malformed row: its cells as a line of text, no longer than is worth it. */
function shown(cells: readonly (string | null)[]): string {
  return cells
    .slice(0, 100)
    .map((cell) => (cell ?? "").slice(0, 400))
    .join(";");
}
