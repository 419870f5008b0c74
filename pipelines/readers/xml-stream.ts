import { SaxesParser, type SaxesTagNS } from "saxes";
import { UserError } from "../user-error.ts";
import { BrokenGzip, DeliveredBytes } from "./delivered-bytes.ts";
import type { DeliveredFile, StagedFile, TextEncoding } from "./reader.ts";
import { StagedRows } from "./staged-rows.ts";
import { chunkDecoder, InvalidUtf8, NotIso885915 } from "./text-encoding.ts";

/** What is read of an element; whatever is not named in it is passed over. */
export interface XmlShape {
  /** The name under which its text is kept, in the innermost record around it. */
  readonly text?: string;
  /** Attributes that are kept, each under a name, in the innermost record around the element. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The element is a record of this name, told when it opens and when it closes. */
  readonly record?: string;
  /** By local name, in the namespace of the document. */
  readonly children?: Readonly<Record<string, XmlShape>>;
}

/** An element that is a record, with what has been read of it so far. */
export class XmlRecord {
  readonly name: string;
  /** Line on which the element starts. */
  readonly line: number;
  readonly #texts = new Map<string, string[]>();
  /** Characters kept. */
  length = 0;

  constructor(name: string, line: number) {
    this.name = name;
    this.line = line;
  }

  /** The texts kept under a name, in the order of the file; none is empty. */
  all(name: string): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** The first of them, or null. */
  first(name: string): string | null {
    return this.#texts.get(name)?.[0] ?? null;
  }

  keep(name: string, text: string): void {
    this.length += text.length;
    const kept = this.#texts.get(name);
    if (kept === undefined) this.#texts.set(name, [text]);
    else kept.push(text);
  }
}

/** What a reader does with the records of one file, in the order in which they open and close. */
export interface XmlHandler {
  open(record: XmlRecord): void;
  close(record: XmlRecord): void;
}

/** What the handler of one file writes to and refuses with. */
export interface XmlTarget {
  readonly rows: Pick<StagedRows, "push">;
  /** An error to throw: the file is refused, for what stands on this line. */
  refusal(line: number, message: string): UserError;
}

/** A format made of XML messages. */
export interface XmlFormat {
  readonly columns: readonly string[];
  /** The shape of `Document` by the message and version that its namespace names, such as "camt.053.001.02". */
  readonly versions: Readonly<Record<string, XmlShape>>;
  /** A new handler for one file. */
  handler(target: XmlTarget): XmlHandler;
}

/** How much is held in memory; tests make these small. */
export interface XmlSizes {
  readonly chunkBytes: number;
  /** The most characters accepted from one tag to the next, in one text and in one record. */
  readonly tokenLimit: number;
}

const SIZES: XmlSizes = { chunkBytes: 64 * 1024, tokenLimit: 1024 * 1024 };

/** No message of ISO 20022 is half as deep. */
const DEPTH_LIMIT = 64;

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";

const AGAIN = "Have the bank send the file again; what was edited by hand is no bank file.";

/** Encodings that an XML declaration may name, in lower case. */
const ENCODINGS = new Map<string, TextEncoding>([
  ["utf-8", "utf-8"],
  ["utf8", "utf-8"],
  ["us-ascii", "utf-8"],
  ["ascii", "utf-8"],
  ["iso-8859-1", "windows-1252"],
  ["iso_8859-1", "windows-1252"],
  ["latin1", "windows-1252"],
  ["iso-8859-15", "iso-8859-15"],
  ["windows-1252", "windows-1252"],
  ["cp1252", "windows-1252"],
]);

/** The XML declaration stands within the first bytes. */
const DECLARATION_BYTES = 1024;

/**
 * Reads a file of ISO 20022 messages piece by piece, in memory that does not grow with the file: each `Document`, also
 * inside an envelope, is read by the shape that its namespace calls for, whatever the prefix. Texts are trimmed, line
 * breaks inside them are one space, and empty ones do not exist. UTF-8, and the Latin encodings that a declaration names.
 *
 * @throws UserError naming file and line: no well-formed XML 1.0, a document type or entity declaration, a message or
 *   version that the format does not read, another encoding or bytes that are not in it, elements nested more than
 *   64 deep, more than a million characters between two tags or in one record, truncated or corrupt gzip, or what the handler refuses.
 */
export async function readXml(
  delivered: DeliveredFile,
  stagingFolder: string,
  format: XmlFormat,
  sizes: XmlSizes = SIZES,
): Promise<StagedFile> {
  const { fileId, feedName } = delivered;
  const file = `inbox/${delivered.file}`;
  const source = new DeliveredBytes(delivered.path, sizes.chunkBytes);
  const rows = new StagedRows(delivered, stagingFolder, format.columns.length);
  const refusal = (line: number, message: string) => new UserError(`${file}:${line}: ${message}`, AGAIN);
  const messages = new Messages(format, { rows, refusal }, sizes.tokenLimit);
  const text = new XmlText((line, message) => refusal(line, message));
  try {
    for await (const chunk of source.chunks()) {
      messages.write(text.decode(chunk));
      await rows.drain();
    }
    messages.write(text.end());
    if (source.bytes === 0) throw new UserError(`${file} is empty`, AGAIN);
    messages.finish();
    return {
      fileId,
      feedName,
      file: delivered.file,
      bytes: source.bytes,
      sha256: source.sha256(),
      encoding: text.encoding,
      columns: format.columns,
      ...(await rows.finish()),
    };
  } catch (error) {
    if (error instanceof InvalidUtf8) throw refusal(messages.line, "bytes that are not UTF-8 follow");
    if (error instanceof NotIso885915) throw refusal(messages.line, "bytes that are not ISO-8859-15 follow");
    if (error instanceof BrokenGzip) {
      const what = error.truncated ? "truncated" : "damaged";
      throw refusal(messages.line, `the gzip file is ${what}: it stops after this line`);
    }
    throw error;
  } finally {
    await rows.close();
  }
}

/** The characters of the file, in the encoding that it declares. */
class XmlText {
  readonly #refusal: (line: number, message: string) => UserError;
  #head: Buffer = Buffer.alloc(0);
  #decoder: ReturnType<typeof chunkDecoder> | undefined;

  /** That of the declaration, once it has been read. */
  encoding: TextEncoding = "utf-8";

  constructor(refusal: (line: number, message: string) => UserError) {
    this.#refusal = refusal;
  }

  /** What the chunk adds to the text: nothing while the declaration is not known. */
  decode(chunk: Uint8Array): string {
    if (this.#decoder !== undefined) return textOf(this.#decoder.decode(chunk));
    this.#head = Buffer.concat([this.#head, chunk]);
    return this.#head.length < DECLARATION_BYTES ? "" : this.#begin().text;
  }

  /** What remains. Throws InvalidUtf8 when the last character is cut. */
  end(): string {
    if (this.#decoder !== undefined) {
      this.#decoder.end();
      return "";
    }
    const { decoder, text } = this.#begin();
    decoder.end();
    return text;
  }

  #begin() {
    const head = this.#head.toString("latin1", 0, DECLARATION_BYTES);
    const declaration = /^(?:\u00ef\u00bb\u00bf)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head);
    const isUtf16 = /^(?:\u00ff\u00fe|\u00fe\u00ff|<\0|\0<)/.test(head);
    const declared = isUtf16 ? "UTF-16" : (declaration?.[1] ?? "UTF-8");
    const encoding = ENCODINGS.get(declared.toLowerCase());
    if (encoding === undefined) {
      throw this.#refusal(
        1,
        `the file is in ${declared}; UTF-8, ISO-8859-1 or -15 and Windows-1252 are read`,
      );
    }
    this.encoding = encoding;
    const decoder = chunkDecoder(encoding);
    this.#decoder = decoder;
    return { decoder, text: textOf(decoder.decode(this.#head)) };
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

/** An element that is open; without shape it is passed over, with all that it holds. */
interface OpenElement {
  readonly shape: XmlShape | undefined;
  readonly record: XmlRecord | undefined;
}

/** The messages of one file, as their tags come. */
class Messages {
  readonly #format: XmlFormat;
  readonly #target: XmlTarget;
  readonly #tokenLimit: number;
  readonly #handler: XmlHandler;
  readonly #parser = new SaxesParser({ xmlns: true, defaultXMLVersion: "1.0", forceXMLVersion: true });
  readonly #open: OpenElement[] = [];
  readonly #records: XmlRecord[] = [];
  #namespace = "";
  /** Its shape, while one is open. */
  #document: XmlShape | undefined;
  #documents = 0;
  #text = "";
  /** Characters given to the parser, and those up to the latest tag or text. */
  #written = 0;
  #latest = 0;
  /** The line on which what comes next begins. */
  line = 1;

  constructor(format: XmlFormat, target: XmlTarget, tokenLimit: number) {
    this.#format = format;
    this.#target = target;
    this.#tokenLimit = tokenLimit;
    this.#handler = format.handler(target);
    const parser = this.#parser;
    parser.on("doctype", () => this.#event(() => this.#refuseDoctype()));
    parser.on("opentag", (tag) => this.#event(() => this.#openTag(tag)));
    parser.on("closetag", () => this.#event(() => this.#closeTag()));
    parser.on("text", (text) => this.#event(() => this.#takeText(text)));
    parser.on("cdata", (text) => this.#event(() => this.#takeText(text)));
    parser.on("comment", () => this.#event(() => {}));
    parser.on("processinginstruction", () => this.#event(() => {}));
    parser.on("error", ({ message }) => {
      const [, told = message] = /^[0-9]+:[0-9]+: (.*?)\.?$/s.exec(message) ?? [];
      throw this.#target.refusal(parser.line, `no well-formed XML: ${told}`);
    });
  }

  write(text: string): void {
    this.#parser.write(text);
    // Between two pieces the position of the parser is not to be relied on.
    this.#written += text.length;
    if (this.#written - this.#latest > this.#tokenLimit) throw this.#tooLong();
  }

  finish(): void {
    this.#parser.close();
    if (this.#documents > 0) return;
    throw this.#target.refusal(1, "no element Document of ISO 20022 stands in the file");
  }

  #event(take: () => void): void {
    const { position, line } = this.#parser;
    if (position - this.#latest > this.#tokenLimit) throw this.#tooLong();
    take();
    this.#latest = position;
    this.line = line;
  }

  #tooLong(): UserError {
    return this.#target.refusal(
      this.line,
      `more than ${this.#tokenLimit} characters stand here in one text, tag or record`,
    );
  }

  #refuseDoctype(): never {
    throw this.#target.refusal(this.line, "a document type declaration (DOCTYPE) is not accepted");
  }

  #openTag(tag: SaxesTagNS): void {
    if (this.#open.length >= DEPTH_LIMIT) {
      throw this.#target.refusal(this.line, `elements are nested more than ${DEPTH_LIMIT} deep`);
    }
    const shape = this.#shapeOf(tag);
    const record = shape?.record === undefined ? undefined : new XmlRecord(shape.record, this.line);
    this.#open.push({ shape, record });
    this.#text = "";
    if (record !== undefined) {
      this.#records.push(record);
      this.#handler.open(record);
    }
    if (shape?.attributes === undefined) return;
    for (const [attribute, name] of Object.entries(shape.attributes)) {
      this.#keep(name, tag.attributes[attribute]?.value ?? "");
    }
  }

  #shapeOf(tag: SaxesTagNS): XmlShape | undefined {
    const parent = this.#open.at(-1)?.shape;
    if (parent === undefined) {
      const begins = this.#document === undefined && tag.local === "Document";
      return begins ? this.#begin(tag.uri) : undefined;
    }
    const { children } = parent;
    if (children === undefined || tag.uri !== this.#namespace) return undefined;
    return Object.hasOwn(children, tag.local) ? children[tag.local] : undefined;
  }

  #begin(namespace: string): XmlShape {
    const message = namespace.startsWith(NAMESPACE) ? namespace.slice(NAMESPACE.length) : namespace;
    const { versions } = this.#format;
    const shape = Object.hasOwn(versions, message) ? versions[message] : undefined;
    if (shape === undefined || message === namespace) {
      const known = Object.keys(versions).join(", ");
      const said = JSON.stringify(message.slice(0, 100));
      throw this.#target.refusal(
        this.line,
        `the namespace of Document says ${said}, which is none of ${known}`,
      );
    }
    this.#namespace = namespace;
    this.#documents++;
    this.#document = shape;
    return shape;
  }

  #closeTag(): void {
    const closed = this.#open.pop();
    if (closed?.shape === this.#document) this.#document = undefined;
    if (closed?.shape?.text !== undefined) this.#keep(closed.shape.text, this.#text);
    this.#text = "";
    if (closed?.record === undefined) return;
    this.#records.pop();
    this.#handler.close(closed.record);
  }

  #takeText(text: string): void {
    if (this.#open.at(-1)?.shape?.text === undefined) return;
    this.#text += text;
    if (this.#text.length > this.#tokenLimit) throw this.#tooLong();
  }

  #keep(name: string, text: string): void {
    const kept = text.trim().replace(/\s*[\n\r\t]\s*/g, " ");
    const holder = this.#records.at(-1);
    if (kept === "" || holder === undefined) return;
    holder.keep(name, kept);
    if (holder.length > this.#tokenLimit) throw this.#tooLong();
  }
}

/** The shape of an element that only holds others. */
export function group(children: Readonly<Record<string, XmlShape>>): XmlShape {
  return { children };
}

/** The shape of an element that is a record. */
export function record(name: string, children: Readonly<Record<string, XmlShape>>): XmlShape {
  return { record: name, children };
}

/** The shape of an element whose text is kept under a name. */
export function text(name: string): XmlShape {
  return { text: name };
}

/** The shape of an amount: its text is kept under a name, its currency under `<name>_currency`. */
export function amount(name: string): XmlShape {
  return { text: name, attributes: { Ccy: `${name}_currency` } };
}

/** A reference of a payment, null when it says that there is none. */
export function referenceOf(written: string | null): string | null {
  return written === "NOTPROVIDED" ? null : written;
}

/** The day of "2024-01-31", "2024-01-31+01:00" or "2024-01-31T12:00:00"; other text passes through. */
export function dayOf(moment: string | null): string | null {
  return moment?.replace(/^(\d{4}-\d{2}-\d{2})(?:T.*|Z|[+-]\d{2}:\d{2})$/, "$1") ?? null;
}
