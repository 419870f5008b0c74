import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { CAMT_COLUMNS, readCamt } from "../../pipelines/readers/camt.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { readBack } from "./read-back.ts";
import { balanceElement, batchElement, camtFile, entryElement } from "./statement-files.ts";

const NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:";
const ACCOUNT = "FR7630004008120001234567801";
const CREDIT = { cents: 45_012, bookedOn: "2024-01-05", label: "VIR SEPA RECU" };
const DEBIT = { cents: -1200, bookedOn: "2024-01-31", label: "FRAIS" };

const JANUARY = {
  account: ACCOUNT,
  openingCents: 100_000,
  openedOn: "2023-12-31",
  closedOn: "2024-01-31",
  movements: [
    { ...CREDIT, endToEndId: "E2E-1", debtorName: "DUPONT Zoé", remittance: "LOYER 01/2024" },
    DEBIT,
  ],
};

/** A camt.053.001.02 around the content of its only statement, on line 2. */
function statement(content: string): string {
  return `<Document xmlns="${NAMESPACE}camt.053.001.02"><BkToCstmrStmt>
<Stmt><Id>S1</Id><Acct><Id><IBAN>${ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>${content}</Stmt>
</BkToCstmrStmt></Document>`;
}

/** One whose entries stand on line 3 and after, from a balance of 0 to `closing` cents. */
function withEntries(closing: number, ...entries: string[]): string {
  const balances = balanceElement("OPBD", "2023-12-31", 0) + balanceElement("CLBD", "2024-01-31", closing);
  return statement(`${balances}\n${entries.join("\n")}`);
}

async function read(content: string | Uint8Array, file = "statement.xml") {
  const { columns, rows, malformed, staged } = await readBack({ [file]: content }, { format: "camt" });
  const objects = rows.map(([, line, ...cells]) => ({
    line,
    ...Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? null])),
  }));
  return { columns, rows: objects as Record<string, unknown>[], malformed, staged: staged[0] };
}

async function refusal(content: string | Uint8Array, file?: string): Promise<string> {
  const error = await read(content, file).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError but ${error}`);
  return error.message;
}

const entry = (content: string, amount = "5.00") =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>${content}</Ntry>`;

/** The row of a file with one entry of 5.00. */
async function rowOf(content: string) {
  const { rows } = await read(withEntries(500, entry(content)));
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe("statements", () => {
  test.each(["02", "08"] as const)("version .%s: a transaction is a row", async (version) => {
    const { columns, rows, staged } = await read(camtFile([JANUARY], version));
    expect(columns).toEqual(CAMT_COLUMNS);
    expect(rows[0]).toEqual({
      line: 7,
      message: "camt.053",
      message_id: "M1",
      statement_id: "S2023-12-31",
      account: ACCOUNT,
      currency: "EUR",
      opening_balance: "1000.00",
      closing_balance: "1438.12",
      entry_number: "1",
      entry_reference: null,
      booked_on: "2024-01-05",
      value_on: "2024-01-05",
      status: "BOOK",
      is_reversal: "false",
      entry_amount: "450.12",
      position: "1",
      amount: "450.12",
      servicer_reference: null,
      domain_code: "PMNT",
      family_code: "RCDT",
      sub_family_code: "ESCT",
      proprietary_code: null,
      end_to_end_id: "E2E-1",
      instruction_id: null,
      transaction_id: null,
      mandate_id: null,
      creditor_reference: null,
      remittance: "LOYER 01/2024",
      debtor_name: "DUPONT Zoé",
      debtor_account: null,
      creditor_name: null,
      creditor_account: null,
      return_reason: null,
      return_information: null,
      additional_information: "VIR SEPA RECU",
    });
    expect(rows[1]).toMatchObject({ line: 8, amount: "-12.00", end_to_end_id: null });
    expect(staged).toMatchObject({ rowsRead: 2, malformedRows: 0, encoding: "utf-8" });
  });

  test("several statements", async () => {
    const other = { ...JANUARY, account: "FR0000000000000000000000000", movements: [DEBIT] };
    const { rows } = await read(camtFile([JANUARY, other], "08"));
    expect(rows.map(({ account, amount }) => [account, amount])).toEqual([
      [ACCOUNT, "450.12"],
      [ACCOUNT, "-12.00"],
      [other.account, "-12.00"],
    ]);
  });

  test.each([
    ["no opening but the closing before (PRCD)", ["PRCD", "CLBD"]],
    ["a first page", ["OPBD", "ITBD"]],
    ["a page between", ["ITBD", "ITBD"]],
    ["a last page", ["ITBD", "CLBD"]],
    ["balances that do not count", ["OPAV", "CLAV", "OPBD", "CLBD", "FWAV"]],
  ])("balances: %s", async (_case, types) => {
    const balances = types.map((type) => {
      const isOpening =
        ["OPBD", "PRCD"].includes(type) || (type === "ITBD" && types[1] !== type && types[0] === type);
      return balanceElement(type, "2024-01-31", isOpening ? 100 : 600);
    });
    if (types[0] === types[1]) balances[0] = balanceElement("ITBD", "2024-01-01", 100);
    const { rows } = await read(statement(balances.join("") + entry("")));
    expect(rows).toMatchObject([{ opening_balance: "1.00", closing_balance: "6.00", amount: "5.00" }]);
  });

  test("a notification has no balances, and its returns have reasons", async () => {
    const content = `<Document xmlns="${NAMESPACE}camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>N1</MsgId></GrpHdr><Ntfctn><Id>1</Id><Acct><Id><Othr><Id>0001234</Id></Othr></Id></Acct>
<Ntry><Amt Ccy="EUR">450.12</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><DtTm>2024-02-07T00:00:00+01:00</DtTm></BookgDt><NtryDtls>
<TxDtls><Refs><InstrId>I1</InstrId><EndToEndId>E2E-1</EndToEndId><TxId>T1</TxId><MndtId>RUM-1</MndtId></Refs>
<RltdPties><Dbtr><Pty><Nm>DUPONT Zoé</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>FR76</IBAN></Id></DbtrAcct></RltdPties>
<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>PROVISION</AddtlInf><AddtlInf>INSUFFISANTE</AddtlInf></RtrInf></TxDtls>
</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;
    expect((await read(content)).rows).toMatchObject([
      {
        line: 5,
        message: "camt.054",
        account: "0001234",
        currency: "EUR",
        opening_balance: null,
        closing_balance: null,
        booked_on: "2024-02-07",
        is_reversal: "true",
        amount: "-450.12",
        end_to_end_id: "E2E-1",
        instruction_id: "I1",
        transaction_id: "T1",
        mandate_id: "RUM-1",
        debtor_name: "DUPONT Zoé",
        debtor_account: "FR76",
        return_reason: "AM04",
        return_information: "PROVISION INSUFFISANTE",
      },
    ]);
  });

  test("entries that are not booked are rows, and do not count", async () => {
    const pending = entryElement(CREDIT, "02").replace("BOOK", "PDNG");
    const { rows } = await read(withEntries(-1200, pending, entryElement(DEBIT, "02")));
    expect(rows.map(({ status, amount }) => [status, amount])).toEqual([
      ["PDNG", "450.12"],
      ["BOOK", "-12.00"],
    ]);
  });
});

describe("the amounts of an entry and of its transactions", () => {
  const parts = async (content: string) =>
    (await read(content)).rows.map(({ line, entry_amount, position, amount, end_to_end_id }) => [
      line,
      entry_amount,
      position,
      amount,
      end_to_end_id,
    ]);

  test.each(["02", "08"] as const)("version .%s: each transaction has its amount", async (version) => {
    expect(await parts(withEntries(1000, batchElement([700, 200, 100], version)))).toEqual([
      [3, "10.00", "1", "7.00", "E1"],
      [4, "10.00", "2", "2.00", "E2"],
      [5, "10.00", "3", "1.00", "E3"],
    ]);
  });

  test("a transaction may go the other way", async () => {
    expect(await parts(withEntries(500, batchElement([700, -200], "08")))).toEqual([
      [3, "5.00", "1", "7.00", "E1"],
      [4, "5.00", "2", "-2.00", "E2"],
    ]);
  });

  test.each([
    ["amounts that do not make the entry", batchElement([700, 300], "08").replace(">3.00<", ">3.01<")],
    ["an amount that is missing", batchElement([700, 300], "08").replace('<Amt Ccy="EUR">3.00</Amt>', "")],
    ["an amount in another currency", batchElement([700, 300], "08").replace('"EUR">3.00', '"USD">3.00')],
    [
      "a direction that is none",
      batchElement([700, 300], "08").replace(/CRDT(?=<.CdtDbtInd><.TxDtls>)/, "X"),
    ],
  ])("%s: the entry is one row", async (_case, element) => {
    expect(await parts(withEntries(1000, element))).toEqual([[3, "10.00", "1", "10.00", null]]);
  });

  test("what all transactions share is told of the whole entry", async () => {
    const transaction = (name: string) =>
      `<TxDtls><RltdPties><Dbtr><Nm>${name}</Nm></Dbtr></RltdPties><RmtInf><Ustrd>REMISE 7</Ustrd></RmtInf></TxDtls>`;
    expect(
      await rowOf(`<NtryDtls>${transaction("DUPONT")}${transaction("DURAND")}</NtryDtls>`),
    ).toMatchObject({ amount: "5.00", remittance: "REMISE 7", debtor_name: null });
  });

  test("one transaction has the amount that the account received", async () => {
    expect(
      await rowOf(
        '<NtryDtls><TxDtls><AmtDtls><InstdAmt><Amt Ccy="EUR">7.50</Amt></InstdAmt></AmtDtls></TxDtls></NtryDtls>',
      ),
    ).toMatchObject({ amount: "5.00" });
  });

  test.each([
    ["5", "5.00"],
    ["5.0", "5.00"],
    ["05.00000", "5.00"],
    ["5.", "5.00"],
    [" 5.00 ", "5.00"],
    ["5.12345", "5.12345"],
    [".5", "0.50"],
    ["0", "0.00"],
    ["9999999999999999.99", "9999999999999999.99"],
  ])("the amount %j is %s", async (written, amount) => {
    const balance = balanceElement("CLBD", "2024-01-31", 0).replace("0.00", amount);
    const content = `${balanceElement("OPBD", "2023-12-31", 0)}${balance}${entry("", written)}`;
    expect((await read(statement(content))).rows).toMatchObject([{ amount }]);
  });

  test("an entry of more transactions than are held is staged on the way", async () => {
    const many = Array.from({ length: 10_005 }, () => 1);
    const { rows } = await read(withEntries(10_005, batchElement(many, "08")));
    expect(rows).toHaveLength(10_005);
    expect(rows.at(-1)).toMatchObject({ position: "10005", amount: "0.01", end_to_end_id: "E10005" });
    const short = withEntries(10_005, batchElement(many, "08").replace("0.01", "0.02"));
    expect(await refusal(short)).toBe(
      "inbox/statement.xml:3: the 10005 transactions of the entry make 100.06 and not 100.05",
    );
    const none = withEntries(10_005, batchElement(many, "08").replace('"EUR">0.01', '"USD">0.01'));
    expect(await refusal(none)).toBe(
      "inbox/statement.xml:3: a transaction has no amount in the currency of its entry, which has too many to hold them",
    );
  });
});

describe("texts", () => {
  test.each([
    ["BookgDt/Dt", "<BookgDt><Dt>2024-01-05</Dt></BookgDt>", "2024-01-05"],
    ["BookgDt/DtTm", "<BookgDt><DtTm>2024-01-05T23:59:00Z</DtTm></BookgDt>", "2024-01-05"],
    ["a day with its time zone", "<BookgDt><Dt>2024-01-05+01:00</Dt></BookgDt>", "2024-01-05"],
    ["no day", "", null],
    ["what is no day passes through", "<BookgDt><Dt>05/01/2024</Dt></BookgDt>", "05/01/2024"],
  ])("booked on: %s", async (_case, content, booked_on) => {
    expect(await rowOf(content)).toMatchObject({ booked_on });
  });

  test("references", async () => {
    expect(
      await rowOf(
        "<NtryRef>N7</NtryRef><AcctSvcrRef>A1</AcctSvcrRef><NtryDtls><TxDtls><Refs><AcctSvcrRef>A2</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>LOYER</Ustrd><Ustrd>JANVIER</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>",
      ),
    ).toMatchObject({
      entry_reference: "N7",
      servicer_reference: "A2",
      end_to_end_id: null,
      remittance: "LOYER JANVIER",
      creditor_reference: "RF18",
    });
  });

  test("the codes of the transaction come before those of the entry", async () => {
    const prtry = (code: string) => `<BkTxCd><Prtry><Cd>${code}</Cd></Prtry></BkTxCd>`;
    expect(await rowOf(`${prtry("E")}<NtryDtls><TxDtls></TxDtls></NtryDtls>`)).toMatchObject({
      proprietary_code: "E",
    });
    expect(await rowOf(`${prtry("E")}<NtryDtls><TxDtls>${prtry("T")}</TxDtls></NtryDtls>`)).toMatchObject({
      proprietary_code: "T",
    });
  });

  test.each([
    ["entities", "L&apos;&#xC9;T&#201; &amp; &lt;Cie&gt;", "L'ÉTÉ & <Cie>"],
    ["CDATA", "<![CDATA[<DUPONT & Cie>]]>", "<DUPONT & Cie>"],
    ["quotes and separators", 'DIT "LE, GRAND"; X', 'DIT "LE, GRAND"; X'],
    ["lines", "\n   DUPONT\r\n   JEAN\n", "DUPONT JEAN"],
    ["a comment inside", "DU<!-- x -->PONT", "DUPONT"],
    ["a formula", "=HYPERLINK(1)", "=HYPERLINK(1)"],
    ["nothing", "  ", null],
  ])("name: %s", async (_case, written, debtor_name) => {
    expect(
      await rowOf(
        `<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>${written}</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>`,
      ),
    ).toMatchObject({ debtor_name });
  });

  test("any prefix, an envelope, and elements of other namespaces", async () => {
    const content = withEntries(500, entry('<x:Amt xmlns:x="urn:x">9.00</x:Amt>'))
      .replace(`xmlns="${NAMESPACE}camt.053.001.02"`, `xmlns:b="${NAMESPACE}camt.053.001.02"`)
      .replace(/<(\/?)(?=[A-Z])/g, "<$1b:");
    const { rows } = await read(`<?xml version="1.0"?><Envelope><Header>1</Header>${content}</Envelope>`);
    expect(rows).toMatchObject([{ line: 3, account: ACCOUNT, amount: "5.00" }]);
  });

  test("rows of one line have places of their own", async () => {
    const content = withEntries(1000, entry(""), entry("")).replaceAll("\n", "");
    expect((await read(content)).rows.map(({ line }) => line)).toEqual([1, 2]);
  });
});

describe("encodings", () => {
  const named = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>\n${withEntries(500, entry("<AddtlNtryInf>ÉTÉ</AddtlNtryInf>"))}`;

  test.each([
    ["UTF-8", Buffer.from(named("UTF-8")), "utf-8"],
    ["UTF-8 with byte order mark", Buffer.from(`\ufeff${named("utf-8")}`), "utf-8"],
    ["ISO-8859-1", iconv.encode(named("ISO-8859-1"), "latin1"), "windows-1252"],
    ["ISO-8859-15", iconv.encode(named("ISO-8859-15"), "iso-8859-15"), "iso-8859-15"],
    ["Windows-1252", iconv.encode(named("windows-1252"), "windows-1252"), "windows-1252"],
    ["gzip", gzipSync(named("UTF-8")), "utf-8"],
  ])("%s", async (_case, bytes, encoding) => {
    const { rows, staged } = await read(bytes);
    expect([rows[0]?.additional_information, staged?.encoding]).toEqual(["ÉTÉ", encoding]);
  });

  test.each([
    [
      "UTF-16",
      iconv.encode(named("UTF-16"), "utf-16", { addBOM: true }),
      "1: the file is in UTF-16; UTF-8, ISO-8859-1 or -15 and Windows-1252 are read",
    ],
    [
      "UTF-16 without mark",
      iconv.encode(named("UTF-16"), "utf-16le"),
      "1: the file is in UTF-16; UTF-8, ISO-8859-1 or -15 and Windows-1252 are read",
    ],
    [
      "EBCDIC",
      Buffer.from(named("IBM037")),
      "1: the file is in IBM037; UTF-8, ISO-8859-1 or -15 and Windows-1252 are read",
    ],
    [
      "declared UTF-8, and is not",
      iconv.encode(named("UTF-8"), "latin1"),
      "1: bytes that are not UTF-8 follow",
    ],
  ])("%s is refused", async (_case, bytes, message) => {
    expect(await refusal(bytes)).toBe(`inbox/statement.xml:${message}`);
  });
});

describe("a file that cannot be trusted is refused as a whole", () => {
  test.each([
    [
      "entries that do not make the closing balance",
      withEntries(501, entry("")),
      `2: the statement S1 of account ${ACCOUNT}: the opening balance 0.00 and booked entries of 5.00 do not make the closing balance 5.01`,
    ],
    [
      "no opening balance",
      statement(balanceElement("CLBD", "2024-01-31", 0)),
      `2: the statement S1 of account ${ACCOUNT} has no opening (OPBD or PRCD) balance`,
    ],
    [
      "no closing balance",
      statement(balanceElement("OPBD", "2024-01-31", 0) + entry("")),
      `2: the statement S1 of account ${ACCOUNT} has no closing (CLBD) balance`,
    ],
    [
      "two opening balances",
      statement(balanceElement("OPBD", "2024-01-01", 0) + balanceElement("OPBD", "2024-01-01", 1)),
      "2: the statement has several balances OPBD",
    ],
    [
      "a balance after the entries",
      withEntries(500, entry(""), balanceElement("CLBD", "2024-01-31", 500)),
      "4: the balance CLBD stands after the entries",
    ],
    [
      "an amount with a sign",
      withEntries(500, entry("", "-5.00")),
      "3: the entry has no readable amount (Amt): -5.00",
    ],
    [
      "an amount with a comma",
      withEntries(500, entry("", "5,00")),
      "3: the entry has no readable amount (Amt): 5,00",
    ],
    [
      "an amount with six decimals",
      withEntries(500, entry("", "5.000001")),
      "3: the entry has no readable amount (Amt): 5.000001",
    ],
    [
      "an amount of 19 digits",
      withEntries(500, entry("", "1".repeat(19))),
      `3: the entry has no readable amount (Amt): ${"1".repeat(19)}`,
    ],
    ["two amounts", withEntries(500, entry('<Amt Ccy="EUR">5.00</Amt>')), "3: the entry has several Amt"],
    ["no amount", withEntries(500, entry("").replace(/<Amt.*<.Amt>/, "")), "3: the entry has no Amt"],
    [
      "no direction",
      withEntries(500, entry("").replace(/<CdtDbtInd>CRDT<.CdtDbtInd>/, "")),
      "3: the entry has no CdtDbtInd",
    ],
    [
      "an unknown direction",
      withEntries(500, entry("").replace("CRDT", "CREDIT")),
      "3: the entry is neither CRDT nor DBIT (CdtDbtInd): CREDIT",
    ],
    ["no status", withEntries(500, entry("").replace("<Sts>BOOK</Sts>", "")), "3: the entry has no Sts"],
    [
      "another currency",
      withEntries(500, entry("").replace("EUR", "USD")),
      `3: the entry is in USD and the statement S1 of account ${ACCOUNT} in EUR`,
    ],
    [
      "another version",
      withEntries(0).replace("camt.053.001.02", "camt.053.001.13"),
      '1: the namespace of Document says "camt.053.001.13", which is none of camt.053.001.02, camt.053.001.08, camt.054.001.02, camt.054.001.08',
    ],
    [
      "another message",
      withEntries(0).replace("camt.053.001.02", "pain.001.001.03"),
      '1: the namespace of Document says "pain.001.001.03", which is none of camt.053.001.02, camt.053.001.08, camt.054.001.02, camt.054.001.08',
    ],
    [
      "no namespace",
      withEntries(0).replace(/ xmlns="[^"]*"/, ""),
      '1: the namespace of Document says "", which is none of camt.053.001.02, camt.053.001.08, camt.054.001.02, camt.054.001.08',
    ],
    ["no message at all", "<html><body/></html>", "1: no element Document of ISO 20022 stands in the file"],
    ["no XML", "Date;Montant\n", "2: no well-formed XML: text data outside of root node"],
    ["truncated", withEntries(500, entry("")).slice(0, -30), "3: no well-formed XML: unclosed tag: Stmt"],
    [
      "a tag closed by another",
      withEntries(500, "<Ntry><Amt></Ntry>"),
      "3: no well-formed XML: unexpected close tag",
    ],
    [
      "an entity that is not declared",
      withEntries(500, entry("<AddtlNtryInf>&lol;</AddtlNtryInf>")),
      "3: no well-formed XML: undefined entity",
    ],
    [
      "a NUL",
      withEntries(500, entry("<AddtlNtryInf>\0</AddtlNtryInf>")),
      "3: no well-formed XML: disallowed character",
    ],
    [
      "an entity bomb",
      `<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>\n${withEntries(0)}`,
      "2: a document type declaration (DOCTYPE) is not accepted",
    ],
    [
      "an external entity",
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${withEntries(500, entry("<AddtlNtryInf>&a;</AddtlNtryInf>"))}`,
      "1: a document type declaration (DOCTYPE) is not accepted",
    ],
    [
      "deep nesting",
      withEntries(500, entry(`${"<a>".repeat(100_000)}`)),
      "3: elements are nested more than 64 deep",
    ],
  ])("%s", async (_case, content, message) => {
    expect(await refusal(content)).toBe(`inbox/statement.xml:${message}`);
  });

  test("an empty file", async () => {
    expect(await refusal("")).toBe("inbox/statement.xml is empty");
  });

  test.each([
    ["text", `<AddtlNtryInf>${"x".repeat(10_000_000)}</AddtlNtryInf>`],
    ["comment", `<!--${"x".repeat(10_000_000)}-->`],
    ["attribute", `<AddtlNtryInf a="${"x".repeat(10_000_000)}"/>`],
    ["tag that never ends", `<AddtlNtryInf ${"x".repeat(10_000_000)}`],
    ["text between comments", `<AddtlNtryInf>${"xxxxxx<!--xxx-->".repeat(600_000)}</AddtlNtryInf>`],
    [
      "record",
      `<NtryDtls><TxDtls><RmtInf>${"<Ustrd>xxxxxxxx</Ustrd>".repeat(400_000)}</RmtInf></TxDtls></NtryDtls>`,
    ],
    ["document type that never ends", `<!DOCTYPE ${"x".repeat(10_000_000)}`],
  ])("10 MB of one %s", async (_case, content) => {
    expect(await refusal(withEntries(500, `\n${entry(content)}`))).toMatch(
      /^inbox\/statement\.xml:4: (more than 1048576 characters stand here in one text, tag or record|no well-formed XML: .*)$/,
    );
  });

  test("truncated gzip", async () => {
    const bytes = gzipSync(camtFile([JANUARY], "02"));
    expect(await refusal(bytes.subarray(0, -20), "s.xml.gz")).toMatch(
      /^inbox\/s\.xml\.gz:\d+: the gzip file is truncated: it stops after this line$/,
    );
  });

  test("the longest text is the same however the bytes arrive", async () => {
    const content = (length: number) =>
      withEntries(500, entry(`<AddtlNtryInf>${"x".repeat(length)}</AddtlNtryInf>`));
    for (const chunkBytes of [1, 7, 100, 5000]) {
      const cut = (length: number) =>
        readBack({ "statement.xml": content(length) }, { format: "camt" }, (delivered, stagingFolder) =>
          readCamt(delivered, stagingFolder, { chunkBytes, tokenLimit: 300 }),
        );
      await expect(cut(280)).resolves.toMatchObject({ malformed: [] });
      await expect(cut(301)).rejects.toThrow(
        "inbox/statement.xml:3: more than 300 characters stand here in one text, tag or record",
      );
    }
  });
});
