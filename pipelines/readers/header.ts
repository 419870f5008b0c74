import { columnNameFault } from "./column-names.ts";
import { lineBreakLength, nextLineBreak } from "./line-breaks.ts";

/** The header line of a delimited file. */
export interface Header {
  /** Trimmed names. */
  readonly columns: readonly string[];
  readonly separator: string;
  /** Position of the first byte after the header line. */
  readonly next: number;
  /** Physical lines up to there. */
  readonly lines: number;
  /** The file begins with the byte order mark of UTF-8. */
  readonly hasMark: boolean;
}

/** Thrown when a file has no usable header; the message completes "the header line …". */
export class BadHeader extends Error {
  readonly line: number;
  readonly remedy: string;

  constructor(line: number, message: string, remedy: string) {
    super(message);
    this.line = line;
    this.remedy = remedy;
  }
}

const CANDIDATES = [";", ",", "\t", "|"];

/** Windows-1252 text of the byte order marks of UTF-8 and UTF-16, which only a wrong encoding lets through. */
const FOREIGN_MARKS = new Map([
  ["\u00ef\u00bb\u00bf", "UTF-8"],
  ["\u00ff\u00fe", "UTF-16"],
  ["\u00fe\u00ff", "UTF-16"],
]);

/**
 * Reads the header from the beginning of a file in UTF-8: its first line that is not blank, without byte order mark. When no
 * `separator` is declared, it is the most frequent of `;` `,` tab `|` outside quotes. Returns undefined when `bytes` does
 * not hold the whole line yet; never so when `last`, which says that the file has no more.
 *
 * @throws BadHeader
 */
export function readHeader(
  bytes: Buffer,
  last: boolean,
  quote: string,
  separator: string | undefined,
): Header | undefined {
  const hasMark = beginsWithMark(bytes);
  let start = hasMark ? 3 : 0;
  let lines = 1;
  while (start < bytes.length && nextLineBreak(bytes, start) === start) {
    start += lineBreakLength(bytes, start);
    lines++;
  }
  const candidates = separator === undefined ? CANDIDATES : [separator];
  const end = headerEnd(bytes, start, quote, candidates);
  const mayGoOn = end.position >= bytes.length - 1 && bytes[end.position] !== 0x0a;
  if (mayGoOn && !last) return undefined;
  if (start >= bytes.length) {
    throw new BadHeader(
      lines,
      "is missing: the file is empty",
      "Have the file exported again, or take it out of inbox/.",
    );
  }
  if (end.fault !== undefined) throw new BadHeader(lines, end.fault, "Have the header line corrected.");
  const chosen = separator ?? mostFrequent(end.counts, lines);
  const text = bytes.toString("utf8", start, end.position);
  const [foreign] = [...FOREIGN_MARKS].filter(([mark]) => text.startsWith(mark));
  if (foreign !== undefined) {
    throw new BadHeader(
      lines,
      `begins with the byte order mark of ${foreign[1]}, which is not the encoding read`,
      "Have the file exported in UTF-8, and declare encoding: auto.",
    );
  }
  const columns = splitFields(text, chosen, quote).map((name) => name.trim());
  const fault = columnNameFault(columns);
  if (fault !== undefined) throw new BadHeader(lines, fault.message, fault.remedy);
  const breakLength = end.position < bytes.length ? lineBreakLength(bytes, end.position) : 0;
  const innerLines = text.split(/\r\n|\r|\n/).length - 1;
  return { columns, separator: chosen, next: end.position + breakLength, lines: lines + innerLines, hasMark };
}

/** Whether the text begins with the byte order mark of UTF-8. */
export function beginsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

interface HeaderEnd {
  readonly position: number;
  /** What is wrong with its quotes, if anything. */
  readonly fault: string | undefined;
  /** How often each candidate separator stands outside quotes. */
  readonly counts: ReadonlyMap<string, number>;
}

function headerEnd(bytes: Buffer, start: number, quote: string, candidates: readonly string[]): HeaderEnd {
  const counts = new Map(candidates.map((candidate) => [candidate, 0]));
  let atFieldStart = true;
  let quoted = false;
  let closedAt = -1;
  let hasStray = false;
  let position = start;
  for (; position < bytes.length; position++) {
    const character = String.fromCharCode(bytes[position] ?? 0);
    if (quoted) {
      quoted = character !== quote;
      closedAt = position;
      continue;
    }
    if (character === "\n" || character === "\r") break;
    const count = counts.get(character);
    const follows = closedAt === position - 1 && position > start;
    if (count !== undefined) counts.set(character, count + 1);
    // A doubled quote is one that closes and opens again.
    else if (character === quote && (atFieldStart || follows)) quoted = true;
    else if (follows) hasStray = true;
    atFieldStart = count !== undefined;
  }
  const stray = hasStray ? "has text after a closing quote" : undefined;
  return { position, fault: quoted ? "opens a quote and never closes it" : stray, counts };
}

function mostFrequent(counts: ReadonlyMap<string, number>, line: number): string {
  const [[first, most] = [";", 0], [second, next] = [",", 0]] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most > 0 && most === next) {
    const names = `${JSON.stringify(first)} as often as ${JSON.stringify(second)}`;
    throw new BadHeader(
      line,
      `holds ${names}: its separator is uncertain`,
      "Declare the feed's separator in vigie.yaml.",
    );
  }
  return first;
}

function splitFields(text: string, separator: string, quote: string): string[] {
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    let field = "";
    if (quote !== "" && text[position] === quote) {
      for (position++; position < text.length; position++) {
        if (text[position] === quote && text[++position] !== quote) break;
        field += text[position];
      }
    }
    while (position < text.length && text[position] !== separator) field += text[position++];
    fields.push(field);
    if (position >= text.length) return fields;
    position++;
  }
}
