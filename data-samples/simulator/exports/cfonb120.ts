import { type Day, isoDate } from "../calendar.ts";

/** An account as a statement names it. */
export interface StatementAccount {
  /** Five characters. */
  readonly bank: string;
  /** Five characters. */
  readonly branch: string;
  /** Eleven characters. */
  readonly number: string;
}

/** One movement of a statement and the complements that tell more of it. */
export interface StatementMovement {
  readonly bookedOn: Day;
  readonly valueOn: Day;
  /** Received positive, given out negative. */
  readonly cents: number;
  /** Interbank operation code, two characters. */
  readonly operation: string;
  readonly label: string;
  readonly number: number;
  /** Qualifier of three characters, and its text. */
  readonly complements: readonly (readonly [qualifier: string, text: string])[];
}

/** A statement as it stands in its file. */
export interface WrittenStatement {
  readonly text: string;
  /** Cents. */
  readonly closing: number;
  /** The line on which each movement stands, in their order; the first line is 1. */
  readonly lines: readonly number[];
}

/**
 * Writes one account statement in CFONB 120: its old balance, its movements with their complements, its new balance.
 * Texts are cut to the room that there is; what is not ASCII becomes what it looks like.
 */
export function writeStatement(
  account: StatementAccount,
  period: { readonly openedOn: Day; readonly closedOn: Day },
  opening: number,
  movements: readonly StatementMovement[],
): WrittenStatement {
  const records: string[] = [balance("01", account, period.openedOn, opening)];
  const lines: number[] = [];
  let closing = opening;
  for (const movement of movements) {
    closing += movement.cents;
    lines.push(records.length + 1);
    records.push(movementRecord(account, movement));
    for (const [qualifier, text] of movement.complements) {
      records.push(complement(account, movement, qualifier, text));
    }
  }
  records.push(balance("07", account, period.closedOn, closing));
  return { text: records.map((record) => `${record}\r\n`).join(""), closing, lines };
}

/** Capital ASCII letters, digits and simple marks: all that old bank formats carry. */
export function bankText(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toUpperCase()
    .replaceAll("Œ", "OE")
    .replaceAll(/[^A-Z0-9 /\-?:().,'+]+/g, " ")
    .trim();
}

function balance(code: "01" | "07", account: StatementAccount, on: Day, cents: number): string {
  return record([
    code,
    head(account, "    "),
    "  ",
    shortDay(on),
    " ".repeat(50),
    amount(cents),
    " ".repeat(16),
  ]);
}

function movementRecord(account: StatementAccount, movement: StatementMovement): string {
  return record([
    "04",
    head(account, "    "),
    movement.operation,
    shortDay(movement.bookedOn),
    "  ",
    shortDay(movement.valueOn),
    field(movement.label, 31),
    "  ",
    String(movement.number % 10_000_000).padStart(7, "0"),
    "  ",
    amount(movement.cents),
    " ".repeat(16),
  ]);
}

function complement(
  account: StatementAccount,
  movement: StatementMovement,
  qualifier: string,
  text: string,
): string {
  return record([
    "05",
    head(account, "    "),
    movement.operation,
    shortDay(movement.bookedOn),
    " ".repeat(5),
    qualifier,
    cut(text, 70),
    "  ",
  ]);
}

/** Places 3 to 32: bank, the bank's own code, branch, currency with its decimals, account. */
function head(account: StatementAccount, internalCode: string): string {
  return `${account.bank}${internalCode}${account.branch}EUR2 ${account.number}`;
}

function record(parts: readonly string[]): string {
  const text = parts.join("");
  if (text.length !== 120) throw new Error(`a record of ${text.length} characters: ${text}`);
  return text;
}

function field(text: string, width: number): string {
  return cut(bankText(text), width);
}

function cut(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}

/** `ddmmyy`. */
function shortDay(day: Day): string {
  const [year, month, date] = isoDate(day).split("-");
  return `${date}${month}${year?.slice(2)}`;
}

/** Fourteen digits, the last of which also tells the sign. */
function amount(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(14, "0");
  const signed = (cents < 0 ? "}JKLMNOPQR" : "{ABCDEFGHI")[Number(digits.at(-1))];
  return `${digits.slice(0, 13)}${signed}`;
}
