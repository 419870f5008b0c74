import { isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

/** What delimited text says, found in the plainest way, for tests to hold the readers to. */
export interface PlainText {
  readonly header: readonly string[];
  /** `[line, ...cells]`; an empty cell is null. */
  readonly rows: readonly (readonly [line: number, ...cells: (string | null)[]])[];
  /** `[line, reason]`. */
  readonly malformed: readonly (readonly [line: number, reason: string])[];
}

/** The text of bytes in UTF-8, else in ISO-8859-15 if that is asked for and possible, else in Windows-1252. */
export function plainDecoded(bytes: Uint8Array, mayBeIso: boolean): string {
  if (isUtf8(bytes)) return new TextDecoder("utf-8").decode(bytes);
  const isIso = mayBeIso && !bytes.some((byte) => byte >= 0x80 && byte <= 0x9f);
  const text = iconv.decode(Buffer.from(bytes), isIso ? "iso-8859-15" : "windows-1252", { stripBOM: false });
  // One character a byte; what Windows-1252 leaves undefined is a control character.
  return text.replaceAll("\ufffd", (_, at: number) => String.fromCharCode(bytes[at] ?? 0));
}

interface PlainRecord {
  readonly fields: readonly string[];
  readonly end: number;
  /** Where the quote stands that spoils it. */
  readonly spoilt: { readonly at: number; readonly reason: string } | undefined;
}

/** Cuts a text, character by character, as `readDelimited` promises to; undefined when it has no header. */
export function plainRead(text: string, separator: string, quote: string): PlainText | undefined {
  let header: readonly string[] | undefined;
  const rows: PlainText["rows"][number][] = [];
  const malformed: PlainText["malformed"][number][] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const blank = lineEnd(text, at);
    if (blank > 0) {
      at += blank;
      line++;
      continue;
    }
    const { fields, end, spoilt } = plainRecord(text, at, separator, quote);
    const content = text.slice(at, end);
    const inside = lineEnds(content);
    if (header === undefined) {
      if (spoilt !== undefined) return undefined;
      header = fields;
    } else if (spoilt !== undefined) {
      malformed.push([line + lineEnds(text.slice(at, spoilt.at)), spoilt.reason]);
    } else if (content.includes("\0")) {
      malformed.push([line, "nul_byte"]);
    } else if (fields.length !== header.length) {
      malformed.push([line, "wrong_field_count"]);
    } else {
      // DuckDB's client drops a mark at the beginning of a text that it hands over.
      rows.push([line, ...fields.map((field) => (field === "" ? null : field.replace(/^\ufeff/, "")))]);
    }
    line += inside + 1;
    at = end + lineEnd(text, end);
    if (end >= text.length) break;
  }
  return header === undefined ? undefined : { header, rows, malformed };
}

function plainRecord(text: string, start: number, separator: string, quote: string): PlainRecord {
  const fields: string[] = [];
  const spoilt = (at: number, reason: string): PlainRecord => {
    let end = at;
    while (end < text.length && lineEnd(text, end) === 0) end++;
    return { fields, end, spoilt: { at, reason } };
  };
  for (let at = start; ; at++) {
    let field = "";
    if (quote !== "" && text[at] === quote) {
      const opened = at++;
      for (;;) {
        const closing = text.indexOf(quote, at);
        if (closing < 0) return spoilt(opened, "unterminated_quote");
        field += text.slice(at, closing);
        at = closing + 1;
        if (text[at] !== quote) break;
        field += quote;
        at++;
      }
      if (at < text.length && text[at] !== separator && lineEnd(text, at) === 0)
        return spoilt(opened, "bad_quote");
    } else {
      while (at < text.length && text[at] !== separator && lineEnd(text, at) === 0) field += text[at++];
    }
    fields.push(field);
    if (text[at] !== separator) return { fields, end: at, spoilt: undefined };
  }
}

/** Length of the line end at this place: 0, 1 or 2. */
function lineEnd(text: string, at: number): number {
  if (text[at] === "\n") return 1;
  if (text[at] !== "\r") return 0;
  return text[at + 1] === "\n" ? 2 : 1;
}

function lineEnds(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}
