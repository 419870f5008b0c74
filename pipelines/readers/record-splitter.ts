import { countLineBreaks, lineBreakLength, nextLineBreak } from "./line-breaks.ts";
import { type MalformedReason, malformedLine } from "./malformed.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUL = 0x00;

/** Thrown when a physical line is longer than the splitter accepts to hold in memory. */
export class LineTooLong extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is too long`);
    this.line = line;
  }
}

/** So many malformed records are held before they are handed over. */
const MALFORMED_HELD = 4096;

/** How a file is cut into records, and what the staged lines look like. */
interface SplitterOptions {
  /** One ASCII character. */
  readonly separator: string;
  /** One ASCII character, or empty when quotes have no meaning. */
  readonly quote: string;
  /** Number of fields of a well-formed record. */
  readonly fields: number;
  /** Physical line at which the text given to `push` begins; the first is 1. */
  readonly firstLine: number;
  /** No record may be longer than this; memory stays within a small multiple of it. */
  readonly recordLimitBytes: number;
  /** Staged bytes are handed over by about so much. */
  readonly outputBytes: number;
}

/** Where the splitter leaves its results, whole lines at a time; the bytes are the callee's until the promise is fulfilled. */
export interface SplitterOutput {
  staged(bytes: Uint8Array): Promise<unknown>;
  malformed(bytes: Uint8Array): Promise<unknown>;
}

/** A record found by the careful path. */
interface Found {
  /** End of the content, without its line end. */
  readonly contentEnd: number;
  /** Where the next record begins. */
  readonly next: number;
  /** Line ends within the content. */
  readonly lineBreaks: number;
  readonly fields: number;
  readonly reason: "bad_quote" | "unterminated_quote" | "nul_byte" | null;
  /** A quote stands inside a field that it does not open: DuckDB would drop blanks before it. */
  readonly hasLiteralQuote: boolean;
}

/** The window ends inside the record, which `openedAt` ≥ 0 says to be inside a quoted field. */
interface Unfinished {
  readonly unfinished: true;
  readonly openedAt: number;
}

/**
 * Cuts UTF-8 text into records and stages each well-formed one as `<line><separator><record>\n`.
 *
 * A record ends at LF, CR LF or CR outside quotes. A quote opens a field only as its first character and is written
 * doubled inside; elsewhere it is a character like any other, and its field is staged in quotes. Blank lines are skipped
 * and counted. A malformed record goes to the other output, as comma-separated text: line, reason, first 200
 * characters. A quote that is closed in a wrong place or never spoils the lines of its record up to the one where it
 * opens; reading resumes on the next line.
 *
 * Lines without quotes are never looked at byte by byte: their end is searched natively, their separators are counted
 * four bytes at a time, and they are copied within one block of memory that holds both input and output.
 */
export class RecordSplitter {
  readonly #options: SplitterOptions;
  readonly #output: SplitterOutput;
  readonly #separator: number;
  readonly #quote: number;

  /** Input window, then two output regions, used in turn. */
  #memory: Buffer;
  #words: Int32Array;
  #inputSize: number;
  #start = 0;
  #end = 0;
  #outputStart: number;
  #outputEnd: number;
  #writing: Promise<unknown> = Promise.resolve();
  #malformedText: string[] = [];
  /** 1 for the bytes that the careful path must look at. */
  readonly #isSpecial = new Uint8Array(256);
  /** No use looking at an unfinished record again before the window holds this many bytes of it. */
  #worthTrying = 0;

  #line: number;
  #prefix: Uint8Array = new Uint8Array(0);

  /** Data records so far, malformed ones included. */
  rowsRead = 0;
  malformedRows = 0;
  /** Bytes of the longest staged line. */
  longestRecord = 0;

  constructor(options: SplitterOptions, output: SplitterOutput) {
    this.#options = options;
    this.#output = output;
    this.#separator = options.separator.charCodeAt(0);
    this.#quote = options.quote === "" ? -1 : options.quote.charCodeAt(0);
    for (const byte of [this.#separator, LINE_FEED, CARRIAGE_RETURN, NUL]) this.#isSpecial[byte] = 1;
    if (this.#quote >= 0) this.#isSpecial[this.#quote] = 1;
    this.#line = options.firstLine;
    this.#inputSize = 0;
    this.#outputStart = 0;
    this.#outputEnd = 0;
    this.#memory = Buffer.alloc(0);
    this.#words = new Int32Array(0);
    this.#allocate(4 * options.outputBytes);
    this.#writePrefix();
  }

  /** Takes the next piece of text (whole characters) and stages the records that it completes. Throws LineTooLong. */
  async push(text: Uint8Array): Promise<void> {
    await this.#makeRoom(text.length);
    this.#memory.set(text, this.#end);
    this.#end += text.length;
    await this.#split(false);
  }

  /** Stages what remains and waits until everything is written. */
  async finish(): Promise<void> {
    await this.#split(true);
    await this.#flush();
    await this.#writing;
  }

  /** Resolves when nothing is being written any more, whether that went well or not. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  /** Physical lines that have ended in the text pushed so far, those before it included, and in `more` after it. */
  completeLines(more: Uint8Array): number {
    const rest = Buffer.concat([this.#memory.subarray(this.#start, this.#end), more]);
    return this.#line - 1 + countLineBreaks(rest);
  }

  #allocate(inputSize: number): void {
    const held = this.#memory.subarray(this.#start, this.#end);
    const size = Math.ceil(inputSize / 4) * 4;
    const memory = Buffer.from(new ArrayBuffer(size + 2 * this.#regionSize(size)));
    memory.set(held, 0);
    this.#memory = memory;
    this.#words = new Int32Array(memory.buffer);
    this.#inputSize = size;
    this.#end -= this.#start;
    this.#start = 0;
    this.#outputStart = size;
    this.#outputEnd = size;
  }

  /** An output region, when all but full, still takes the longest record with its fields put in quotes. */
  #regionSize(inputSize: number): number {
    return 2 * inputSize + 4 * Math.ceil(this.#options.outputBytes / 4) + 64;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const held = this.#end - this.#start;
    if (this.#end + bytes <= this.#inputSize) return;
    if (held + bytes <= this.#inputSize) {
      this.#memory.copyWithin(0, this.#start, this.#end);
      this.#start = 0;
      this.#end = held;
      return;
    }
    await this.#flush();
    await this.#writing;
    this.#allocate(2 * (held + bytes));
  }

  async #split(last: boolean): Promise<void> {
    while (!this.#splitUntilFull(last)) await this.#flush();
  }

  /** Hands the output over and goes on in the other region. */
  async #flush(): Promise<void> {
    await this.#writing;
    const staged = this.#memory.subarray(this.#outputStart, this.#outputEnd);
    const malformed = Buffer.from(this.#malformedText.join(""), "utf8");
    this.#writing = Promise.all([
      staged.length > 0 ? this.#output.staged(staged) : undefined,
      malformed.length > 0 ? this.#output.malformed(malformed) : undefined,
    ]);
    this.#writing.catch(() => {});
    const first = this.#inputSize;
    this.#outputStart = this.#outputStart === first ? first + this.#regionSize(first) : first;
    this.#outputEnd = this.#outputStart;
    this.#malformedText = [];
  }

  #isFull(): boolean {
    const held = this.#outputEnd - this.#outputStart;
    return held >= this.#options.outputBytes || this.#malformedText.length >= MALFORMED_HELD;
  }

  /** Returns false when the output must be flushed first, true when the window holds no further whole record. */
  #splitUntilFull(last: boolean): boolean {
    if (!last && this.#end - this.#start < this.#worthTrying) return true;
    this.#worthTrying = 0;
    const input = this.#memory.subarray(0, this.#end);
    const end = this.#end;
    const find = (byte: number, from: number) => {
      const found = byte < 0 ? -1 : input.indexOf(byte, from);
      return found < 0 ? end : found;
    };
    let position = this.#start;
    let quoteAt = find(this.#quote, position);
    let nulAt = find(NUL, position);
    let returnAt = find(CARRIAGE_RETURN, position);
    while (position < end) {
      if (this.#isFull()) {
        this.#start = position;
        return false;
      }
      const lineFeed = input.indexOf(LINE_FEED, position);
      if (lineFeed >= 0 && quoteAt > lineFeed && nulAt > lineFeed && returnAt >= lineFeed - 1) {
        const contentEnd = Math.min(returnAt, lineFeed);
        if (returnAt < lineFeed) returnAt = find(CARRIAGE_RETURN, lineFeed);
        if (contentEnd > position) this.#plainRecord(position, contentEnd);
        position = lineFeed + 1;
        this.#nextLine();
        continue;
      }
      const found = this.#find(input, position, last);
      if ("unfinished" in found) {
        const resumed = this.#tooLong(input, position, found.openedAt);
        if (resumed < 0) {
          this.#start = position;
          this.#worthTrying = Math.min(2 * (end - position), this.#options.recordLimitBytes + 1);
          return true;
        }
        position = resumed;
      } else {
        position = this.#carefulRecord(position, found);
      }
      if (quoteAt < position) quoteAt = find(this.#quote, position);
      if (nulAt < position) nulAt = find(NUL, position);
      if (returnAt < position) returnAt = find(CARRIAGE_RETURN, position);
    }
    this.#start = position;
    return true;
  }

  /** A record of one line without quotes. */
  #plainRecord(start: number, contentEnd: number): void {
    if (this.#separatorsBetween(start, contentEnd) === this.#options.fields - 1) {
      this.#stage(start, contentEnd);
    } else {
      this.#reject(this.#line, "wrong_field_count", start, contentEnd);
    }
  }

  /** Counts in 32-bit words: each byte of `counts` receives 1 where the word holds a separator. */
  #separatorsBetween(start: number, end: number): number {
    const memory = this.#memory;
    const words = this.#words;
    const separator = this.#separator;
    const pattern = Math.imul(separator, 0x01010101);
    let total = 0;
    let position = start;
    for (; position < end && (position & 3) !== 0; position++) if (memory[position] === separator) total++;
    const lastWord = end >> 2;
    let word = position >> 2;
    while (word < lastWord) {
      const blockEnd = Math.min(lastWord, word + 63);
      let counts = 0;
      for (; word < blockEnd; word++) {
        const differences = (words[word] ?? 0) ^ pattern;
        const low = (differences & 0x7f7f7f7f) + 0x7f7f7f7f;
        counts += ~(low | differences | 0x7f7f7f7f) >>> 7;
      }
      total += Math.imul(counts, 0x01010101) >>> 24;
    }
    for (position = Math.max(position, lastWord << 2); position < end; position++) {
      if (memory[position] === separator) total++;
    }
    return total;
  }

  /** Finds the end of the record that begins at `start`, byte by byte. */
  #find(input: Uint8Array, start: number, last: boolean): Found | Unfinished {
    const end = input.length;
    const separator = this.#separator;
    const quote = this.#quote;
    const isSpecial = this.#isSpecial;
    let position = start;
    let fields = 1;
    let openedAt = -1;
    let hasNul = false;
    let hasLiteralQuote = false;
    let hasLineBreak = false;
    for (;;) {
      if (position < end && input[position] === quote) {
        openedAt = position++;
        for (; ; position++) {
          while (position < end && isSpecial[input[position] ?? 0] === 0) position++;
          if (position >= end) {
            return last ? spoilt(input, start, openedAt, "unterminated_quote", last) : unfinished(openedAt);
          }
          if (input[position] === quote) {
            if (position + 1 >= end && !last) return unfinished(openedAt);
            if (input[position + 1] !== quote) break;
            position++;
          } else if (input[position] === NUL) {
            hasNul = true;
          } else if (input[position] !== separator) {
            hasLineBreak = true;
          }
        }
        const after = input[++position];
        const closesWell =
          position >= end || after === separator || after === LINE_FEED || after === CARRIAGE_RETURN;
        if (!closesWell) return spoilt(input, start, openedAt, "bad_quote", last);
      }
      for (; position < end; position++) {
        const byte = input[position] ?? 0;
        if (isSpecial[byte] === 0) continue;
        if (byte === quote) hasLiteralQuote = true;
        else if (byte === NUL) hasNul = true;
        else break;
      }
      if (position < end && input[position] === separator) {
        fields++;
        position++;
        continue;
      }
      const endsAtReturn = input[position] === CARRIAGE_RETURN && position + 1 >= end;
      if ((position >= end || endsAtReturn) && !last) return unfinished(-1);
      const next = position >= end ? end : position + lineBreakLength(input, position);
      const reason = hasNul ? "nul_byte" : null;
      const lineBreaks = hasLineBreak ? countLineBreaks(input.subarray(start, position)) : 0;
      return { contentEnd: position, next, lineBreaks, fields, reason, hasLiteralQuote };
    }
  }

  /** Stages or rejects; returns where the next record begins. */
  #carefulRecord(start: number, found: Found): number {
    const { contentEnd, next, lineBreaks, fields, reason } = found;
    if (reason === "bad_quote" || reason === "unterminated_quote") {
      this.#reject(this.#line + lineBreaks, reason, start, contentEnd);
    } else if (contentEnd > start) {
      if (reason !== null) this.#reject(this.#line, reason, start, contentEnd);
      else if (fields !== this.#options.fields)
        this.#reject(this.#line, "wrong_field_count", start, contentEnd);
      else if (found.hasLiteralQuote) this.#stageQuoted(start, contentEnd);
      else this.#stage(start, contentEnd);
    }
    this.#line += lineBreaks;
    if (lineBreaks > 0) this.#writePrefix();
    if (next > contentEnd) this.#nextLine();
    return next;
  }

  /**
   * For an unfinished record that fills the window: when a quoted field has swallowed whole lines, rejects the line where
   * it opens and returns where to resume; otherwise throws. Returns -1 while more text may be awaited.
   */
  #tooLong(input: Uint8Array, start: number, openedAt: number): number {
    if (input.length - start <= this.#options.recordLimitBytes) return -1;
    const found = openedAt < 0 ? unfinished(-1) : spoilt(input, start, openedAt, "unterminated_quote", false);
    if ("unfinished" in found) throw new LineTooLong(this.completeLines(new Uint8Array(0)) + 1);
    return this.#carefulRecord(start, found);
  }

  #stage(start: number, contentEnd: number): void {
    const out = this.#writeStagedPrefix();
    this.#memory.copyWithin(out, start, contentEnd);
    this.#endStaged(out + contentEnd - start);
  }

  /** Puts every field in quotes that holds a quote it does not open with. */
  #stageQuoted(start: number, contentEnd: number): void {
    const memory = this.#memory;
    const quote = this.#quote;
    let out = this.#writeStagedPrefix();
    for (let position = start; position <= contentEnd; position++) {
      const fieldStart = position;
      const isQuoted = position < contentEnd && memory[position] === quote;
      if (isQuoted) position = this.#closingQuote(position, contentEnd) + 1;
      while (position < contentEnd && memory[position] !== this.#separator) position++;
      const needsQuotes = !isQuoted && memory.subarray(fieldStart, position).includes(quote);
      if (needsQuotes) memory[out++] = quote;
      for (let source = fieldStart; source < position; source++) {
        const byte = memory[source] ?? 0;
        memory[out++] = byte;
        if (needsQuotes && byte === quote) memory[out++] = quote;
      }
      if (needsQuotes) memory[out++] = quote;
      if (position < contentEnd) memory[out++] = this.#separator;
    }
    this.#endStaged(out);
  }

  /**
   * Position of the quote that closes the field opened at `openedAt`, which is known to be well closed before
   * `contentEnd`: what stands in memory from there on is not of this record.
   */
  #closingQuote(openedAt: number, contentEnd: number): number {
    const content = this.#memory.subarray(0, contentEnd);
    let position = openedAt + 1;
    while (content[position] !== this.#quote || content[position + 1] === this.#quote) {
      position += content[position] === this.#quote ? 2 : 1;
    }
    return position;
  }

  #writeStagedPrefix(): number {
    const memory = this.#memory;
    const prefix = this.#prefix;
    let out = this.#outputEnd;
    for (let index = 0; index < prefix.length; index++) memory[out++] = prefix[index] ?? 0;
    return out;
  }

  #endStaged(out: number): void {
    this.#memory[out] = LINE_FEED;
    this.longestRecord = Math.max(this.longestRecord, out + 1 - this.#outputEnd);
    this.#outputEnd = out + 1;
    this.rowsRead++;
  }

  #reject(line: number, reason: MalformedReason, start: number, contentEnd: number): void {
    const text = this.#memory.toString("utf8", start, Math.min(contentEnd, start + 800));
    this.#malformedText.push(malformedLine(line, reason, text));
    this.rowsRead++;
    this.malformedRows++;
  }

  #nextLine(): void {
    this.#line++;
    const prefix = this.#prefix;
    let digit = prefix.length - 2;
    while (digit >= 0 && prefix[digit] === 0x39) prefix[digit--] = 0x30;
    if (digit < 0) this.#writePrefix();
    else prefix[digit] = (prefix[digit] ?? 0) + 1;
  }

  #writePrefix(): void {
    this.#prefix = Buffer.from(`${this.#line}${this.#options.separator}`, "latin1");
  }
}

function unfinished(openedAt: number): Unfinished {
  return { unfinished: true, openedAt };
}

/** A record whose quote, opened at `openedAt`, has no proper end: it stops with the line of that quote. */
function spoilt(
  input: Uint8Array,
  start: number,
  openedAt: number,
  reason: "bad_quote" | "unterminated_quote",
  last: boolean,
): Found | Unfinished {
  const lineBreak = nextLineBreak(input, openedAt);
  const isCut = lineBreak < 0 || (input[lineBreak] === CARRIAGE_RETURN && lineBreak + 1 === input.length);
  if (isCut && !last) return unfinished(-1);
  const contentEnd = lineBreak < 0 ? input.length : lineBreak;
  const next = lineBreak < 0 ? input.length : lineBreak + lineBreakLength(input, lineBreak);
  const lineBreaks = countLineBreaks(input.subarray(start, contentEnd));
  return { contentEnd, next, lineBreaks, fields: 0, reason, hasLiteralQuote: false };
}
