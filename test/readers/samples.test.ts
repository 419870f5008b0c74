import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
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
