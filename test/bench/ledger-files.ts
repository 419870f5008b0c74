import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { FEC_COLUMNS } from "../../pipelines/readers/fec.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";
import { textRow, workbookParts } from "../readers/workbook.ts";

const COLUMNS = [
  "Ecriture",
  "Bail",
  "Date",
  "Echeance",
  "Nature",
  "Libellé",
  "Débit",
  "Crédit",
  "Agence",
  "Mode",
];

/** What a spreadsheet can hold, the header among them. */
const MOST_ROWS = 1_048_576;

interface Entry {
  readonly rank: number;
  readonly lease: string;
  readonly isDebit: boolean;
  readonly amount: string;
  readonly label: string;
}

function entryOf(rank: number): Entry {
  const cents = 10_000 + ((rank * 7919) % 90_000);
  return {
    rank,
    lease: `L${String((rank * 31) % 17_000).padStart(6, "0")}`,
    isDebit: rank % 3 !== 0,
    amount: `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, "0")}`,
    label: rank % 40 === 0 ? `Régularisation "eau" ; année ${rank % 9}` : `Quittance de février n° ${rank}`,
  };
}

/** Pieces of text of some 60 kB, until there are about so many bytes or so many entries. */
function* pieces(bytes: number, entries: number, textOf: (entry: Entry) => string): Generator<string> {
  let written = 0;
  for (let rank = 1; written < bytes && rank <= entries; ) {
    const texts: string[] = [];
    for (const last = Math.min(rank + 400, entries + 1); rank < last; rank++)
      texts.push(textOf(entryOf(rank)));
    const piece = texts.join("");
    written += Buffer.byteLength(piece);
    yield piece;
  }
}

/** Writes a ledger of about so many bytes, separated by `;`, in UTF-8, one field in 400 in quotes. */
export async function writeDelimited(path: string, bytes: number): Promise<void> {
  const line = ({ rank, lease, isDebit, amount, label }: Entry) => {
    const written = label.includes('"') ? `"${label.replaceAll('"', '""')}"` : label;
    const sides = isDebit ? `${amount};` : `;${amount}`;
    return `${rank};${lease};31/01/2024;05/02/2024;LOYER;${written};${sides};AG${rank % 12};PRLV\n`;
  };
  const text = Readable.from(pieces(bytes, Number.POSITIVE_INFINITY, line));
  const file = createWriteStream(path);
  file.write(`${COLUMNS.join(";")}\n`);
  await pipeline(text, file);
}

/** Writes a FEC of about so many bytes, separated by tabs, in UTF-8. */
export async function writeFec(path: string, bytes: number): Promise<void> {
  const line = ({ rank, lease, isDebit, amount, label }: Entry) => {
    const sides = isDebit ? [amount, "0,00"] : ["0,00", amount];
    const cells = ["VT", "Quittancement", rank, "20240131", "411100", "Locataires", lease, "DUPONT Zoé"];
    return `${[...cells, `Q${rank}`, "20240131", label, ...sides, "", "", "20240205", "", ""].join("\t")}\n`;
  };
  const file = createWriteStream(path);
  file.write(`${FEC_COLUMNS.join("\t")}\n`);
  await pipeline(Readable.from(pieces(bytes, Number.POSITIVE_INFINITY, line)), file);
}

/** Writes a workbook whose sheet is about so many bytes of XML, as far as one sheet goes; returns its bytes of XML. */
export async function writeWorkbook(path: string, bytes: number): Promise<number> {
  const place = "<!--rows-->";
  const parts = workbookParts({
    sheets: { Ecritures: `${textRow(1, COLUMNS)}${place}` },
    strings: ["LOYER", "PRLV", ...Array.from({ length: 12 }, (_, i) => `AG${i}`)].map(
      (text) => `<si><t>${text}</t></si>`,
    ),
  });
  const row = ({ rank, lease, isDebit, amount, label }: Entry) => {
    const r = rank + 1;
    const number = amount.replace(",", ".");
    const text = (column: string, cell: string) =>
      `<c r="${column}${r}" t="inlineStr"><is><t>${cell.replaceAll('"', "&quot;")}</t></is></c>`;
    const side = `<c r="${isDebit ? "G" : "H"}${r}" s="2"><v>${number}</v></c>`;
    const days = `<c r="C${r}" s="1"><v>45322</v></c><c r="D${r}" s="1"><v>45327</v></c>`;
    const shared = `<c r="I${r}" t="s"><v>${2 + (rank % 12)}</v></c><c r="J${r}" t="s"><v>1</v></c>`;
    return `<row r="${r}"><c r="A${r}"><v>${rank}</v></c>${text("B", lease)}${days}<c r="E${r}" t="s"><v>0</v></c>${text("F", label)}${side}${shared}</row>`;
  };
  let written = 0;
  const zip = new ZipFile();
  for (const { name, bytes: content } of parts) {
    const [before = "", after] = String(content).split(place);
    if (after === undefined) {
      zip.addBuffer(Buffer.from(before), name);
      continue;
    }
    const sheet = function* () {
      yield before;
      for (const piece of pieces(bytes, MOST_ROWS - 1, row)) {
        written += Buffer.byteLength(piece);
        yield piece;
      }
      yield after;
    };
    zip.addReadStream(Readable.from(sheet(), { objectMode: false }), name);
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return written;
}

/** Writes what DuckDB finds in a delimited file as Parquet, with days and decimals as such. */
export async function writeParquet(path: string, folder: string, delimited: string): Promise<void> {
  const { connection, close } = await openDatabase(":memory:", { readableFolders: [folder] });
  const select = `select * replace (
      strptime("Date", '%d/%m/%Y')::date as "Date", strptime("Echeance", '%d/%m/%Y')::date as "Echeance",
      replace("Débit", ',', '.')::decimal(12, 2) as "Débit", replace("Crédit", ',', '.')::decimal(12, 2) as "Crédit"
    ) from read_csv(${quoteText(delimited)}, header = true, delim = ';', all_varchar = true)`;
  await connection.run(`copy (${select}) to ${quoteText(path)} (format parquet)`);
  close();
}
