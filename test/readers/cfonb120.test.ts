import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { CFONB120_COLUMNS } from "../../pipelines/readers/cfonb120.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { readBack } from "./read-back.ts";
import {
  balanceRecord,
  cfonbRecords,
  complementRecord,
  fixed,
  movementRecord,
  overpunched,
} from "./statement-files.ts";

const ACCOUNT = "00012345678";
const JANUARY = {
  account: ACCOUNT,
  openingCents: 100_000,
  openedOn: "2023-12-31",
  closedOn: "2024-01-31",
  movements: [
    { cents: 45_012, bookedOn: "2024-01-05", label: "VIR SEPA DUPONT" },
    { cents: -1200, bookedOn: "2024-01-31", label: "FRAIS DE TENUE" },
  ],
};
const FEBRUARY = {
  account: ACCOUNT,
  openingCents: 143_812,
  openedOn: "2024-01-31",
  closedOn: "2024-02-29",
  movements: [{ cents: 1, bookedOn: "2024-02-29", label: "VIR" }],
};

const OLD = balanceRecord("01", ACCOUNT, "2023-12-31", 0);
const MOVEMENT = movementRecord(ACCOUNT, { cents: 500, bookedOn: "2024-01-05", label: "VIR" });
const COMPLEMENT = complementRecord(ACCOUNT, "2024-01-05", "LCC", "LOYER");
const NEW = balanceRecord("07", ACCOUNT, "2024-01-31", 500);

/** The record with the fields put at their places, counted from 1. */
function changed(record: string, fields: Readonly<Record<number, string>>): string {
  return [...record]
    .map((character, index) => {
      const [start, field] = Object.entries(fields).find(
        ([place, text]) => index + 1 >= Number(place) && index + 1 < Number(place) + text.length,
      ) ?? ["", ""];
      return field[index + 1 - Number(start)] ?? character;
    })
    .join("");
}

async function read(content: string | Uint8Array, file = "statement.txt") {
  const { columns, rows, malformed, staged } = await readBack({ [file]: content }, { format: "cfonb120" });
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

const amounts = (rows: readonly Record<string, unknown>[]) => rows.map(({ line, amount }) => [line, amount]);

describe("statements", () => {
  test("a movement is a row, with the balances of its statement", async () => {
    const { columns, rows, staged } = await read(cfonbRecords(JANUARY).join("\n"));
    expect(columns).toEqual(CFONB120_COLUMNS);
    expect(rows[0]).toMatchObject({
      line: 2,
      bank_code: "30004",
      branch_code: "00812",
      account: ACCOUNT,
      currency: "EUR",
      opened_on: "2023-12-31",
      closed_on: "2024-01-31",
      opening_balance: "1000.00",
      closing_balance: "1438.12",
      operation_code: "05",
      internal_code: "0162",
      reason_code: null,
      booked_on: "2024-01-05",
      value_on: "2024-01-05",
      label: "VIR SEPA DUPONT",
      entry_number: "0000000",
      reference: null,
      amount: "450.12",
      detail_lib: null,
      detail_other: null,
    });
    expect(amounts(rows)).toEqual([
      [2, "450.12"],
      [3, "-12.00"],
    ]);
    expect(staged).toMatchObject({ rowsRead: 2, malformedRows: 0, encoding: "utf-8" });
  });

  test("several statements and accounts in one file", async () => {
    const other = { ...FEBRUARY, account: "00099999999", openingCents: -7 };
    const { rows } = await read([JANUARY, other, FEBRUARY].flatMap(cfonbRecords).join("\n"));
    expect(rows.map(({ account, opening_balance, amount }) => [account, opening_balance, amount])).toEqual([
      [ACCOUNT, "1000.00", "450.12"],
      [ACCOUNT, "1000.00", "-12.00"],
      ["00099999999", "-0.07", "0.01"],
      [ACCOUNT, "1438.12", "0.01"],
    ]);
  });

  test("a statement without movements has no rows", async () => {
    expect((await read(cfonbRecords({ ...JANUARY, movements: [] }).join("\n"))).rows).toEqual([]);
  });

  test.each([
    ["LF", `${cfonbRecords(JANUARY).join("\n")}\n`, [2, 3]],
    ["CR LF", `${cfonbRecords(JANUARY).join("\r\n")}\r\n`, [2, 3]],
    ["LF, the last line not ended", cfonbRecords(JANUARY).join("\n"), [2, 3]],
    ["blank lines between", `\n${cfonbRecords(JANUARY).join("\n\n")}\n\n`, [4, 6]],
    ["the end of file of old systems", `${cfonbRecords(JANUARY).join("\r\n")}\r\n\u001a`, [2, 3]],
    ["no line ends: the number of the record", cfonbRecords(JANUARY).join(""), [2, 3]],
    ["no line ends but the last", `${cfonbRecords(JANUARY).join("")}\r\n`, [2, 3]],
    ["byte order mark", `\ufeff${cfonbRecords(JANUARY).join("\n")}`, [2, 3]],
  ])("records: %s", async (_case, content, lines) => {
    expect((await read(content)).rows.map(({ line }) => line)).toEqual(lines);
  });

  test("gzip", async () => {
    expect((await read(gzipSync(cfonbRecords(JANUARY).join("\n")), "statement.gz")).rows).toHaveLength(2);
  });
});

describe("fields of a movement", () => {
  test.each([
    ["0000000000000A", "2", "0.01"],
    ["0000000000123{", "2", "12.30"],
    ["0000000000123D", "0", "1234.00"],
    ["0000000000123D", "3", "1.234"],
    ["0000000000123M", "4", "-0.1234"],
    ["9999999999999R", "2", "-999999999999.99"],
    ["0000000000000}", "2", "0.00"],
  ])("amount %s with %s decimals is %s", async (field, decimals, amount) => {
    const old = changed(balanceRecord("01", ACCOUNT, "2024-01-01", 0), { 20: decimals });
    const movement = changed(MOVEMENT, { 20: decimals, 91: field });
    const closing = changed(NEW, { 20: decimals, 91: field });
    expect((await read([old, movement, closing].join("\n"))).rows).toMatchObject([{ amount }]);
  });

  test.each([
    ["310124", "2024-01-31"],
    ["290224", "2024-02-29"],
    ["010169", "2069-01-01"],
    ["010170", "1970-01-01"],
    ["300224", "300224"],
    ["3101 4", "3101 4"],
    ["      ", null],
  ])("booked on %s is %j: what is no day passes through", async (field, booked_on) => {
    expect((await read([OLD, changed(MOVEMENT, { 35: field }), NEW].join("\n"))).rows).toMatchObject([
      { booked_on },
    ]);
  });

  test("a value day of zeros is none", async () => {
    const movement = changed(MOVEMENT, { 43: "000000" });
    expect((await read([OLD, movement, NEW].join("\n"))).rows).toMatchObject([{ value_on: null }]);
  });

  test("reason, entry number and reference", async () => {
    const movement = changed(MOVEMENT, { 41: "A1", 82: "0000042", 105: "REF 1234567890 X" });
    expect((await read([OLD, movement, NEW].join("\n"))).rows).toMatchObject([
      { reason_code: "A1", entry_number: "0000042", reference: "REF 1234567890 X" },
    ]);
  });

  test.each([
    ["Windows-1252", iconv.encode("LOYER ÉTÉ 12 €", "windows-1252"), "windows-1252"],
    ["UTF-8", Buffer.from("LOYER ÉTÉ 12 €"), "utf-8"],
  ])("label in %s", async (_case, label, encoding) => {
    const content = Buffer.concat([
      Buffer.from(`${OLD}\n${MOVEMENT.slice(0, 48)}`),
      label,
      Buffer.from(`${MOVEMENT.slice(62)}\n${NEW}\n`),
    ]);
    const { rows, staged } = await read(content);
    expect([rows[0]?.label, rows[0]?.amount, staged?.encoding]).toEqual(["LOYER ÉTÉ 12 €", "5.00", encoding]);
  });
});

describe("complements", () => {
  const details = async (...complements: (readonly [qualifier: string, text: string])[]) => {
    const records = complements.map(([qualifier, text]) =>
      complementRecord(ACCOUNT, "2024-01-05", qualifier, text),
    );
    return (await read([OLD, MOVEMENT, ...records, NEW].join("\n"))).rows[0];
  };

  test("each qualifier has its column", async () => {
    const qualifiers = ["LIB", "NPY", "IPY", "NBE", "IBE", "LCC", "RCN", "REF", "MMO", "RUM", "CPY"];
    const row = await details(...qualifiers.map((qualifier) => [qualifier, `text of ${qualifier}`] as const));
    for (const qualifier of qualifiers) {
      expect(row?.[`detail_${qualifier.toLowerCase()}`]).toBe(`text of ${qualifier}`);
    }
  });

  test("repeats are joined; the two halves of 35 characters stay where they are", async () => {
    expect(
      await details(["LCC", "LOYER JANVIER"], ["LCC", "APPT 12"], ["RCN", `${"E2E-1".padEnd(35)}LOYER`]),
    ).toMatchObject({ detail_lcc: "LOYER JANVIER APPT 12", detail_rcn: `${"E2E-1".padEnd(35)}LOYER` });
  });

  test("other qualifiers stand together", async () => {
    expect(await details(["NPO", "CAF"], ["XYZ", "a  b"])).toMatchObject({
      detail_other: "NPO CAF | XYZ a  b",
    });
  });

  test("one without currency, as some banks write them", async () => {
    const content = [OLD, MOVEMENT, changed(COMPLEMENT, { 17: "    " }), NEW].join("\n");
    expect((await read(content)).rows).toMatchObject([{ detail_lcc: "LOYER" }]);
  });

  test("a NUL in a complement makes its movement malformed; the balance still counts it", async () => {
    const { rows, malformed } = await read(
      [OLD, MOVEMENT, changed(COMPLEMENT, { 60: "\0" }), NEW].join("\n"),
    );
    expect(rows).toEqual([]);
    expect(malformed).toMatchObject([[1, 2, "nul_byte", expect.stringContaining("LOYER")]]);
  });
});

describe("a file that cannot be trusted is refused as a whole", () => {
  test.each<[string, readonly string[], string]>([
    [
      "movements that do not make the new balance",
      [OLD, MOVEMENT, changed(NEW, { 91: overpunched(501) })],
      "3: account 30004 00812 00012345678, 2023-12-31 to 2024-01-31: the old balance 0.00 and movements of 5.00 do not make the new balance 5.01",
    ],
    [
      "a statement that does not continue the one before it",
      [...cfonbRecords(JANUARY), ...cfonbRecords({ ...FEBRUARY, openingCents: 1 })],
      "5: account 30004 00812 00012345678, 2024-01-31: the old balance is 0.01, but its statement before this one ends with 1438.12",
    ],
    [
      "a complement before any movement",
      [OLD, COMPLEMENT, MOVEMENT, NEW],
      "2: a complement (record 05) stands before any movement (record 04)",
    ],
    [
      "a complement of another operation",
      [OLD, MOVEMENT, changed(COMPLEMENT, { 33: "21" }), NEW],
      "3: a complement of operation 21050124 follows the movement of operation 05050124",
    ],
    [
      "a complement of another day",
      [OLD, MOVEMENT, changed(COMPLEMENT, { 35: "060124" }), NEW],
      "3: a complement of operation 05060124 follows the movement of operation 05050124",
    ],
    [
      "a movement before the old balance",
      [MOVEMENT, OLD, NEW],
      "1: a record 04 stands outside a statement: no record 01 before it",
    ],
    [
      "a movement after the new balance",
      [OLD, MOVEMENT, NEW, MOVEMENT],
      "4: a record 04 stands outside a statement: no record 01 before it",
    ],
    [
      "a statement inside a statement",
      [OLD, MOVEMENT, OLD],
      "3: a statement begins before the new balance (record 07) of account 30004 00812 00012345678, begun on line 1",
    ],
    [
      "no new balance",
      [OLD, MOVEMENT],
      "2: the file ends before the new balance (record 07) of account 30004 00812 00012345678, begun on line 1",
    ],
    [
      "a movement of another account",
      [OLD, changed(MOVEMENT, { 22: "00099999999" }), NEW],
      "2: a record of account 30004 00812 00099999999 stands in the statement of account 30004 00812 00012345678",
    ],
    [
      "another currency",
      [OLD, changed(MOVEMENT, { 17: "USD2" }), NEW],
      "2: a record in USD with 2 decimals stands in a statement in EUR with 2",
    ],
    [
      "other decimals",
      [OLD, MOVEMENT, changed(NEW, { 17: "EUR3" })],
      "3: a record in EUR with 3 decimals stands in a statement in EUR with 2",
    ],
    [
      "no decimals",
      [changed(OLD, { 20: "9" })],
      '1: "EUR9" (places 17 to 20) is no currency with its number of decimals, 0 to 4',
    ],
    [
      "an amount without signed digit",
      [OLD, changed(MOVEMENT, { 91: "00000000000500" }), NEW],
      '2: "00000000000500" (places 91 to 104) is no amount of 13 digits and a signed digit',
    ],
    [
      "an amount with a letter",
      [OLD, changed(MOVEMENT, { 91: "0000000000O05{" }), NEW],
      '2: "0000000000O05{" (places 91 to 104) is no amount of 13 digits and a signed digit',
    ],
    [
      "a balance on no day",
      [changed(OLD, { 35: "310224" })],
      '1: "310224" (places 35 to 40) is no day written ddmmyy',
    ],
    [
      "an unknown record",
      [OLD, fixed({ 1: "31" }), NEW],
      '2: "31" begins no record of a statement (01, 04, 05, 07)',
    ],
    ["a short line", [OLD, MOVEMENT.slice(0, 104), NEW], "2: the line has 104 characters instead of 120"],
    ["a long line", [OLD, `${MOVEMENT} `, NEW], "2: the line has more than 120 characters"],
    ["a first line that is too long", [`${OLD} `, MOVEMENT, NEW], "1: the line has more than 120 characters"],
  ])("%s", async (_case, records, message) => {
    expect(await refusal(`${records.join("\n")}\n`)).toBe(`inbox/statement.txt:${message}`);
  });

  test.each([
    ["empty", "", "inbox/statement.txt is empty"],
    ["blank", "\n\n", "inbox/statement.txt is empty"],
    [
      "blocks cut in the middle",
      cfonbRecords(JANUARY).join("").slice(0, -20),
      "inbox/statement.txt:4: the last record has 100 characters instead of 120",
    ],
    [
      "a line of 10 MB",
      `${OLD}\n${"x".repeat(10_000_000)}`,
      "inbox/statement.txt:2: the line has more than 120 characters",
    ],
    [
      "another format",
      "Date;Libellé;Montant\n31/01/2024;VIR;12,00\n",
      "inbox/statement.txt:1: the line has 20 characters instead of 120",
    ],
  ])("%s", async (_case, content, message) => {
    expect(await refusal(content)).toBe(message);
  });

  test("truncated gzip", async () => {
    const bytes = gzipSync(cfonbRecords(JANUARY).join("\n"));
    expect(await refusal(bytes.subarray(0, -10), "s.gz")).toMatch(
      /^inbox\/s\.gz: the gzip file is truncated: it stops after line \d$/,
    );
  });
});
