import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Delivery } from "../../data-samples/simulator/delivery.ts";
import { type CellValue, type SheetColumn, Workbook } from "../../data-samples/simulator/exports/workbook.ts";
import { readBack } from "../readers/read-back.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-workbook-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Sheets = Readonly<Record<string, { columns: readonly SheetColumn[]; rows: readonly CellValue[][] }>>;

describe("a workbook as the reader sees it", () => {
  test("each kind of cell, under one header row", async () => {
    const workbook = await bytesOf({
      Relevé: {
        columns: [
          { title: "Bail", kind: "text" },
          { title: "Le", kind: "date" },
          { title: "Rang", kind: "number" },
          { title: "Solde", kind: "amount" },
          { title: "Parti", kind: "flag" },
        ],
        rows: [
          ["0012", 0, 3, -123_456, true],
          [null, 20_512, null, 5, false],
        ],
      },
    });
    const { columns, rows, malformed } = await readBack({ "a.xlsx": workbook }, { format: "xlsx" });
    expect(columns).toEqual(["Bail", "Le", "Rang", "Solde", "Parti"]);
    expect(rows).toEqual([
      [1, 2, "0012", "1970-01-01", "3", "-1234.56", "true"],
      [1, 3, null, "2026-02-28", null, "0.05", "false"],
    ]);
    expect(malformed).toEqual([]);
  });

  test("a header of two rows: groups across their columns, lone titles down both rows", async () => {
    const workbook = await bytesOf({
      Suivi: {
        columns: [
          { title: "N°", kind: "text" },
          { group: "Action", title: "Date", kind: "date" },
          { group: "Action", title: "Nature", kind: "text" },
          { group: "Suivi", title: "Nature", kind: "text" },
        ],
        rows: [["1", 19_000, "Appel", "Joint"]],
      },
    });
    const keys = { format: "xlsx", header_rows: 2 } as const;
    const { columns, rows } = await readBack({ "a.xlsx": workbook }, keys);
    expect(columns).toEqual(["N°", "Action Date", "Action Nature", "Suivi Nature"]);
    expect(rows).toEqual([[1, 3, "1", "2022-01-08", "Appel", "Joint"]]);
  });

  test("several sheets, by their names", async () => {
    const sheet = (word: string) => ({ columns: [{ title: "Mot", kind: "text" as const }], rows: [[word]] });
    const workbook = await bytesOf({ "Été & hiver": sheet("un"), "L'autre": sheet("deux") });
    for (const [name, word] of [
      ["Été & hiver", "un"],
      ["L'autre", "deux"],
    ] as const) {
      const { rows } = await readBack({ "a.xlsx": workbook }, { format: "xlsx", sheet: name });
      expect(rows).toEqual([[1, 2, word]]);
    }
  });

  test("any text, more of them than a workbook shares between its cells", async () => {
    // XML cannot hold U+FFFE and U+FFFF, and the reader refuses a row with a NUL.
    const text = fc
      .string({ unit: "binary", minLength: 1 })
      .map((value) => value.replaceAll(/[\uFFFE\uFFFF]|\0/g, "?"));
    const texts = fc.sample(fc.oneof(text, fc.stringMatching(/^(_x[0-9A-F]{4}_|[&<>"'\n\t_x]){1,9}$/)), {
      seed: 1,
      numRuns: 3_000,
    });
    const unnumbered = [...texts, "_x000D_", "=1+1", " espaces ", "fin\r\n"];
    const workbook = await bytesOf({
      Textes: {
        columns: [
          { title: "n", kind: "number" },
          { title: "texte", kind: "text" },
        ],
        rows: unnumbered.map((value, index) => [index, value]),
      },
    });
    const { rows } = await readBack({ "a.xlsx": workbook }, { format: "xlsx" });
    expect(rows.map(([, , , cell]) => cell)).toEqual(unnumbered);
  });
});

test("the same rows give the same bytes", async () => {
  const sheets = { A: { columns: [{ title: "x", kind: "text" as const }], rows: [["é"], ["è"]] } };
  expect(await bytesOf(sheets)).toEqual(await bytesOf(sheets));
});

async function bytesOf(sheets: Sheets): Promise<Buffer> {
  const folder = mkdtempSync(join(scratch, "workbook-"));
  const workbook = new Workbook(new Delivery(folder), new Delivery(join(folder, "drafts")), "w.xlsx");
  for (const [name, { columns, rows }] of Object.entries(sheets)) {
    const sheet = workbook.sheet(name, columns);
    for (const row of rows) sheet.add(row);
  }
  await workbook.close();
  return readFileSync(join(folder, "w.xlsx"));
}
