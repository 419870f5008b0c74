import { type Day, isoDate } from "../calendar.ts";
import { pointAmount } from "./writing.ts";

export type CamtVersion = "02" | "08";

/** What a bank tells of one transaction inside an entry. */
export interface CamtTransaction {
  /** Without sign: the entry tells the direction. */
  readonly cents: number;
  readonly servicerReference: string;
  readonly endToEndId?: string;
  readonly mandate?: string;
  readonly debtorName?: string;
  readonly debtorAccount?: string;
  readonly remittance?: string;
  readonly returnReason?: string;
}

/** One entry of a statement: received positive, given out negative. */
export interface CamtEntry {
  readonly bookedOn: Day;
  readonly valueOn: Day;
  readonly cents: number;
  readonly isReversal?: boolean;
  readonly servicerReference: string;
  /** Domain, family and sub-family. */
  readonly code: readonly [string, string, string];
  readonly information: string;
  /** None where the bank books a sum and tells its parts elsewhere. */
  readonly transactions: readonly CamtTransaction[];
}

/** A message as it stands in its file. */
export interface WrittenMessage {
  readonly text: string;
  /** By entry, the line on which each transaction begins; the first line is 1. */
  readonly lines: readonly (readonly number[])[];
}

interface MessageFacts {
  readonly version: CamtVersion;
  readonly id: string;
  /** Day on which the message was made. */
  readonly createdOn: Day;
  /** IBAN. */
  readonly account: string;
  readonly from: Day;
  readonly to: Day;
}

/** Writes an account statement, camt.053, with its opening balance and the closing balance that its entries make. */
export function writeCamt053(
  facts: MessageFacts,
  opening: number,
  entries: readonly CamtEntry[],
): WrittenMessage & { readonly closing: number } {
  const closing = entries.reduce((sum, { cents }) => sum + cents, opening);
  const balances = [balance("OPBD", opening, facts.from), balance("CLBD", closing, facts.to)];
  return { ...writeMessage("053", "BkToCstmrStmt", "Stmt", facts, balances, entries), closing };
}

/** Writes a notification of debits and credits, camt.054: no balance, the parts of what a statement books as a sum. */
export function writeCamt054(facts: MessageFacts, entries: readonly CamtEntry[]): WrittenMessage {
  return writeMessage("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", facts, [], entries);
}

function writeMessage(
  kind: "053" | "054",
  message: string,
  report: string,
  { version, id, createdOn, account, from, to }: MessageFacts,
  balances: readonly string[],
  entries: readonly CamtEntry[],
): WrittenMessage {
  const created = `<CreDtTm>${isoDate(createdOn)}T06:30:00</CreDtTm>`;
  const written: string[] = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${kind}.001.${version}">`,
    `<${message}>`,
    `<GrpHdr><MsgId>${id}</MsgId>${created}</GrpHdr>`,
    `<${report}>`,
    `<Id>${id}</Id>${created}`,
    `<FrToDt><FrDtTm>${isoDate(from)}T00:00:00</FrDtTm><ToDtTm>${isoDate(to)}T23:59:59</ToDtTm></FrToDt>`,
    `<Acct><Id><IBAN>${account}</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
    ...balances,
  ];
  const lines: number[][] = [];
  for (const entry of entries) {
    written.push(...entryStart(entry, version));
    const own: number[] = [];
    if (entry.transactions.length > 0) {
      written.push("<NtryDtls>");
      if (entry.transactions.length > 1) written.push(batch(entry));
      for (const transaction of entry.transactions) {
        own.push(written.length + 1);
        written.push(transactionElement(entry, transaction, version));
      }
      written.push("</NtryDtls>");
    }
    written.push(`<AddtlNtryInf>${escaped(entry.information)}</AddtlNtryInf>`, "</Ntry>");
    lines.push(own);
  }
  written.push(`</${report}>`, `</${message}>`, "</Document>");
  return { text: written.map((line) => `${line}\n`).join(""), lines };
}

function balance(type: "OPBD" | "CLBD", cents: number, on: Day): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amountElement(cents)}${direction(cents)}<Dt><Dt>${isoDate(on)}</Dt></Dt></Bal>`;
}

function entryStart(entry: CamtEntry, version: CamtVersion): string[] {
  const [domain, family, subFamily] = entry.code;
  const status = version === "02" ? "BOOK" : "<Cd>BOOK</Cd>";
  return [
    "<Ntry>",
    `<NtryRef>${entry.servicerReference}</NtryRef>${amountElement(entry.cents)}${direction(entry.cents)}`,
    `${entry.isReversal ? "<RvslInd>true</RvslInd>" : ""}<Sts>${status}</Sts>`,
    `<BookgDt><Dt>${isoDate(entry.bookedOn)}</Dt></BookgDt><ValDt><Dt>${isoDate(entry.valueOn)}</Dt></ValDt>`,
    `<AcctSvcrRef>${entry.servicerReference}</AcctSvcrRef>`,
    `<BkTxCd><Domn><Cd>${domain}</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${subFamily}</SubFmlyCd></Fmly></Domn></BkTxCd>`,
  ];
}

function batch({ transactions, cents }: CamtEntry): string {
  return `<Btch><NbOfTxs>${transactions.length}</NbOfTxs><TtlAmt Ccy="EUR">${pointAmount(Math.abs(cents))}</TtlAmt>${direction(cents)}</Btch>`;
}

function transactionElement(entry: CamtEntry, told: CamtTransaction, version: CamtVersion): string {
  const references = [
    element("AcctSvcrRef", told.servicerReference),
    element("EndToEndId", told.endToEndId),
    element("MndtId", told.mandate),
  ].join("");
  const amount = amountElement(told.cents);
  const name = element("Nm", told.debtorName);
  const debtor = name === "" ? "" : `<Dbtr>${version === "02" ? name : `<Pty>${name}</Pty>`}</Dbtr>`;
  const account =
    told.debtorAccount === undefined
      ? ""
      : `<DbtrAcct><Id><IBAN>${told.debtorAccount}</IBAN></Id></DbtrAcct>`;
  const parties = debtor + account;
  const remittance = element("Ustrd", told.remittance);
  const reason = element("Cd", told.returnReason);
  return [
    `<TxDtls><Refs>${references}</Refs>`,
    version === "02" ? `<AmtDtls><TxAmt>${amount}</TxAmt></AmtDtls>` : `${amount}${direction(entry.cents)}`,
    parties === "" ? "" : `<RltdPties>${parties}</RltdPties>`,
    remittance === "" ? "" : `<RmtInf>${remittance}</RmtInf>`,
    reason === "" ? "" : `<RtrInf><Rsn>${reason}</Rsn></RtrInf>`,
    "</TxDtls>",
  ].join("");
}

function amountElement(cents: number): string {
  return `<Amt Ccy="EUR">${pointAmount(Math.abs(cents))}</Amt>`;
}

function direction(cents: number): string {
  return `<CdtDbtInd>${cents < 0 ? "DBIT" : "CRDT"}</CdtDbtInd>`;
}

/** Nothing at all where there is no text. */
function element(name: string, text: string | undefined): string {
  return text === undefined || text === "" ? "" : `<${name}>${escaped(text)}</${name}>`;
}

const NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text as it may stand in XML; control characters, line ends among them, become a space. */
export function escaped(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ").replaceAll(/[&<>]/g, (character) => NAMED[character] ?? character);
}
