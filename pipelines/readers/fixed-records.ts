/** Thrown when text is not made of records of one length; the message completes "file:line: …". */
export class NotFixed extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** End of file of old systems, left by transfers. */
const CONTROL_Z = "\u001a";

/** Characters in which a line end is looked for. */
const BEGINNING = 4096;

/**
 * Cuts text that arrives in pieces into records of one length. When a line end stands among its first characters,
 * they are lines ending in LF or CR LF, the last of which need not end; blank lines are counted and skipped. Else the
 * records follow each other without line ends, and their number stands for the line.
 */
export class FixedRecords {
  readonly #length: number;
  readonly #take: (record: string, line: number) => void;
  #text = "";
  #inLines: boolean | undefined;

  /** The line, from 1, of the latest record given to `take`, or of the latest blank line. */
  line = 0;

  constructor(length: number, take: (record: string, line: number) => void) {
    this.#length = length;
    this.#take = take;
  }

  /** Takes the next piece of text (whole characters) and gives the records that it completes. Throws NotFixed. */
  push(text: string): void {
    this.#text += text;
    this.#cut(false);
  }

  /** Gives what remains. Throws NotFixed. */
  finish(): void {
    this.#cut(true);
  }

  #cut(last: boolean): void {
    if (this.#inLines === undefined && !this.#decide(last)) return;
    this.#text = this.#text.slice(this.#inLines ? this.#cutLines(last) : this.#cutBlocks(last));
  }

  /** Whether it is known how the records follow each other. */
  #decide(last: boolean): boolean {
    if (this.#text.length < BEGINNING && !last) return false;
    if (this.#text.startsWith("\ufeff")) this.#text = this.#text.slice(1);
    this.#inLines = /[\r\n]/.test(this.#text.slice(0, BEGINNING).trimEnd());
    return true;
  }

  #cutLines(last: boolean): number {
    const text = this.#text;
    let start = 0;
    for (;;) {
      const lineFeed = text.indexOf("\n", start);
      // CR may be followed by LF in the next piece.
      const complete = lineFeed >= 0 || last;
      if (!complete && text.length - start <= this.#length + 1) return start;
      const end = lineFeed >= 0 ? lineFeed : text.length;
      if (start === end && lineFeed < 0) return end;
      this.line++;
      this.#takeLine(text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end));
      start = end + 1;
      if (lineFeed < 0) return end;
    }
  }

  #takeLine(line: string): void {
    if (line === "" || line === CONTROL_Z) return;
    if (line.length > this.#length) {
      throw new NotFixed(this.line, `the line has more than ${this.#length} characters`);
    }
    if (line.length < this.#length) {
      throw new NotFixed(this.line, `the line has ${line.length} characters instead of ${this.#length}`);
    }
    this.#take(line, this.line);
  }

  #cutBlocks(last: boolean): number {
    const text = this.#text;
    let start = 0;
    for (; text.length - start >= this.#length; start += this.#length) {
      const record = text.slice(start, start + this.#length);
      if (last && blank(record)) break;
      this.line++;
      if (/[\r\n]/.test(record)) throw new NotFixed(this.line, "a line end stands inside the record");
      this.#take(record, this.line);
    }
    const rest = text.slice(start);
    if (last && !blank(rest)) {
      this.line++;
      const message = `the last record has ${rest.length} characters instead of ${this.#length}`;
      throw new NotFixed(this.line, message);
    }
    return start;
  }
}

function blank(text: string): boolean {
  return text.replaceAll(CONTROL_Z, "").trim() === "";
}
