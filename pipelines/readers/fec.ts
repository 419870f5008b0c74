import { UserError } from "../user-error.ts";
import { type DelimitedSizes, readText, SIZES } from "./delimited.ts";
import type { DeliveredFile, StagedFile, TextScan } from "./reader.ts";

/** The fields of a FEC, in the order of the decree; these are the columns of the view of a feed in `format: fec`. */
export const FEC_COLUMNS = [
  "JournalCode",
  "JournalLib",
  "EcritureNum",
  "EcritureDate",
  "CompteNum",
  "CompteLib",
  "CompAuxNum",
  "CompAuxLib",
  "PieceRef",
  "PieceDate",
  "EcritureLib",
  "Debit",
  "Credit",
  "EcritureLet",
  "DateLet",
  "ValidDate",
  "Montantdevise",
  "Idevise",
] as const;

/** Which variant may stand in the place of Debit and Credit: an amount and its side. */
const AMOUNT_AND_SIDE = ["Montant", "Sens"] as const;

/**
 * Reads a FEC, the French accounting export (a Reader; LPF art. A47 A-1): delimited text whose 18 fields are separated by
 * tabs or `|`, without quotes, in UTF-8, ISO-8859-15 or Windows-1252. The columns of the view have the names of
 * `FEC_COLUMNS`, whatever their case and order in the file; their text is as delivered ("1234,56", "20240131").
 *
 * A file may give Montant and Sens instead of Debit and Credit: Montant is then the Debit where Sens is D or +1, the Credit
 * where it is C or -1; any other Sens stands after the amount in both, for the contract to refuse.
 *
 * Bytes that are not UTF-8 are ISO-8859-15, as the decree has it (0xa4 is €), unless one of them is 0x80 to 0x9f, where only
 * Windows-1252 has letters (0x80 is €). The feed's `encoding` decides otherwise: the two differ in eight more letters.
 *
 * @throws UserError naming the file: as `readDelimited`, another separator that the feed does not declare, a field of the 18
 *   missing or one that is none of them.
 */
export async function readFec(
  delivered: DeliveredFile,
  stagingFolder: string,
  sizes: DelimitedSizes = SIZES,
): Promise<StagedFile> {
  const unquoted = { ...delivered, feed: { ...delivered.feed, quote: "" } };
  const staged = await readText(unquoted, stagingFolder, sizes, ["utf-8", "iso-8859-15", "windows-1252"]);
  const { scan, columns, file } = staged;
  if (scan.kind !== "text") throw new Error("delimited text is staged as text");
  checkSeparator(delivered, scan);
  const places = new Map(columns.map((column, index) => [column.toLowerCase(), index]));
  const hasSide = AMOUNT_AND_SIDE.every((name) => places.has(name.toLowerCase()));
  const expected = FEC_COLUMNS.flatMap((name): string[] => {
    if (!hasSide || (name !== "Debit" && name !== "Credit")) return [name];
    return name === "Debit" ? [...AMOUNT_AND_SIDE] : [];
  });
  checkNames(file, columns, expected);
  const field = (name: string) => `field_${(places.get(name.toLowerCase()) ?? 0) + 1}`;
  const texts = FEC_COLUMNS.map((name) => {
    if (hasSide && name === "Debit")
      return sideText(field("Montant"), field("Sens"), "'D', '+1', '1'", "'C', '-1'");
    if (hasSide && name === "Credit")
      return sideText(field("Montant"), field("Sens"), "'C', '-1'", "'D', '+1', '1'");
    return field(name);
  });
  return { ...staged, columns: FEC_COLUMNS, scan: { ...scan, texts } };
}

/** The amount of one side; what is on neither side shows on both. */
function sideText(amount: string, side: string, own: string, other: string): string {
  const word = `upper(trim(coalesce(${side}, '')))`;
  return `(case when ${word} in (${own}) then ${amount} when ${word} not in (${other}) then concat_ws(' ', ${amount}, 'Sens', ${side}) end)`;
}

function checkSeparator({ feed, file }: DeliveredFile, { separator }: TextScan): void {
  if (feed.separator !== undefined || separator === "\t" || separator === "|") return;
  throw new UserError(
    `inbox/${file}:1: the header line is separated by ${JSON.stringify(separator)}, and a FEC by tabs or "|"`,
    "Have the FEC exported again, or declare the feed's separator in vigie.yaml.",
  );
}

function checkNames(file: string, columns: readonly string[], expected: readonly string[]): void {
  const remedy = `Have the FEC exported with its 18 fields: ${FEC_COLUMNS.join(", ")}.`;
  const found = new Set(columns.map((column) => column.toLowerCase()));
  const missing = expected.filter((name) => !found.has(name.toLowerCase()));
  if (missing.length > 0) {
    const what = `has no field ${missing.join(", ")}; its fields are ${columns.join(", ")}`;
    throw new UserError(`inbox/${file}:1: the header line ${what}`, remedy);
  }
  const known = new Set(expected.map((name) => name.toLowerCase()));
  const unknown = columns.filter((name) => !known.has(name.toLowerCase()));
  if (unknown.length > 0) {
    throw new UserError(
      `inbox/${file}:1: the header line has ${unknown.join(", ")}, no field of a FEC`,
      remedy,
    );
  }
}
