import { TextDecoder } from "node:util";
import { crc32 } from "node:zlib";
import { SaxesParser } from "saxes";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";

/** Thrown when a workbook cannot be read as a whole; the message completes "inbox/<file>: …". */
export class BadWorkbook extends Error {
  readonly remedy: string;

  constructor(message: string, remedy = "Have the workbook saved and delivered again.") {
    super(message);
    this.remedy = remedy;
  }
}

/** What a workbook may ask of the machine; a file beyond any of these is refused, whatever it declares of itself. */
export const LIMITS = {
  fileBytes: 256 * 2 ** 20,
  entries: 10_000,
  /** Inflated bytes of a part that is read row by row. */
  sheetBytes: 2 ** 31,
  /** Inflated bytes of a part that is held in memory. */
  heldBytes: 256 * 2 ** 20,
  /** Characters of all rows: cells may share one long text, each again. */
  rowCharacters: 2 ** 32,
  /** Inflated bytes for one compressed byte, once a part is larger than `ratioFromBytes`. */
  ratio: 250,
  ratioFromBytes: 32 * 2 ** 20,
  /** Bytes of one XML text, tag or comment. */
  nodeBytes: 16 * 2 ** 20,
  depth: 64,
} as const;

const SAVE_AS = "Have it saved as an Excel workbook (.xlsx), without a password.";

/** What a part's XML is told to; names are without namespace prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** The parts of an .xlsx file, which is a zip file of XML; everything that is read is checked against `LIMITS`. */
export class WorkbookPackage {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws BadWorkbook when the bytes are no zip file, or one that no spreadsheet writes. */
  static async open(bytes: Buffer): Promise<WorkbookPackage> {
    const other = otherKind(bytes);
    if (other !== undefined) throw new BadWorkbook(`is no .xlsx workbook: ${other}`, SAVE_AS);
    try {
      const zip = await fromBufferPromise(bytes, { lazyEntries: true });
      if (zip.entryCount > LIMITS.entries) {
        throw new BadWorkbook(`holds ${zip.entryCount} parts, more than the ${LIMITS.entries} accepted`);
      }
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        const name = entry.fileName.toLowerCase();
        if (entries.has(name)) throw new BadWorkbook(`holds the part ${entry.fileName} twice`);
        entries.set(name, entry);
      }
      return new WorkbookPackage(zip, entries);
    } catch (error) {
      throw zipFault(error, "the zip file");
    }
  }

  has(part: string): boolean {
    return this.#entries.has(part.toLowerCase());
  }

  /**
   * Parses one part from its beginning to its end; `afterChunk` is awaited after every piece of it.
   *
   * @throws BadWorkbook when the part is missing, damaged, larger than `maximum` bytes, or not plain XML in UTF-8.
   */
  async parse(
    part: string,
    maximum: number,
    handler: XmlHandler,
    afterChunk: () => Promise<void> = async () => {},
  ): Promise<void> {
    const parser = new PlainXml(part, handler);
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const chunk of this.#inflated(part, maximum)) {
      parser.write(decoded(decoder, chunk, part));
      await afterChunk();
    }
    parser.write(decoded(decoder, undefined, part));
    parser.close();
    await afterChunk();
  }

  /** The bytes of a part, its size and checksum proven once the last one is given. */
  async *#inflated(part: string, maximum: number): AsyncGenerator<Buffer, void, void> {
    const entry = this.#entries.get(part.toLowerCase());
    if (entry === undefined) throw new BadWorkbook(`lacks its part ${part}`);
    if (entry.isEncrypted()) throw new BadWorkbook(`has an encrypted part ${part}`, SAVE_AS);
    const { uncompressedSize: size, compressedSize } = entry;
    if (size > maximum) throw new BadWorkbook(`has a part ${part} of ${size} bytes, which is too large`);
    if (size > LIMITS.ratioFromBytes && size > LIMITS.ratio * compressedSize) {
      throw new BadWorkbook(`has a part ${part} that swells from ${compressedSize} to ${size} bytes`);
    }
    let checksum = 0;
    try {
      const stream = await this.#zip.openReadStreamPromise(entry);
      for await (const chunk of stream) {
        checksum = crc32(chunk, checksum);
        yield chunk;
      }
    } catch (error) {
      throw zipFault(error, `the part ${part}`);
    }
    if (checksum !== entry.crc32) throw new BadWorkbook(`is damaged: the part ${part} fails its checksum`);
  }
}

/** What the bytes are when they are no zip file. */
function otherKind(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return "it is empty";
  if (bytes.subarray(0, 2).toString("latin1") === "PK") return undefined;
  if (bytes.subarray(0, 4).toString("hex") === "d0cf11e0") {
    const isEncrypted = bytes.includes(Buffer.from("EncryptedPackage", "utf16le"));
    return isEncrypted ? "it is protected by a password" : "it is in the old Excel format (.xls)";
  }
  const start = bytes.subarray(0, 200).toString("latin1").trimStart();
  if (/^(\xef\xbb\xbf)?<(!doctype html|html|table|\?xml)/i.test(start)) return "it is HTML or XML";
  return `it begins with ${JSON.stringify(start.slice(0, 20))}`;
}

/** An error of the zip library, in our words; its own messages tell what is damaged. */
function zipFault(error: unknown, what: string): unknown {
  if (error instanceof BadWorkbook || !(error instanceof Error)) return error;
  return new BadWorkbook(`is damaged: ${what} cannot be read: ${error.message}`);
}

function decoded(decoder: TextDecoder, chunk: Buffer | undefined, part: string): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new BadWorkbook(`is damaged: the part ${part} is not in UTF-8`);
  }
}

/** XML without document type, without entities of its own, of bounded depth and with bounded texts. */
class PlainXml {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  /** Characters since anything was told to the handler: the text or tag that the parser holds. */
  #held = 0;
  #depth = 0;
  readonly #part: string;

  constructor(part: string, handler: XmlHandler) {
    this.#part = part;
    const parser = this.#parser;
    parser.on("error", (error) => {
      throw new BadWorkbook(`is damaged: the part ${part} is not well-formed XML: ${error.message}`);
    });
    parser.on("doctype", () => {
      throw new BadWorkbook(`has a part ${part} that declares a document type, which no spreadsheet writes`);
    });
    parser.on("xmldecl", ({ encoding }) => {
      if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
        throw new BadWorkbook(`has a part ${part} in ${encoding} and not in UTF-8`);
    });
    parser.on("opentag", ({ name, attributes }) => {
      this.#held = 0;
      this.#depth++;
      if (this.#depth > LIMITS.depth)
        throw new BadWorkbook(`has a part ${part} of more than ${LIMITS.depth} levels`);
      handler.open(localName(name), attributes);
    });
    parser.on("closetag", ({ name }) => {
      this.#held = 0;
      this.#depth--;
      handler.close(localName(name));
    });
    parser.on("text", (text) => handler.text(text));
    parser.on("cdata", (text) => handler.text(text));
  }

  write(text: string): void {
    this.#held += text.length;
    this.#parser.write(text);
    if (this.#held > LIMITS.nodeBytes + text.length)
      throw new BadWorkbook(`has a part ${this.#part} with one text or tag of more than 16 MB`);
  }

  close(): void {
    this.#parser.close();
  }
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}
