import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { FEC_COLUMNS } from "../../pipelines/readers/fec.ts";
import type { Feed } from "../../pipelines/strategy/strategy.ts";
import { readBack } from "./read-back.ts";

const read = (content: string | Uint8Array, keys: Partial<Feed> = {}) =>
  readBack({ "123456789FEC20241231.txt": content }, { format: "fec", ...keys });

const ENTRY = {
  ...{ JournalCode: "VT", JournalLib: "Quittances", EcritureNum: "1", EcritureDate: "20240131" },
  ...{ CompteNum: "411100", CompteLib: "Locataires", CompAuxNum: "L0001", CompAuxLib: "DUPONT" },
  ...{ PieceRef: "Q1", PieceDate: "20240131", EcritureLib: "Loyer", Debit: "1234,56", Credit: "0,00" },
  ...{ EcritureLet: "", DateLet: "", ValidDate: "20240205", Montantdevise: "", Idevise: "" },
};
const NAMES = Object.keys(ENTRY);

function fec(entries: readonly Readonly<Record<string, string>>[], names = NAMES, separator = "\t"): string {
  const lines = entries.map((entry) => names.map((name) => entry[name] ?? "").join(separator));
  return [names.join(separator), ...lines, ""].join("\r\n");
}

/** The cells of the first row by column, blanks left out. */
async function firstRow(content: string | Uint8Array, keys: Partial<Feed> = {}) {
  const { rows, columns } = await read(content, keys);
  const cells = columns.map((column, i) => [column, rows[0]?.[i + 2]] as const);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== null));
}

const FILLED = Object.fromEntries(Object.entries(ENTRY).filter(([, cell]) => cell !== ""));

describe("the 18 fields have their names and their text", () => {
  test.each([
    ["separated by tabs", fec([ENTRY])],
    ["separated by |", fec([ENTRY], NAMES, "|")],
    ["in capitals", fec([ENTRY]).replace(/.*/, (header) => header.toUpperCase())],
    ["with a byte order mark", `\ufeff${fec([ENTRY])}`],
    ["in another order", fec([ENTRY], NAMES.toReversed())],
    ["compressed", gzipSync(fec([ENTRY]))],
  ])("%s", async (_, content) => {
    const { columns, staged } = await read(content);
    expect(columns).toEqual(FEC_COLUMNS);
    expect(staged[0]).toMatchObject({ rowsRead: 1, malformedRows: 0 });
    expect(await firstRow(content)).toEqual(FILLED);
  });

  test("quotes are letters", async () => {
    const libelle = '"Réparation" d\'un 2" ';
    expect(await firstRow(fec([{ ...ENTRY, EcritureLib: libelle }]))).toMatchObject({ EcritureLib: libelle });
  });

  test("files of one feed may differ in separator, order and sides", async () => {
    const sided = NAMES.map((name) => (name === "Debit" ? "Montant" : name === "Credit" ? "Sens" : name));
    const { rows } = await readBack(
      {
        "1.txt": fec([ENTRY]),
        "2.txt": fec([{ ...ENTRY, Montant: "5,00", Sens: "C" }], sided, "|"),
        "3.txt": fec([{ ...ENTRY, Montant: "6,00", Sens: "D" }], sided.toReversed(), "|"),
      },
      { format: "fec" },
    );
    expect(rows.map((row) => row.slice(13, 15))).toEqual([
      ["1234,56", "0,00"],
      [null, "5,00"],
      ["6,00", null],
    ]);
  });
});

describe("Montant and Sens give Debit and Credit", () => {
  const sided = NAMES.map((name) => (name === "Debit" ? "Montant" : name === "Credit" ? "Sens" : name));
  test.each([
    ["12,00", "D", "12,00", undefined],
    ["12,00", "C", undefined, "12,00"],
    ["-12,00", "d", "-12,00", undefined],
    ["12,00", "+1", "12,00", undefined],
    ["12,00", "-1", undefined, "12,00"],
    ["12,00", "X", "12,00 Sens X", "12,00 Sens X"],
    ["12,00", "", "12,00 Sens", "12,00 Sens"],
  ])("%s %s → %s, %s", async (Montant, Sens, Debit, Credit) => {
    const row = await firstRow(fec([{ ...ENTRY, Montant, Sens }], sided));
    expect([row.Debit, row.Credit]).toEqual([Debit, Credit]);
  });
});

describe("the encoding is found from the bytes", () => {
  const content = (libelle: string) => fec([{ ...ENTRY, EcritureLib: libelle }]);
  test.each([
    ["utf-8", "Reçu 5 € d’été"],
    ["iso-8859-15", "Reçu 5 € œuvre"],
    ["iso-8859-15", "Reçu d'été"],
    ["windows-1252", "Reçu 5 € d’été"],
    ["windows-1252", "œuvre"],
  ])("%s: %s", async (encoding, libelle) => {
    const bytes = iconv.encode(content(libelle), encoding);
    expect((await read(bytes)).staged[0]).toMatchObject({ encoding });
    expect(await firstRow(bytes)).toMatchObject({ EcritureLib: libelle });
  });

  test("the last byte of the file decides", async () => {
    const entries = Array.from({ length: 20_000 }, () => ({ ...ENTRY, EcritureLib: "Reçu 5 ¤" }));
    const bytes = iconv.encode(fec([...entries, { ...ENTRY, EcritureLib: "d’été" }]), "windows-1252");
    const { rows, staged } = await read(bytes);
    expect(staged[0]).toMatchObject({ encoding: "windows-1252", rowsRead: 20_001 });
    expect(rows[0]?.[12]).toBe("Reçu 5 ¤");
  });

  test("unless the feed declares it", async () => {
    const bytes = iconv.encode(content("l´avoir"), "windows-1252");
    expect(await firstRow(bytes)).toMatchObject({ EcritureLib: "lŽavoir" });
    expect(await firstRow(bytes, { encoding: "windows-1252" })).toMatchObject({ EcritureLib: "l´avoir" });
  });
});

describe("what is no FEC is refused with what is wrong", () => {
  const without = (...names: string[]) =>
    fec(
      [ENTRY],
      NAMES.filter((name) => !names.includes(name)),
    );
  test.each([
    [
      "a field missing",
      without("CompAuxNum"),
      "the header line has no field CompAuxNum; its fields are JournalCode,",
    ],
    [
      "sides missing",
      without("Debit", "Credit"),
      "the header line has no field Debit, Credit; its fields are",
    ],
    ["one side missing", without("Credit"), "the header line has no field Credit; its fields are"],
    [
      "fields too many",
      fec([ENTRY], [...NAMES, "NatOp", "IdClient"]),
      "the header line has NatOp, IdClient, no field",
    ],
    ["a field twice", fec([ENTRY], [...NAMES, "debit"]), 'the header line names the column "debit" twice'],
    [
      "another separator",
      fec([ENTRY], NAMES, ";"),
      'the header line is separated by ";", and a FEC by tabs or "|"',
    ],
    ["no header", fec([ENTRY]).replace(/.*\r\n/, ""), 'the header line names the column "20240131" twice'],
  ])("%s", async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(`inbox/123456789FEC20241231.txt:1: ${message}`);
  });

  test("a separator that the feed declares is taken", async () => {
    expect(await firstRow(fec([ENTRY], NAMES, ";"), { separator: ";" })).toEqual(FILLED);
  });

  test("a line of another number of fields is malformed", async () => {
    const { rows, malformed } = await read(`${fec([ENTRY])}VT\t1\r\n`);
    expect(rows.length).toBe(1);
    expect(malformed).toEqual([[1, 3, "wrong_field_count", "VT\t1"]]);
  });
});
