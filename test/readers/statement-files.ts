/** Writes bank files for the tests, by their own rules and not by those of the readers. */

/** A movement of a statement: euros in cents, days as yyyy-mm-dd. */
export interface WrittenMovement {
  readonly cents: number;
  readonly bookedOn: string;
  readonly label: string;
  /** Complements of CFONB: qualifier and text. */
  readonly details?: readonly (readonly [qualifier: string, text: string])[];
  readonly endToEndId?: string;
  readonly debtorName?: string;
  readonly remittance?: string;
}

export interface WrittenStatement {
  /** 11 characters. */
  readonly account: string;
  readonly openingCents: number;
  readonly openedOn: string;
  readonly closedOn: string;
  readonly movements: readonly WrittenMovement[];
}

export function closingCents({ openingCents, movements }: WrittenStatement): number {
  return movements.reduce((sum, { cents }) => sum + cents, openingCents);
}

/** "-12.34" for -1234. */
export function euros(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const BANK = "30004";
const BRANCH = "00812";

/** An amount of 14 characters whose last one is a digit with its sign. */
export function overpunched(amount: number): string {
  const digits = String(Math.abs(amount)).padStart(14, "0");
  const last = Number(digits.at(-1));
  return digits.slice(0, -1) + (amount < 0 ? "}JKLMNOPQR" : "{ABCDEFGHI")[last];
}

/** ddmmyy. */
function compact(day: string): string {
  return `${day.slice(8, 10)}${day.slice(5, 7)}${day.slice(2, 4)}`;
}

/** Puts each field at its place, counted from 1, in 120 blanks. */
export function fixed(fields: Readonly<Record<number, string>>): string {
  let record = " ".repeat(120);
  for (const [place, field] of Object.entries(fields)) {
    const start = Number(place) - 1;
    record = record.slice(0, start) + field + record.slice(start + field.length);
  }
  return record;
}

export function balanceRecord(code: "01" | "07", account: string, day: string, cents: number): string {
  return fixed({
    1: code,
    3: BANK,
    12: BRANCH,
    17: "EUR2",
    22: account,
    35: compact(day),
    91: overpunched(cents),
  });
}

export function movementRecord(account: string, { cents, bookedOn, label }: WrittenMovement): string {
  return fixed({
    1: "04",
    3: BANK,
    8: "0162",
    12: BRANCH,
    17: "EUR2",
    22: account,
    33: "05",
    35: compact(bookedOn),
    43: compact(bookedOn),
    49: label.slice(0, 31),
    82: "0000000",
    91: overpunched(cents),
  });
}

export function complementRecord(account: string, bookedOn: string, qualifier: string, text: string): string {
  return fixed({
    1: "05",
    3: BANK,
    8: "0162",
    12: BRANCH,
    17: "EUR2",
    22: account,
    33: "05",
    35: compact(bookedOn),
    46: qualifier,
    49: text.slice(0, 70),
  });
}

/** The records of one statement, of 120 characters each. */
export function cfonbRecords(statement: WrittenStatement): string[] {
  const { account, openedOn, closedOn, openingCents, movements } = statement;
  return [
    balanceRecord("01", account, openedOn, openingCents),
    ...movements.flatMap((movement) => [
      movementRecord(account, movement),
      ...(movement.details ?? []).map(([qualifier, text]) =>
        complementRecord(account, movement.bookedOn, qualifier, text),
      ),
    ]),
    balanceRecord("07", account, closedOn, closingCents(statement)),
  ];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function amountOf(cents: number): string {
  return `<Amt Ccy="EUR">${euros(Math.abs(cents))}</Amt><CdtDbtInd>${cents < 0 ? "DBIT" : "CRDT"}</CdtDbtInd>`;
}

export function balanceElement(type: string, day: string, cents: number): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amountOf(cents)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
}

/** An entry of one transaction, on one line. */
export function entryElement(movement: WrittenMovement, version: "02" | "08"): string {
  const { cents, bookedOn, label, endToEndId = "NOTPROVIDED", debtorName, remittance } = movement;
  const status = version === "08" ? "<Cd>BOOK</Cd>" : "BOOK";
  const name = `<Nm>${escaped(debtorName ?? "")}</Nm>`;
  const party = version === "08" ? `<Pty>${name}</Pty>` : name;
  const details = version === "08" ? amountOf(cents) : "";
  return [
    `<Ntry>${amountOf(cents)}<Sts>${status}</Sts>`,
    `<BookgDt><Dt>${bookedOn}</Dt></BookgDt><ValDt><Dt>${bookedOn}</Dt></ValDt>`,
    "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>",
    `<NtryDtls><TxDtls><Refs><EndToEndId>${escaped(endToEndId)}</EndToEndId></Refs>${details}`,
    debtorName === undefined ? "" : `<RltdPties><Dbtr>${party}</Dbtr></RltdPties>`,
    remittance === undefined ? "" : `<RmtInf><Ustrd>${escaped(remittance)}</Ustrd></RmtInf>`,
    `</TxDtls></NtryDtls><AddtlNtryInf>${escaped(label)}</AddtlNtryInf></Ntry>`,
  ].join("");
}

/** An entry of several transactions, on one line: version .08, or version .02, which tells amounts in `AmtDtls`. */
export function batchElement(parts: readonly number[], version: "02" | "08"): string {
  const total = parts.reduce((sum, cents) => sum + cents, 0);
  const transactions = parts.map((cents, index) => {
    const amount =
      version === "08"
        ? amountOf(cents)
        : `<AmtDtls><TxAmt><Amt Ccy="EUR">${euros(Math.abs(cents))}</Amt></TxAmt></AmtDtls>`;
    return `<TxDtls><Refs><EndToEndId>E${index + 1}</EndToEndId></Refs>${amount}</TxDtls>`;
  });
  const status = version === "08" ? "<Cd>BOOK</Cd>" : "BOOK";
  return [
    `<Ntry>${amountOf(total)}<Sts>${status}</Sts><BookgDt><Dt>2024-01-05</Dt></BookgDt>`,
    `<NtryDtls>${transactions.join("")}</NtryDtls></Ntry>`,
  ].join("");
}

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";

export function camtBeginning(version: "02" | "08"): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="${NAMESPACE}camt.053.001.${version}"><BkToCstmrStmt>`,
    "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2024-03-01T06:00:00</CreDtTm></GrpHdr>",
    "",
  ].join("\n");
}

/** A statement up to its entries. */
export function camtStatementBeginning(statement: WrittenStatement): string {
  const { account, openedOn, closedOn, openingCents } = statement;
  return [
    `<Stmt><Id>S${openedOn}</Id><Acct><Id><IBAN>${account}</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
    balanceElement("OPBD", openedOn, openingCents),
    balanceElement("CLBD", closedOn, closingCents(statement)),
    "",
  ].join("\n");
}

/** A camt.053; each entry stands on a line of its own, the first of a file with one statement on line 7. */
export function camtFile(statements: readonly WrittenStatement[], version: "02" | "08"): string {
  const written = statements.map((statement) => {
    const entries = statement.movements.map((movement) => `${entryElement(movement, version)}\n`);
    return `${camtStatementBeginning(statement)}${entries.join("")}</Stmt>\n`;
  });
  return `${camtBeginning(version)}${written.join("")}</BkToCstmrStmt></Document>\n`;
}

export interface WrittenReject {
  readonly endToEndId: string;
  readonly reason: string;
  readonly information: string;
  readonly cents: number;
  readonly debtorName: string;
}

/** A rejected transaction, on one line. */
export function rejectElement(reject: WrittenReject, version: "03" | "10"): string {
  const { endToEndId, reason, information, cents, debtorName } = reject;
  const name = `<Nm>${escaped(debtorName)}</Nm>`;
  return [
    `<TxInfAndSts><OrgnlEndToEndId>${escaped(endToEndId)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>`,
    `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn><AddtlInf>${escaped(information)}</AddtlInf></StsRsnInf>`,
    `<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">${euros(cents)}</InstdAmt></Amt><ReqdColltnDt>2024-02-05</ReqdColltnDt>`,
    "<MndtRltdInf><MndtId>RUM-1</MndtId></MndtRltdInf>",
    `<Dbtr>${version === "10" ? `<Pty>${name}</Pty>` : name}</Dbtr></OrgnlTxRef></TxInfAndSts>`,
  ].join("");
}

/** A pain.002 up to its transactions, which begin on line 5 and go before `PAIN002_END`. */
export function pain002Beginning(version: "03" | "10"): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="${NAMESPACE}pain.002.001.${version}"><CstmrPmtStsRpt>`,
    "<GrpHdr><MsgId>R1</MsgId><CreDtTm>2024-02-06T06:00:00</CreDtTm></GrpHdr>",
    "<OrgnlGrpInfAndSts><OrgnlMsgId>P1</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>L1</OrgnlPmtInfId>",
    "",
  ].join("\n");
}

export const PAIN002_END = "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n";

/** A pain.002 with one payment; each transaction stands on a line of its own. */
export function pain002File(rejects: readonly WrittenReject[], version: "03" | "10"): string {
  const transactions = rejects.map((reject) => `${rejectElement(reject, version)}\n`);
  return `${pain002Beginning(version)}${transactions.join("")}${PAIN002_END}`;
}
