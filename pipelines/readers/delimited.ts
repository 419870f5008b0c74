import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error.ts";
import { BrokenGzip, DeliveredBytes } from "./delivered-bytes.ts";
import { BadHeader, beginsWithMark, type Header, readHeader } from "./header.ts";
import { countLineBreaks } from "./line-breaks.ts";
import { PartFiles } from "./part-files.ts";
import type { DeliveredFile, StagedFile, TextEncoding } from "./reader.ts";
import { LineTooLong, RecordSplitter, type SplitterOutput } from "./record-splitter.ts";
import { chunkDecoder, InvalidUtf8, NotIso885915 } from "./text-encoding.ts";

/** How much is held in memory at a time; tests make these small. */
export interface DelimitedSizes {
  readonly chunkBytes: number;
  readonly outputBytes: number;
  /** About the size of one staged file. */
  readonly partBytes: number;
  /** The longest record accepted. */
  readonly recordLimitBytes: number;
}

/** What a night uses. */
export const SIZES: DelimitedSizes = {
  chunkBytes: 512 * 1024,
  outputBytes: 512 * 1024,
  partBytes: 8 * 1024 * 1024,
  recordLimitBytes: 16 * 1024 * 1024,
};

const HEADER_LIMIT_BYTES = 2 ** 20;

/**
 * Reads delimited text (a Reader): any one-character separator, quotes as in RFC 4180, lines ending in LF, CR LF or CR,
 * UTF-8 or Windows-1252, gzip or not. What ends up in the views is exactly the text of the fields; what cannot be cut
 * into as many fields as the header has goes to `malformedPath`, and is counted.
 *
 * @throws UserError naming the file, and the line where there is one: empty file, unusable header, bytes that are not in
 *   the declared encoding, truncated or corrupt gzip, line of more than 16 MB.
 */
export async function readDelimited(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: DelimitedSizes = SIZES,
): Promise<StagedFile> {
  return readText(delivered, stagingFolder, sizes, ["utf-8", "windows-1252"]);
}

/**
 * Reads delimited text as `readDelimited` does, in the feed's encoding; when that is `auto`, in the first of `encodings`
 * that the bytes can be in.
 */
export async function readText(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: DelimitedSizes,
  encodings: readonly TextEncoding[],
): Promise<StagedFile> {
  checkDialect(delivered);
  const { size } = await stat(delivered.path);
  const fitting = fittingSizes(sizes, size);
  const { encoding: declared } = delivered.feed;
  const [first = "utf-8", ...others] = declared === "auto" ? encodings : [declared];
  try {
    return await stage(delivered, stagingFolder, fitting, first);
  } catch (error) {
    const [next] = others;
    if (!(error instanceof WrongEncoding) || error.hasMark || next === undefined) throw error;
    return readText(delivered, stagingFolder, sizes, others);
  }
}

/** No larger than the file asks for: memory that is never used costs more than reading a small file. */
function fittingSizes(sizes: DelimitedSizes, bytes: number): DelimitedSizes {
  const enough = Math.max(1024, bytes);
  return {
    ...sizes,
    chunkBytes: Math.min(sizes.chunkBytes, enough),
    outputBytes: Math.min(sizes.outputBytes, enough),
  };
}

/** The bytes are not in the encoding that the feed or a byte order mark says. */
class WrongEncoding extends UserError {
  readonly hasMark: boolean;

  constructor(place: string, encoding: string, hasMark: boolean) {
    super(
      `${place}: bytes that are not ${encoding}, although ${hasMark ? "the file begins with its byte order mark" : "vigie.yaml declares it"}`,
      hasMark
        ? "Have the file exported again in one encoding."
        : "Declare encoding: auto (or windows-1252), or have the file exported again.",
    );
    this.hasMark = hasMark;
  }
}

async function stage(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: DelimitedSizes,
  encoding: TextEncoding,
): Promise<StagedFile> {
  const { fileId, feedName, file } = delivered;
  const source = new DeliveredBytes(delivered.path, sizes.chunkBytes);
  const staged = new PartFiles(join(stagingFolder, `${fileId}.part-`), sizes.partBytes);
  const malformed = new PartFiles(join(stagingFolder, `${fileId}.malformed-`), Number.POSITIVE_INFINITY);
  const text = new DelimitedText(delivered, sizes, {
    staged: (bytes) => staged.write(bytes),
    malformed: (bytes) => malformed.write(bytes),
  });
  try {
    const decoder = chunkDecoder(encoding);
    for await (const chunk of source.chunks()) await text.push(decoder.decode(chunk));
    decoder.end();
    const { header, splitter } = await text.finish();
    return {
      fileId,
      feedName,
      file,
      bytes: source.bytes,
      sha256: source.sha256(),
      encoding,
      columns: header.columns,
      rowsRead: splitter.rowsRead,
      malformedRows: splitter.malformedRows,
      malformedPath: malformed.paths[0] ?? null,
      scan: {
        kind: "text",
        paths: staged.paths,
        separator: header.separator,
        quote: delivered.feed.quote,
        longestRecord: splitter.longestRecord,
      },
    };
  } catch (error) {
    throw explained(error, `inbox/${file}`, text);
  } finally {
    await text.settled();
    await Promise.all([staged.close(), malformed.close()]);
  }
}

/** The text of one file as it arrives: the header first, then records. */
class DelimitedText {
  readonly #delivered: DeliveredFile;
  readonly #sizes: DelimitedSizes;
  readonly #output: SplitterOutput;
  #head: Buffer = Buffer.alloc(0);
  #body: { readonly header: Header; readonly splitter: RecordSplitter } | undefined;

  constructor(delivered: DeliveredFile, sizes: DelimitedSizes, output: SplitterOutput) {
    this.#delivered = delivered;
    this.#sizes = sizes;
    this.#output = output;
  }

  get hasMark(): boolean {
    return this.#body?.header.hasMark ?? beginsWithMark(this.#head);
  }

  get recordLimit(): string {
    const bytes = this.#sizes.recordLimitBytes;
    return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MB` : `${bytes} bytes`;
  }

  async push(text: Uint8Array): Promise<void> {
    if (this.#body !== undefined) return this.#body.splitter.push(text);
    this.#head = Buffer.concat([this.#head, text]);
    await this.#readHeader(false);
    if (this.#body !== undefined) return;
    if (this.#head.length > this.#sizes.recordLimitBytes) throw new LineTooLong(1);
    if (this.#head.length > HEADER_LIMIT_BYTES)
      throw new BadHeader(1, "is longer than 1 MB", "Have the file exported with a header line.");
  }

  async finish(): Promise<{ readonly header: Header; readonly splitter: RecordSplitter }> {
    if (this.#body === undefined) await this.#readHeader(true);
    if (this.#body === undefined) throw new Error("at its end a file has a header or is refused");
    await this.#body.splitter.finish();
    return this.#body;
  }

  /** Resolves when nothing is being written any more, whether that went well or not. */
  async settled(): Promise<void> {
    await this.#body?.splitter.settled();
  }

  /** Physical lines that have ended in the text so far and in `more` after it. */
  completeLines(more: Uint8Array = new Uint8Array(0)): number {
    return this.#body?.splitter.completeLines(more) ?? countLineBreaks(Buffer.concat([this.#head, more]));
  }

  async #readHeader(last: boolean): Promise<void> {
    const { feed } = this.#delivered;
    const header = readHeader(this.#head, last, feed.quote, feed.separator);
    if (header === undefined) return;
    const options = {
      separator: header.separator,
      quote: feed.quote,
      fields: header.columns.length,
      firstLine: header.lines + 1,
      outputBytes: this.#sizes.outputBytes,
      recordLimitBytes: this.#sizes.recordLimitBytes,
    };
    const splitter = new RecordSplitter(options, this.#output);
    this.#body = { header, splitter };
    await splitter.push(this.#head.subarray(header.next));
  }
}

/** What went wrong, in the words of the person who delivered the file; a defect stays what it is. */
function explained(error: unknown, file: string, text: DelimitedText): unknown {
  const again = "Have the file exported or transferred again.";
  if (error instanceof BadHeader) {
    return new UserError(`${file}:${error.line}: the header line ${error.message}`, error.remedy);
  }
  if (error instanceof InvalidUtf8) {
    return new WrongEncoding(`${file}:${text.completeLines(error.validBytes) + 1}`, "UTF-8", text.hasMark);
  }
  if (error instanceof NotIso885915) return new WrongEncoding(file, "ISO-8859-15", false);
  if (error instanceof LineTooLong) {
    return new UserError(`${file}:${error.line}: this line is longer than ${text.recordLimit}`, again);
  }
  if (error instanceof BrokenGzip) {
    const lines = text.completeLines();
    const what = error.truncated ? "truncated" : "damaged";
    return new UserError(`${file}: the gzip file is ${what}: it stops after ${lines} complete lines`, again);
  }
  return error;
}

function checkDialect({ feedName, feed }: DeliveredFile): void {
  const { separator, quote } = feed;
  if (separator !== undefined && (!isMark(separator) || separator === quote)) {
    throw new UserError(
      `vigie.yaml: feeds.${feedName}.separator: ${JSON.stringify(separator)} cannot separate fields`,
      "A separator is one ASCII character, no letter, digit or line end.",
    );
  }
  if (quote !== "" && (!isMark(quote) || [";", ",", "|", "\t", " "].includes(quote))) {
    throw new UserError(
      `vigie.yaml: feeds.${feedName}.quote: ${JSON.stringify(quote)} cannot quote fields`,
      "A quote is one ASCII character, no letter, digit, blank or separator.",
    );
  }
}

/** One ASCII character that is neither a letter, a digit, `_`, a line end nor NUL. */
function isMark(text: string): boolean {
  return text.length === 1 && text > "\0" && text <= "\u007f" && !/[\w\r\n]/.test(text);
}
