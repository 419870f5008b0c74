import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openPromise } from "yauzl";
import { readBack } from "./read-back.ts";

const FOLDER = new URL("../../data-samples/formats/", import.meta.url);
const sample = (file: string) => ({ [file]: readFileSync(new URL(file, FOLDER)) });

const COLUMNS = ["Bail", "Date", "Libellé", "Montant"];
const ENTRIES = [
  ["L001", "31/01/2024", "Loyer de janvier", "1 234,56"],
  ["L002", "31/01/2024", 'Réparation "évier" ; 2e passage', "80,00"],
  ["L001", "05/02/2024", "Prélèvement", "-1 234,56"],
  ["L003", "06/02/2024", "Reçu\nespèces", null],
];

test.each([
  ["semicolon-windows-1252.csv", "windows-1252", [2, 3, 4, 5]],
  ["comma-utf-8-mark.csv", "utf-8", [2, 3, 4, 5]],
  ["tab-utf-8.txt", "utf-8", [2, 3, 4, 5]],
  ["pipe-utf-8.csv.gz", "utf-8", [2, 3, 4, 6]],
])("%s", async (file, encoding, lines) => {
  const { columns, rows, malformed, staged } = await readBack(sample(file));
  expect(columns).toEqual(COLUMNS);
  expect(rows).toEqual(ENTRIES.map((entry, i) => [1, lines[i], ...entry]));
  expect(malformed).toEqual([]);
  expect(staged[0]).toMatchObject({ encoding, rowsRead: 4 });
});

test("ledger.parquet", async () => {
  const { columns, rows, staged } = await readBack(sample("ledger.parquet"), { format: "parquet" });
  expect(columns).toEqual(COLUMNS);
  expect(rows).toEqual([
    [1, 2, "L001", "2024-01-31", "Loyer de janvier", "1234.56"],
    [1, 3, "L002", "2024-01-31", 'Réparation "évier" ; 2e passage', "80.00"],
    [1, 4, "L001", "2024-02-05", "Prélèvement", "-1234.56"],
    [1, 5, "L003", "2024-02-06", "Reçu\nespèces", null],
  ]);
  expect(staged[0]).toMatchObject({ encoding: null, rowsRead: 4 });
});

test("ledger.xlsx, two header rows with merged cells", async () => {
  const { columns, rows, malformed, staged } = await readBack(sample("ledger.xlsx"), {
    format: "xlsx",
    header_row: 3,
    header_rows: 2,
  });
  expect(columns).toEqual(["Bail", "Écriture Date", "Écriture Libellé", "Montant"]);
  expect(rows).toEqual([
    [1, 5, "L001", "2024-01-31", "Loyer de janvier", "1234.56"],
    [1, 6, "L002", "2024-01-31", 'Réparation "évier" ; 2e passage', "80,00"],
    [1, 7, "L001", "2024-02-05", "Prélèvement", "-1234.56"],
    [1, 9, "L003", "06/02/2024", "Reçu\nespèces", null],
  ]);
  expect(malformed).toEqual([]);
  expect(staged[0]).toMatchObject({ encoding: null, rowsRead: 4 });
});

test("ledger.xlsx, the sheet of cells that cannot be read", async () => {
  const { rows, malformed } = await readBack(sample("ledger.xlsx"), { format: "xlsx", sheet: 2 });
  expect(rows).toEqual([[1, 6, '=HYPERLINK("http://exemple.fr")', "12.5"]]);
  expect(malformed).toEqual([
    [1, 2, "error_cell", "B2 #N/A (L001;#N/A)"],
    [1, 3, "formula_without_value", "B3  (L001;)"],
    [1, 4, "unreadable_cell", "B4 60 (L002;60)"],
    [1, 5, "wrong_field_count", "C5 ?"],
  ]);
});

test("ledger.xlsx holds what ledger-workbook shows", async () => {
  const workbook = await openPromise(fileURLToPath(new URL("ledger.xlsx", FOLDER)));
  for await (const entry of workbook.eachEntry()) {
    const packed = await buffer(await workbook.openReadStreamPromise(entry));
    expect(packed.equals(readFileSync(new URL(`ledger-workbook/${entry.fileName}`, FOLDER)))).toBe(true);
  }
  expect(workbook.entriesRead).toBe(8);
});

test.each([
  ["fec-tab-utf-8.txt", "utf-8"],
  ["fec-pipe-iso-8859-15.txt", "iso-8859-15"],
])("%s", async (file, encoding) => {
  const { columns, rows, malformed, staged } = await readBack(sample(file), { format: "fec" });
  const shown = ["CompteNum", "CompAuxNum", "EcritureDate", "EcritureLib"].map((name) =>
    columns.indexOf(name),
  );
  const [debit, credit] = [columns.indexOf("Debit"), columns.indexOf("Credit")];
  const amount = (cell: string | number | null | undefined) => (cell === "0,00" ? null : cell);
  expect(
    rows.map(([, line, ...cells]) => [
      line,
      ...shown.map((place) => cells[place]),
      amount(cells[debit]),
      amount(cells[credit]),
    ]),
  ).toEqual([
    [2, "411100", "L001", "20240131", "Loyer de janvier", "1234,56", null],
    [3, "704000", null, "20240131", "Loyer de janvier", null, "1234,56"],
    [4, "411100", "L002", "20240131", 'Réparation "évier" ; 2e passage', "80,00", null],
    [5, "708000", null, "20240131", 'Réparation "évier" ; 2e passage', null, "80,00"],
    [6, "512000", null, "20240205", "Prélèvement", "1234,56", null],
    [7, "411100", "L001", "20240205", "Prélèvement", null, "1234,56"],
    [8, "411100", "L003", "20240206", "Reçu 5 € espèces", null, "5,00"],
    [9, "530000", null, "20240206", "Reçu 5 € espèces", "5,00", null],
  ]);
  expect(malformed).toEqual([]);
  expect(staged[0]).toMatchObject({ encoding, rowsRead: 8 });
});

test("malformed.csv", async () => {
  const { rows, malformed, staged } = await readBack(sample("malformed.csv"));
  expect(rows).toEqual([
    [1, 2, "L001", "31/01/2024", "Loyer de janvier", "1 234,56"],
    [1, 6, "L003", "07/02/2024", "Reçu", "12,00"],
  ]);
  expect(malformed).toEqual([
    [1, 3, "wrong_field_count", "L002;31/01/2024;80,00"],
    [1, 4, "bad_quote", 'L001;05/02/2024;"Prélèvement;-1 234,56'],
    [1, 5, "bad_quote", 'L003;06/02/2024;"Reçu" espèces;12,00'],
  ]);
  expect(staged[0]).toMatchObject({ rowsRead: 5, malformedRows: 3 });
});

/** The columns named, of every row; null as a dash. */
async function told(file: string, format: "cfonb120" | "camt" | "pain002", names: string) {
  const { columns, rows, malformed } = await readBack(sample(file), { format });
  expect(malformed).toEqual([]);
  const places = names.split(" ").map((name) => columns.indexOf(name) + 2);
  return rows.map((row) => [row[1], ...places.map((place) => row[place] ?? "-")].join(" | "));
}

describe("bank files: one month of an account", () => {
  test("cfonb120.txt", async () => {
    const balances = "account opened_on closed_on opening_balance closing_balance";
    expect(await told("cfonb120.txt", "cfonb120", `${balances} booked_on value_on amount label`)).toEqual([
      "2 | 00020417735 | 2024-01-31 | 2024-02-29 | 1000.00 | 2038.00 | 2024-02-05 | 2024-02-05 | 450.00 | VIR SEPA RECU",
      "7 | 00020417735 | 2024-01-31 | 2024-02-29 | 1000.00 | 2038.00 | 2024-02-06 | 2024-02-06 | 1034.56 | PRLV SEPA REMISE",
      "8 | 00020417735 | 2024-01-31 | 2024-02-29 | 1000.00 | 2038.00 | 2024-02-08 | 2024-02-07 | -434.56 | PRLV SEPA IMPAYE",
      "11 | 00020417735 | 2024-01-31 | 2024-02-29 | 1000.00 | 2038.00 | 2024-02-29 | 2024-02-29 | -12.00 | FRAIS TENUE DE COMPTE",
    ]);
    expect(
      await told(
        "cfonb120.txt",
        "cfonb120",
        "operation_code reference detail_npy detail_lcc detail_rcn detail_rum",
      ),
    ).toEqual([
      "2 | 05 | REF0001 | DUPONT ZOÉ | LOYER FÉVRIER BAIL L001 | NOTPROVIDED | -",
      "7 | B1 | - | - | - | - | -",
      `8 | B1 | - | - | - | ${"E2E-L003-2024-02".padEnd(35)}LOYER | RUM-L003`,
      "11 | 62 | - | - | - | - | -",
    ]);
  });

  test.each(["camt053-02.xml", "camt053-08.xml"])("%s", async (file) => {
    const { staged } = await readBack(sample(file), { format: "camt" });
    expect(staged[0]).toMatchObject({ encoding: "utf-8", rowsRead: 6 });
    expect(
      await told(file, "camt", "opening_balance closing_balance booked_on status entry_amount amount"),
    ).toEqual([
      "23 | 1000.00 | 2038.00 | 2024-02-05 | BOOK | 450.00 | 450.00",
      "40 | 1000.00 | 2038.00 | 2024-02-06 | BOOK | 1034.56 | 600.00",
      "44 | 1000.00 | 2038.00 | 2024-02-06 | BOOK | 1034.56 | 434.56",
      "50 | 1000.00 | 2038.00 | 2024-02-08 | BOOK | -434.56 | -434.56",
      "56 | 1000.00 | 2038.00 | 2024-02-29 | BOOK | -12.00 | -12.00",
      "62 | 1000.00 | 2038.00 | - | PDNG | 99.00 | 99.00",
    ]);
    expect(
      await told(
        file,
        "camt",
        "entry_number position is_reversal end_to_end_id mandate_id debtor_name remittance",
      ),
    ).toEqual([
      "23 | 1 | 1 | false | - | - | DUPONT Zoé | LOYER FÉVRIER BAIL L001",
      "40 | 2 | 1 | false | E2E-L002-2024-02 | RUM-L002 | - | -",
      "44 | 2 | 2 | false | E2E-L003-2024-02 | RUM-L003 | - | -",
      "50 | 3 | 1 | true | - | - | - | -",
      "56 | 4 | 1 | false | - | - | - | -",
      "62 | 5 | 1 | false | - | - | - | -",
    ]);
  });

  test("camt054-return.xml", async () => {
    const names =
      "message account currency booked_on is_reversal amount end_to_end_id mandate_id debtor_name";
    expect(await told("camt054-return.xml", "camt", `${names} return_reason return_information`)).toEqual([
      "14 | camt.054 | FR7699998000210002041773542 | EUR | 2024-02-08 | true | -434.56 | E2E-L003-2024-02 | RUM-L003 | DURAND & FILS | AM04 | PROVISION INSUFFISANTE",
    ]);
  });

  test("pain002.xml", async () => {
    const names =
      "original_message_id original_payment_id status original_instruction_id end_to_end_id reason_code";
    expect(
      await told("pain002.xml", "pain002", `${names} amount collection_on mandate_id debtor_name`),
    ).toEqual([
      "10 | PRLV-2024-02 | LOT-1 | RJCT | I-L004 | E2E-L004-2024-02 | AC04 | 510.00 | 2024-02-06 | RUM-L004 | MARTIN Noël",
    ]);
  });
});
