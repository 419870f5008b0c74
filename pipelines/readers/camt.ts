import { amountText, type ExactAmount, parseXmlAmount } from "./exact-amount.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";
import {
  amount,
  dayOf,
  group,
  readXml,
  record,
  referenceOf,
  text,
  type XmlFormat,
  type XmlHandler,
  type XmlRecord,
  type XmlShape,
  type XmlSizes,
  type XmlTarget,
} from "./xml-stream.ts";

/** The columns of the view of a feed in `format: camt`. */
export const CAMT_COLUMNS: readonly string[] = [
  "message",
  "message_id",
  "statement_id",
  "account",
  "currency",
  "opening_balance",
  "closing_balance",
  "entry_number",
  "entry_reference",
  "booked_on",
  "value_on",
  "status",
  "is_reversal",
  "entry_amount",
  "position",
  "amount",
  "servicer_reference",
  "domain_code",
  "family_code",
  "sub_family_code",
  "proprietary_code",
  "end_to_end_id",
  "instruction_id",
  "transaction_id",
  "mandate_id",
  "creditor_reference",
  "remittance",
  "debtor_name",
  "debtor_account",
  "creditor_name",
  "creditor_account",
  "return_reason",
  "return_information",
  "additional_information",
];

/**
 * So many transactions of one entry, of so many characters, are held until the entry ends. Those of a longer entry are
 * staged on the way: each then needs its amount, and does without what stands after them in the entry.
 */
const TRANSACTIONS_HELD = 10_000;
const CHARACTERS_HELD = 16 * 1024 * 1024;

function day(name: string): XmlShape {
  return group({ Dt: text(name), DtTm: text(name) });
}

function account(name: string): XmlShape {
  return group({ Id: group({ IBAN: text(name), Othr: group({ Id: text(name) }) }) });
}

/** In version .08 a party is one level deeper. */
function party(name: string): XmlShape {
  return group({ Nm: text(name), Pty: group({ Nm: text(name) }) });
}

const BANK_TRANSACTION = group({
  Domn: group({
    Cd: text("domain_code"),
    Fmly: group({ Cd: text("family_code"), SubFmlyCd: text("sub_family_code") }),
  }),
  Prtry: group({ Cd: text("proprietary_code") }),
});

const TRANSACTION = record("transaction", {
  Refs: group({
    AcctSvcrRef: text("servicer_reference"),
    InstrId: text("instruction_id"),
    EndToEndId: text("end_to_end_id"),
    TxId: text("transaction_id"),
    MndtId: text("mandate_id"),
  }),
  Amt: amount("amount"),
  CdtDbtInd: text("direction"),
  AmtDtls: group({
    TxAmt: group({ Amt: amount("transaction_amount") }),
    InstdAmt: group({ Amt: amount("instructed_amount") }),
  }),
  BkTxCd: BANK_TRANSACTION,
  RltdPties: group({
    Dbtr: party("debtor_name"),
    DbtrAcct: account("debtor_account"),
    Cdtr: party("creditor_name"),
    CdtrAcct: account("creditor_account"),
  }),
  RmtInf: group({
    Ustrd: text("remittance"),
    Strd: group({ CdtrRefInf: group({ Ref: text("creditor_reference") }) }),
  }),
  RtrInf: group({
    Rsn: group({ Cd: text("return_reason"), Prtry: text("return_reason") }),
    AddtlInf: text("return_information"),
  }),
  AddtlTxInf: text("additional_information"),
});

const ENTRY = record("entry", {
  NtryRef: text("entry_reference"),
  Amt: amount("amount"),
  CdtDbtInd: text("direction"),
  RvslInd: text("is_reversal"),
  // A code in version .02, an element around it in version .08.
  Sts: { text: "status", children: { Cd: text("status"), Prtry: text("status") } },
  BookgDt: day("booked_on"),
  ValDt: day("value_on"),
  AcctSvcrRef: text("servicer_reference"),
  BkTxCd: BANK_TRANSACTION,
  NtryDtls: group({ TxDtls: TRANSACTION }),
  AddtlNtryInf: text("additional_information"),
});

const STATEMENT = record("statement", {
  Id: text("statement_id"),
  Acct: group({
    Id: group({ IBAN: text("account"), Othr: group({ Id: text("account") }) }),
    Ccy: text("currency"),
  }),
  Bal: record("balance", {
    Tp: group({ CdOrPrtry: group({ Cd: text("type") }) }),
    Amt: amount("amount"),
    CdtDbtInd: text("direction"),
  }),
  Ntry: ENTRY,
});

const HEADER = group({ MsgId: text("message_id") });
const STATEMENTS = group({ BkToCstmrStmt: record("camt.053", { GrpHdr: HEADER, Stmt: STATEMENT }) });
const NOTIFICATIONS = group({
  BkToCstmrDbtCdtNtfctn: record("camt.054", { GrpHdr: HEADER, Ntfctn: STATEMENT }),
});

const CAMT: XmlFormat = {
  columns: CAMT_COLUMNS,
  versions: {
    "camt.053.001.02": STATEMENTS,
    "camt.053.001.08": STATEMENTS,
    "camt.054.001.02": NOTIFICATIONS,
    "camt.054.001.08": NOTIFICATIONS,
  },
  handler: (target) => new Camt(target),
};

/**
 * Reads account statements and notifications of ISO 20022, camt.053 and camt.054 in versions .02 and .08 (a Reader): one
 * row a transaction (`TxDtls`), one a whole entry (`Ntry`) where its transactions are not told apart.
 *
 * Amounts are signed by `CdtDbtInd`, which tells the direction of the booking, of a reversal too (`RvslInd`): received
 * is positive. The amount of a transaction is its `Amt`, else that of `AmtDtls/TxAmt`, else of `AmtDtls/InstdAmt`, the first that
 * is in the currency of the entry. An entry with one transaction is one row, with the entry's amount: what the account
 * received. An entry with several whose amounts are not all given, or do not make that of the entry, is one row: its
 * amount is sure, and only what all its transactions share is told of them.
 *
 * In a camt.053, the opening balance (OPBD, else PRCD, else the first ITBD) and the entries with the status BOOK make the
 * closing balance (CLBD, else the last ITBD), or the file is refused. Entries with another status (PDNG, INFO …) are
 * rows with their status. A camt.054 has no balances.
 *
 * `EndToEndId` and the other references are null when they say NOTPROVIDED. Days are yyyy-mm-dd, also of a moment; other
 * text passes through. Several `Ustrd` are joined by a space. `additional_information` is that of the transaction, else
 * of the entry. `entry_number` counts the entries of a statement, `position` the transactions of an entry, from 1.
 *
 * @throws UserError as `readXml`, and naming the line of the element: balances that are missing or that the entries do not
 *   make, an entry or balance without a readable amount, direction, status or in another currency than its account, an
 *   entry of more than 10,000 transactions that do not make its amount.
 */
export function readCamt(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes?: XmlSizes,
): Promise<StagedFile> {
  return readXml(delivered, stagingFolder, CAMT, sizes);
}

/** What all rows of a statement have in common. */
interface Frame {
  readonly identity: readonly (string | null)[];
  readonly balances: readonly (string | null)[];
  readonly opening: ExactAmount | undefined;
  readonly closing: ExactAmount | undefined;
}

/** A statement or notification that is open. */
interface Statement {
  readonly record: XmlRecord;
  /** OPBD, PRCD and CLBD; the first ITBD and the last one, as "first" and "last". */
  readonly balances: Map<string, ExactAmount>;
  /** That of its account, or of the first amount where the account tells none. */
  currency: string | null;
  frame: Frame | undefined;
  entries: number;
  booked: ExactAmount;
}

/** An entry that is open. */
interface Entry {
  readonly record: XmlRecord;
  readonly statement: Statement;
  readonly number: number;
  /** Transactions not staged yet. */
  held: XmlRecord[];
  heldLength: number;
  /** Transactions staged already, and what they make. */
  staged: number;
  stagedTotal: ExactAmount;
}

class Camt implements XmlHandler {
  readonly #target: XmlTarget;
  #message: XmlRecord | undefined;
  #statement: Statement | undefined;
  #entry: Entry | undefined;

  constructor(target: XmlTarget) {
    this.#target = target;
  }

  open(opened: XmlRecord): void {
    if (opened.name === "camt.053" || opened.name === "camt.054") this.#message = opened;
    if (opened.name === "statement") {
      this.#statement = {
        record: opened,
        balances: new Map(),
        currency: null,
        frame: undefined,
        entries: 0,
        booked: 0n,
      };
    }
    const statement = this.#statement;
    if (opened.name !== "entry" || statement === undefined) return;
    statement.entries++;
    statement.frame ??= this.#frame(statement);
    const number = statement.entries;
    this.#entry = { record: opened, statement, number, held: [], heldLength: 0, staged: 0, stagedTotal: 0n };
  }

  close(closed: XmlRecord): void {
    const statement = this.#statement;
    const entry = this.#entry;
    if (closed.name === "balance" && statement !== undefined) this.#closeBalance(statement, closed);
    if (closed.name === "statement" && statement !== undefined) this.#closeStatement(statement);
    if (entry === undefined) return;
    if (closed.name === "entry") this.#closeEntry(entry);
    if (closed.name !== "transaction") return;
    entry.held.push(closed);
    entry.heldLength += closed.length;
    const isTooLong = entry.held.length > TRANSACTIONS_HELD || entry.heldLength > CHARACTERS_HELD;
    if (isTooLong) this.#stage(entry, this.#entryAmount(entry));
  }

  #closeBalance(statement: Statement, balance: XmlRecord): void {
    const type = balance.first("type");
    if (type === null || !["OPBD", "PRCD", "ITBD", "CLBD"].includes(type)) return;
    if (statement.frame !== undefined) {
      throw this.#target.refusal(balance.line, `the balance ${type} stands after the entries`);
    }
    const amount = this.#signedAmount(statement, balance, `the balance ${type}`);
    const { balances } = statement;
    if (type === "ITBD") {
      balances.set(balances.has("first") ? "last" : "first", amount);
    } else if (balances.has(type)) {
      throw this.#target.refusal(balance.line, `the statement has several balances ${type}`);
    } else {
      balances.set(type, amount);
    }
  }

  #frame(statement: Statement): Frame {
    const { record: element, balances } = statement;
    const message = this.#message;
    const inStatement = message?.name === "camt.053";
    const started = balances.get("OPBD") ?? balances.get("PRCD");
    const opening = started ?? balances.get("first");
    // One intermediate balance stands on one side only.
    const intermediate = balances.get("last") ?? (started === undefined ? undefined : balances.get("first"));
    const closing = balances.get("CLBD") ?? intermediate;
    if (inStatement && (opening === undefined || closing === undefined)) {
      const missing = opening === undefined ? "opening (OPBD or PRCD)" : "closing (CLBD)";
      throw this.#target.refusal(element.line, `${named(statement)} has no ${missing} balance`);
    }
    const identity = [
      message?.name ?? null,
      message?.first("message_id") ?? null,
      element.first("statement_id"),
      element.first("account"),
    ];
    const texts = [opening, closing].map((amount) => (amount === undefined ? null : amountText(amount)));
    return { identity, balances: texts, opening, closing };
  }

  #closeStatement(statement: Statement): void {
    const { opening, closing } = statement.frame ?? this.#frame(statement);
    this.#statement = undefined;
    if (this.#message?.name !== "camt.053" || opening === undefined || closing === undefined) return;
    if (opening + statement.booked === closing) return;
    throw this.#target.refusal(
      statement.record.line,
      `${named(statement)}: the opening balance ${amountText(opening)} and booked entries of ${amountText(statement.booked)} do not make the closing balance ${amountText(closing)}`,
    );
  }

  #closeEntry(entry: Entry): void {
    const total = this.#entryAmount(entry);
    const { statement, held } = entry;
    if (this.#only(entry.record, "status", "the entry") === "BOOK") statement.booked += total;
    this.#entry = undefined;
    if (entry.staged > 0) {
      this.#stage(entry, total);
      if (entry.stagedTotal === total) return;
      throw this.#target.refusal(
        entry.record.line,
        `the ${entry.staged} transactions of the entry make ${amountText(entry.stagedTotal)} and not ${amountText(total)}`,
      );
    }
    const amounts = held.map((transaction) => this.#transactionAmount(entry, transaction, total));
    const sum = amounts.reduce<ExactAmount | undefined>(
      (before, next) => (before === undefined || next === undefined ? undefined : before + next),
      0n,
    );
    if (held.length > 1 && sum === total) {
      for (const [index, transaction] of held.entries()) {
        this.#push(entry, total, index + 1, amounts[index] ?? 0n, [transaction]);
      }
    } else {
      this.#push(entry, total, 1, total, held);
    }
  }

  /** Stages the transactions held of an entry that has too many to hold them all. */
  #stage(entry: Entry, total: ExactAmount): void {
    for (const transaction of entry.held) {
      const amount = this.#transactionAmount(entry, transaction, total);
      if (amount === undefined) {
        throw this.#target.refusal(
          transaction.line,
          "a transaction has no amount in the currency of its entry, which has too many to hold them",
        );
      }
      entry.staged++;
      entry.stagedTotal += amount;
      this.#push(entry, total, entry.staged, amount, [transaction]);
    }
    entry.held = [];
    entry.heldLength = 0;
  }

  /** One row of an entry, with what the transactions share; the line is that of the transaction when it is one. */
  #push(
    entry: Entry,
    total: ExactAmount,
    position: number,
    amount: ExactAmount,
    transactions: readonly XmlRecord[],
  ): void {
    const { record: element, statement } = entry;
    const [transaction] = transactions;
    const line = transactions.length === 1 && transaction !== undefined ? transaction.line : element.line;
    const told = (name: string) => sharedText(transactions, name);
    const code = (name: string) => (hasOwnCode(transactions) ? told(name) : element.first(name));
    this.#target.rows.push(line, [
      ...(statement.frame?.identity ?? []),
      statement.currency,
      ...(statement.frame?.balances ?? []),
      String(entry.number),
      element.first("entry_reference"),
      dayOf(element.first("booked_on")),
      dayOf(element.first("value_on")),
      element.first("status"),
      flagOf(element.first("is_reversal")),
      amountText(total),
      String(position),
      amountText(amount),
      told("servicer_reference") ?? element.first("servicer_reference"),
      code("domain_code"),
      code("family_code"),
      code("sub_family_code"),
      code("proprietary_code"),
      referenceOf(told("end_to_end_id")),
      referenceOf(told("instruction_id")),
      referenceOf(told("transaction_id")),
      referenceOf(told("mandate_id")),
      told("creditor_reference"),
      told("remittance"),
      told("debtor_name"),
      told("debtor_account"),
      told("creditor_name"),
      told("creditor_account"),
      told("return_reason"),
      told("return_information"),
      told("additional_information") ?? element.first("additional_information"),
    ]);
  }

  #entryAmount({ record: element, statement }: Entry): ExactAmount {
    return this.#signedAmount(statement, element, "the entry");
  }

  /** Undefined when it is not given in the currency of the entry. */
  #transactionAmount(
    { record: element }: Entry,
    transaction: XmlRecord,
    total: ExactAmount,
  ): ExactAmount | undefined {
    const currency = element.first("amount_currency");
    const name = ["amount", "transaction_amount", "instructed_amount"].find(
      (candidate) =>
        transaction.all(candidate).length === 1 && transaction.first(`${candidate}_currency`) === currency,
    );
    const read = name === undefined ? undefined : parseXmlAmount(transaction.first(name) ?? "");
    if (read === undefined) return undefined;
    const direction = transaction.first("direction");
    if (direction === null) return total < 0n ? -read : read;
    return direction === "CRDT" ? read : direction === "DBIT" ? -read : undefined;
  }

  #signedAmount(statement: Statement, element: XmlRecord, what: string): ExactAmount {
    const written = this.#only(element, "amount", what);
    const read = parseXmlAmount(written);
    if (read === undefined) {
      throw this.#target.refusal(element.line, `${what} has no readable amount (Amt): ${written}`);
    }
    const currency = element.first("amount_currency");
    statement.currency ??= statement.record.first("currency") ?? currency;
    if (currency !== null && currency !== statement.currency) {
      throw this.#target.refusal(
        element.line,
        `${what} is in ${currency} and ${named(statement)} in ${statement.currency}`,
      );
    }
    const direction = this.#only(element, "direction", what);
    if (direction !== "CRDT" && direction !== "DBIT") {
      throw this.#target.refusal(element.line, `${what} is neither CRDT nor DBIT (CdtDbtInd): ${direction}`);
    }
    return direction === "CRDT" ? read : -read;
  }

  #only(element: XmlRecord, name: "amount" | "direction" | "status", what: string): string {
    const [only, other] = element.all(name);
    if (only !== undefined && other === undefined) return only;
    const tag = { amount: "Amt", direction: "CdtDbtInd", status: "Sts" }[name];
    throw this.#target.refusal(element.line, `${what} has ${only === undefined ? "no" : "several"} ${tag}`);
  }
}

function named({ record: element }: Statement): string {
  return `the statement ${element.first("statement_id") ?? "without Id"} of account ${element.first("account") ?? "without Id"}`;
}

/** The text of the name when all transactions have the same; several texts of one transaction are joined. */
function sharedText(transactions: readonly XmlRecord[], name: string): string | null {
  const [first, ...others] = transactions.map((transaction) => transaction.all(name).join(" "));
  if (first === undefined || first === "") return null;
  return others.every((other) => other === first) ? first : null;
}

function hasOwnCode(transactions: readonly XmlRecord[]): boolean {
  return ["domain_code", "proprietary_code"].some((name) => sharedText(transactions, name) !== null);
}

function flagOf(flag: string | null): string {
  return flag === "true" || flag === "1" ? "true" : "false";
}
