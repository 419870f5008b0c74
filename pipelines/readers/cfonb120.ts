import { UserError } from "../user-error.ts";
import { BrokenGzip, DeliveredBytes } from "./delivered-bytes.ts";
import { amountText, type ExactAmount, exactAmount } from "./exact-amount.ts";
import { FixedRecords, NotFixed } from "./fixed-records.ts";
import type { DeliveredFile, StagedFile, TextEncoding } from "./reader.ts";
import { StagedRows } from "./staged-rows.ts";
import { chunkDecoder, InvalidUtf8 } from "./text-encoding.ts";

/** How much is held in memory; tests make these small. */
export interface Cfonb120Sizes {
  readonly chunkBytes: number;
  /** The most records accepted between an old balance and its new balance: so many are held. */
  readonly statementRecords: number;
}

const SIZES: Cfonb120Sizes = { chunkBytes: 512 * 1024, statementRecords: 2_000_000 };

const RECORD_LENGTH = 120;

/** The qualifiers of records 05 that have a column of their own, `detail_<qualifier>`. */
const QUALIFIERS = [
  "LIB",
  "NPY",
  "IPY",
  "NBE",
  "IBE",
  "LCC",
  "RCN",
  "REF",
  "MMO",
  "LC2",
  "LCS",
  "RUM",
  "CPY",
  "CBE",
  "RET",
];

/** The columns of the view of a feed in `format: cfonb120`. */
export const CFONB120_COLUMNS: readonly string[] = [
  "bank_code",
  "branch_code",
  "account",
  "currency",
  "opened_on",
  "closed_on",
  "opening_balance",
  "closing_balance",
  "operation_code",
  "internal_code",
  "reason_code",
  "booked_on",
  "value_on",
  "label",
  "entry_number",
  "reference",
  "amount",
  ...QUALIFIERS.map((qualifier) => `detail_${qualifier.toLowerCase()}`),
  "detail_other",
];

/**
 * Reads account statements in CFONB 120 (a Reader): one row a movement, with the balances of its statement and its
 * complements. The layout is that of the brochure "Relevé de compte sur support informatique" (CFONB, July 2004), with
 * the complements of "Évolutions du relevé de compte 120 caractères" (2007, 2010). Places count from 1:
 *
 * | places  | 01 old and 07 new balance  | 04 movement                | 05 complement        |
 * | ------- | -------------------------- | -------------------------- | -------------------- |
 * | 1–2     | 01 or 07                   | 04                         | 05                   |
 * | 3–7     | bank                       | bank                       | bank                 |
 * | 8–11    |                            | the bank's own code        | the same             |
 * | 12–16   | branch                     | branch                     | branch               |
 * | 17–20   | currency, its decimals 0–4 | currency, its decimals 0–4 | the same, or blank   |
 * | 22–32   | account                    | account                    | account              |
 * | 33–34   |                            | interbank operation code   | the same             |
 * | 35–40   | day of the balance, ddmmyy | day booked                 | the same             |
 * | 41–48   |                            | 41 reason, 43 value day    | 46 qualifier         |
 * | 49–90   |                            | 49–79 label, 82–88 number  | 49–118 text          |
 * | 91–104  | amount                     | amount                     |                      |
 * | 105–120 |                            | reference                  |                      |
 *
 * Records are lines ending in LF or CR LF, or stand one after the other without line ends; then `line` is the number of
 * the record. The text is ASCII, Windows-1252 or UTF-8. The last character of an amount is its last digit and its sign:
 * `{` and A to I are +0 to +9, `}` and J to R are −0 to −9, received positive. Years 70 to 99 are of the 1900s, 00 to 69
 * of the 2000s. A day that does not exist stays as it is delivered, and a value day of zeros is null.
 *
 * Repeats of one qualifier are joined by a space; complements without a column of their own stand in `detail_other`, each
 * as its qualifier, a space and its text, joined by ` | `. Blanks before a complement's text and inside it are kept: some
 * are made of two halves of 35 characters.
 *
 * @throws UserError naming file and line, for the file as a whole: a balance that is not the old one plus the movements,
 *   or not the new balance of the same account's statement before it; a record of another length or kind, or out of
 *   its place; an amount, or the day of a balance, that cannot be read; a movement or complement of another account,
 *   currency or operation; truncated or corrupt gzip; a statement of more than two million records.
 */
export async function readCfonb120(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: Cfonb120Sizes = SIZES,
): Promise<StagedFile> {
  try {
    return await stage(delivered, stagingFolder, sizes, "utf-8");
  } catch (error) {
    if (!(error instanceof InvalidUtf8)) throw error;
    return await stage(delivered, stagingFolder, sizes, "windows-1252");
  }
}

const AGAIN = "Have the bank send the statements again; what was edited by hand is no statement.";

async function stage(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: Cfonb120Sizes,
  encoding: TextEncoding,
): Promise<StagedFile> {
  const { fileId, feedName } = delivered;
  const file = `inbox/${delivered.file}`;
  const source = new DeliveredBytes(delivered.path, sizes.chunkBytes);
  const rows = new StagedRows(delivered, stagingFolder, CFONB120_COLUMNS.length);
  const statements = new Statements(file, rows, sizes.statementRecords);
  const records = new FixedRecords(RECORD_LENGTH, (text, line) => statements.take(text, line));
  try {
    const decoder = chunkDecoder(encoding);
    for await (const chunk of source.chunks()) {
      records.push(Buffer.from(decoder.decode(chunk)).toString("utf8"));
      await rows.drain();
    }
    decoder.end();
    records.finish();
    statements.finish(records.line);
    return {
      fileId,
      feedName,
      file: delivered.file,
      bytes: source.bytes,
      sha256: source.sha256(),
      encoding,
      columns: CFONB120_COLUMNS,
      ...(await rows.finish()),
    };
  } catch (error) {
    throw explained(error, file, records.line);
  } finally {
    await rows.close();
  }
}

/** What went wrong, in the words of the person who delivered the file; a defect stays what it is. */
function explained(error: unknown, file: string, line: number): unknown {
  if (error instanceof NotFixed) return new UserError(`${file}:${error.line}: ${error.message}`, AGAIN);
  if (error instanceof BrokenGzip) {
    const what = error.truncated ? "truncated" : "damaged";
    return new UserError(`${file}: the gzip file is ${what}: it stops after line ${line}`, AGAIN);
  }
  return error;
}

/** A movement, with its complements as they stand in the file. */
interface Movement {
  readonly line: number;
  readonly text: string;
  readonly amount: ExactAmount;
  readonly complements: string[];
}

/** A statement between its old balance and its new one. */
interface Statement {
  readonly line: number;
  /** Bank, branch, account. */
  readonly account: readonly [string, string, string];
  readonly currency: string;
  readonly decimals: number;
  readonly openedOn: string;
  readonly opening: ExactAmount;
  total: ExactAmount;
  records: number;
  readonly movements: Movement[];
}

/** The records of one file in order; rows are pushed statement by statement, once its balance is right. */
class Statements {
  readonly #file: string;
  readonly #rows: StagedRows;
  readonly #limit: number;
  /** By account and currency: the new balance of its latest statement. */
  readonly #closings = new Map<string, ExactAmount>();
  #statement: Statement | undefined;

  constructor(file: string, rows: StagedRows, limit: number) {
    this.#file = file;
    this.#rows = rows;
    this.#limit = limit;
  }

  take(text: string, line: number): void {
    const code = text.slice(0, 2);
    if (code === "01") {
      this.#open(text, line);
      return;
    }
    if (code !== "04" && code !== "05" && code !== "07") {
      throw this.#refusal(line, `${JSON.stringify(code)} begins no record of a statement (01, 04, 05, 07)`);
    }
    const statement = this.#statement;
    if (statement === undefined) {
      throw this.#refusal(line, `a record ${code} stands outside a statement: no record 01 before it`);
    }
    statement.records++;
    if (statement.records > this.#limit) {
      throw this.#refusal(line, `the statement has more than ${this.#limit} records`);
    }
    this.#compare(statement, text, line, code === "05");
    if (code === "04") this.#move(statement, text, line);
    else if (code === "05") this.#complete(statement, text, line);
    else this.#close(statement, text, line);
  }

  finish(lines: number): void {
    if (this.#statement !== undefined) {
      throw this.#refusal(
        lines,
        `the file ends before the new balance (record 07) of ${named(this.#statement)}, begun on line ${this.#statement.line}`,
      );
    }
    if (this.#closings.size === 0) throw new UserError(`${this.#file} is empty`, AGAIN);
  }

  #open(text: string, line: number): void {
    if (this.#statement !== undefined) {
      throw this.#refusal(
        line,
        `a statement begins before the new balance (record 07) of ${named(this.#statement)}, begun on line ${this.#statement.line}`,
      );
    }
    const account = accountOf(text);
    const [currency, decimals] = this.#currency(text, line);
    const openedOn = this.#balanceDay(text, line);
    const opening = this.#amount(text, decimals, line);
    const statement = {
      line,
      account,
      currency,
      decimals,
      openedOn,
      opening,
      total: 0n,
      records: 0,
      movements: [],
    };
    const before = this.#closings.get(keyOf(statement));
    if (before !== undefined && before !== opening) {
      throw this.#refusal(
        line,
        `${named(statement)}, ${openedOn}: the old balance is ${amountText(opening)}, but its statement before this one ends with ${amountText(before)}`,
      );
    }
    this.#statement = statement;
  }

  /** A record is of the account and currency of its statement. A complement may leave its currency out. */
  #compare(statement: Statement, text: string, line: number, isComplement: boolean): void {
    const account = accountOf(text);
    if (account.some((part, index) => part !== statement.account[index])) {
      throw this.#refusal(
        line,
        `a record of account ${account.join(" ")} stands in the statement of ${named(statement)}`,
      );
    }
    if (isComplement && text.slice(16, 20).trim() === "") return;
    const [currency, decimals] = this.#currency(text, line);
    if (currency !== statement.currency || decimals !== statement.decimals) {
      throw this.#refusal(
        line,
        `a record in ${currency} with ${decimals} decimals stands in a statement in ${statement.currency} with ${statement.decimals}`,
      );
    }
  }

  #move(statement: Statement, text: string, line: number): void {
    const amount = this.#amount(text, statement.decimals, line);
    statement.total += amount;
    statement.movements.push({ line, text, amount, complements: [] });
  }

  #complete(statement: Statement, text: string, line: number): void {
    const movement = statement.movements.at(-1);
    if (movement === undefined) {
      throw this.#refusal(line, "a complement (record 05) stands before any movement (record 04)");
    }
    const operation = text.slice(32, 40);
    if (operation !== movement.text.slice(32, 40)) {
      throw this.#refusal(
        line,
        `a complement of operation ${operation} follows the movement of operation ${movement.text.slice(32, 40)}`,
      );
    }
    movement.complements.push(text);
  }

  #close(statement: Statement, text: string, line: number): void {
    const closedOn = this.#balanceDay(text, line);
    const closing = this.#amount(text, statement.decimals, line);
    const { opening, total, openedOn } = statement;
    if (opening + total !== closing) {
      throw this.#refusal(
        line,
        `${named(statement)}, ${openedOn} to ${closedOn}: the old balance ${amountText(opening)} and movements of ${amountText(total)} do not make the new balance ${amountText(closing)}`,
      );
    }
    const common = [
      ...statement.account,
      statement.currency,
      openedOn,
      closedOn,
      amountText(opening),
      amountText(closing),
    ];
    for (const movement of statement.movements)
      this.#rows.push(movement.line, [...common, ...cells(movement)]);
    this.#closings.set(keyOf(statement), closing);
    this.#statement = undefined;
  }

  #currency(text: string, line: number): readonly [string, number] {
    const field = text.slice(16, 20);
    if (!/^[A-Z]{3}[0-4]$/.test(field)) {
      throw this.#refusal(
        line,
        `${JSON.stringify(field)} (places 17 to 20) is no currency with its number of decimals, 0 to 4`,
      );
    }
    return [field.slice(0, 3), Number(field[3])];
  }

  #balanceDay(text: string, line: number): string {
    const day = dayOf(text.slice(34, 40));
    if (day === null || day.length !== 10) {
      throw this.#refusal(
        line,
        `${JSON.stringify(text.slice(34, 40))} (places 35 to 40) is no day written ddmmyy`,
      );
    }
    return day;
  }

  #amount(text: string, decimals: number, line: number): ExactAmount {
    const field = text.slice(90, 104);
    const last = SIGNED_DIGITS.indexOf(field[13] ?? "");
    if (last < 0 || !/^[0-9]{13}$/.test(field.slice(0, 13))) {
      throw this.#refusal(
        line,
        `${JSON.stringify(field)} (places 91 to 104) is no amount of 13 digits and a signed digit`,
      );
    }
    const amount = exactAmount(`${field.slice(0, 13)}${last % 10}`, decimals);
    return last < 10 ? amount : -amount;
  }

  #refusal(line: number, message: string): UserError {
    return new UserError(`${this.#file}:${line}: ${message}`, AGAIN);
  }
}

/** The place of a character is its digit, plus ten for a negative amount. */
const SIGNED_DIGITS = "{ABCDEFGHI}JKLMNOPQR";

function accountOf(text: string): [string, string, string] {
  return [text.slice(2, 7).trim(), text.slice(11, 16).trim(), text.slice(21, 32).trim()];
}

function named({ account }: Statement): string {
  return `account ${account.join(" ")}`;
}

function keyOf({ account, currency }: Statement): string {
  return [...account, currency].join(" ");
}

/** "310124" → "2024-01-31"; a day that does not exist passes through; blanks are null. */
function dayOf(field: string): string | null {
  if (field.trim() === "") return null;
  const [, day, month, year] = /^([0-9]{2})([0-9]{2})([0-9]{2})$/.exec(field) ?? [];
  if (day === undefined || month === undefined || year === undefined) return field.trim();
  const written = `${Number(year) < 70 ? "20" : "19"}${year}-${month}-${day}`;
  const time = new Date(`${written}T00:00:00Z`);
  const exists = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(written);
  return exists ? written : field;
}

/** From operation_code on. */
function cells({ text, amount, complements }: Movement): (string | null)[] {
  const valueDay = text.slice(42, 48);
  return [
    text.slice(32, 34).trim(),
    text.slice(7, 11).trim(),
    text.slice(40, 42).trim(),
    dayOf(text.slice(34, 40)),
    valueDay === "000000" ? null : dayOf(valueDay),
    text.slice(48, 79).trim(),
    text.slice(81, 88).trim(),
    text.slice(104, 120).trim(),
    amountText(amount),
    ...details(complements),
  ];
}

function details(complements: readonly string[]): (string | null)[] {
  if (complements.length === 0) return NO_DETAILS;
  const own = new Map<string, string>();
  const others: string[] = [];
  for (const complement of complements) {
    const qualifier = complement.slice(45, 48).trim();
    const text = complement.slice(48, 118).trimEnd();
    const before = own.get(qualifier);
    if (!QUALIFIERS.includes(qualifier)) others.push(`${qualifier} ${text}`.trim());
    else own.set(qualifier, before === undefined ? text : `${before} ${text}`);
  }
  return [...QUALIFIERS.map((qualifier) => own.get(qualifier) ?? null), others.join(" | ")];
}

const NO_DETAILS: null[] = Array.from({ length: QUALIFIERS.length + 1 }, () => null);
