import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { UserError } from "../../../pipelines/user-error.ts";
import type { Delivery, TextFile } from "../delivery.ts";

/** A column of a sheet and how its cells are written. */
export interface SheetColumn {
  readonly title: string;
  /** Columns side by side under one group stand under one merged cell; a sheet with a group has two header rows. */
  readonly group?: string;
  /**
   * `text` takes strings; `date` takes days and writes real dates; `number` takes numbers; `amount` takes cents and
   * writes euros; `flag` takes booleans. A number whose file keeps it as text is a `text`.
   */
  readonly kind: "text" | "date" | "number" | "amount" | "flag";
}

/** What a cell holds, by its column's kind; null leaves it empty. */
export type CellValue = string | number | boolean | null;

/** Rows of a sheet, headers included, that a spreadsheet can open. */
const MOST_ROWS = 1_048_576;
/** Different texts kept as shared strings, as spreadsheets do; later ones stand in their cells. */
const MOST_SHARED = 1_000;
const COMPRESSION = 3;
// A day's number in a spreadsheet: 1 is 1 January 1900, and 29 February 1900 is counted.
const DAY_ZERO = 25_569;
const SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const HEADER = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
/** Places in the list of cell styles. */
const STYLES = { heading: 1, date: 2, amount: 3 } as const;

/** The texts that a workbook's cells share, in the order in which they came. */
class SharedTexts {
  readonly places = new Map<string, number>();
  uses = 0;

  /** The cell of a text, without its start. */
  cell(text: string): string {
    let place = this.places.get(text);
    if (place === undefined && this.places.size < MOST_SHARED) {
      place = this.places.size;
      this.places.set(text, place);
    }
    if (place === undefined)
      return ` t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
    this.uses++;
    return ` t="s"><v>${place}</v></c>`;
  }
}

/** A sheet being written; `add` never waits, the delivery of drafts does. */
export class Sheet {
  readonly name: string;
  /** Where its XML waits for the workbook to be closed. */
  readonly draft: TextFile;
  readonly #columns: readonly (SheetColumn & { readonly letters: string })[];
  readonly #texts: SharedTexts;
  readonly #headings: readonly (readonly string[])[];
  #row = 0;

  constructor(name: string, columns: readonly SheetColumn[], draft: TextFile, texts: SharedTexts) {
    this.name = name;
    this.draft = draft;
    this.#columns = columns.map((column, index) => ({ ...column, letters: lettersOf(index) }));
    this.#texts = texts;
    const grouped = columns.some(({ group }) => group !== undefined);
    const titles = columns.map(({ title }) => title);
    this.#headings = grouped
      ? [
          columns.map(({ group, title }, index) =>
            group === undefined ? title : group === columns[index - 1]?.group ? "" : group,
          ),
          columns.map(({ group, title }) => (group === undefined ? "" : title)),
        ]
      : [titles];
    const widths = columns.map(
      (_, index) => `<col min="${index + 1}" max="${index + 1}" width="16" customWidth="1"/>`,
    );
    const frozen = this.#headings.length;
    draft.append(
      `${HEADER}<worksheet xmlns="${SPREADSHEET}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>\n`,
    );
    for (const heading of this.#headings) {
      const cells = heading.map((title, index) => {
        const start = `<c r="${lettersOf(index)}${this.#row + 1}" s="${STYLES.heading}"`;
        return title === "" ? `${start}/>` : start + texts.cell(title);
      });
      this.#append(cells.join(""));
    }
  }

  /**
   * Adds one row: a value for each column, in their order.
   *
   * @throws UserError when the sheet is full.
   */
  add(values: readonly CellValue[]): void {
    let cells = "";
    for (const [index, column] of this.#columns.entries()) {
      const value = values[index];
      if (value === null || value === undefined || value === "") continue;
      cells += `<c r="${column.letters}${this.#row + 1}"${this.#content(column.kind, value)}`;
    }
    this.#append(cells);
  }

  /** Ends the sheet's XML. */
  async close(): Promise<void> {
    const merged = this.#headings.length === 1 ? [] : mergedHeadings(this.#columns);
    const merges = merged.map((cells) => `<mergeCell ref="${cells}"/>`).join("");
    const end = merged.length === 0 ? "" : `<mergeCells count="${merged.length}">${merges}</mergeCells>`;
    this.draft.append(`</sheetData>${end}</worksheet>\n`);
    await this.draft.close();
  }

  #append(cells: string): void {
    this.#row++;
    if (this.#row > MOST_ROWS) {
      throw new UserError(
        `The sheet ${this.name} would hold more than ${MOST_ROWS} rows, which no spreadsheet opens.`,
        "Ask for fewer dwellings or months, or for --format parquet.",
      );
    }
    this.draft.append(`<row r="${this.#row}">${cells}</row>\n`);
  }

  #content(kind: SheetColumn["kind"], value: string | number | boolean): string {
    switch (kind) {
      case "text":
        return this.#texts.cell(String(value));
      case "date":
        return ` s="${STYLES.date}"><v>${Number(value) + DAY_ZERO}</v></c>`;
      case "number":
        return `><v>${Number(value)}</v></c>`;
      case "amount":
        return ` s="${STYLES.amount}"><v>${Number(value) / 100}</v></c>`;
      case "flag":
        return ` t="b"><v>${value ? 1 : 0}</v></c>`;
    }
  }
}

/**
 * An .xlsx workbook being written: its sheets wait on disk as drafts, and `close` packs them. Memory does not grow with
 * rows; the same rows give the same bytes.
 */
export class Workbook {
  readonly #path: string;
  readonly #file: string;
  readonly #drafts: Delivery;
  readonly #texts = new SharedTexts();
  readonly #sheets: Sheet[] = [];

  /** `file` is the workbook's place in the delivery; `drafts` is a place for what it is packed from. */
  constructor(delivery: Delivery, drafts: Delivery, file: string) {
    this.#path = delivery.path(file);
    this.#file = file;
    this.#drafts = drafts;
  }

  /** Starts a sheet with its header, after those already there; its name is at most 31 characters. */
  sheet(name: string, columns: readonly SheetColumn[]): Sheet {
    const draft = this.#drafts.text(`${this.#file}.${this.#sheets.length + 1}.xml`, { encoding: "utf-8" });
    const sheet = new Sheet(name, columns, draft, this.#texts);
    this.#sheets.push(sheet);
    return sheet;
  }

  /** Ends every sheet and writes the workbook, whole once this resolves. */
  async close(): Promise<void> {
    for (const sheet of this.#sheets) await sheet.close();
    mkdirSync(dirname(this.#path), { recursive: true });
    const zip = new ZipFile();
    const options = {
      // A local time, as zip keeps it, so that the bytes are the same in every time zone.
      mtime: new Date(2000, 0, 1),
      mode: 0o100644,
      forceDosTimestamp: true,
      compressionLevel: COMPRESSION,
    };
    const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text), name, options);
    add("[Content_Types].xml", this.#contentTypes());
    add("_rels/.rels", relationships([["officeDocument", "xl/workbook.xml"]]));
    add("xl/workbook.xml", this.#workbook());
    add(
      "xl/_rels/workbook.xml.rels",
      relationships([
        ...this.#sheets.map((_, index) => ["worksheet", `worksheets/sheet${index + 1}.xml`] as const),
        ["styles", "styles.xml"],
        ["sharedStrings", "sharedStrings.xml"],
      ]),
    );
    add("xl/styles.xml", STYLE_SHEET);
    add("xl/sharedStrings.xml", this.#sharedStrings());
    for (const [index] of this.#sheets.entries()) {
      const draft = this.#drafts.path(`${this.#file}.${index + 1}.xml`);
      zip.addFile(draft, `xl/worksheets/sheet${index + 1}.xml`, options);
    }
    zip.end();
    const failed = new Promise<never>((_, reject) => zip.once("error", reject));
    await Promise.race([pipeline(zip.outputStream, createWriteStream(this.#path)), failed]);
  }

  #contentTypes(): string {
    const part = (name: string, type: string) =>
      `<Override PartName="/xl/${name}.xml" ContentType="${CONTENT}.${type}+xml"/>`;
    const sheets = this.#sheets.map((_, index) => part(`worksheets/sheet${index + 1}`, "worksheet"));
    return `${HEADER}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part("workbook", "sheet.main")}${sheets.join("")}${part("styles", "styles")}${part("sharedStrings", "sharedStrings")}</Types>`;
  }

  #workbook(): string {
    const sheets = this.#sheets.map(
      ({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
    );
    return `${HEADER}<workbook xmlns="${SPREADSHEET}" xmlns:r="${OFFICE}"><sheets>${sheets.join("")}</sheets></workbook>`;
  }

  #sharedStrings(): string {
    const texts = [...this.#texts.places.keys()].map(
      (text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`,
    );
    return `${HEADER}<sst xmlns="${SPREADSHEET}" count="${this.#texts.uses}" uniqueCount="${texts.length}">${texts.join("")}</sst>`;
  }
}

const STYLE_SHEET = `${HEADER}<styleSheet xmlns="${SPREADSHEET}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

function relationships(parts: readonly (readonly [kind: string, target: string])[]): string {
  const links = parts.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${HEADER}<Relationships xmlns="${PACKAGE}/relationships">${links.join("")}</Relationships>`;
}

/** The merged cells of a header of two rows: each group across its columns, each lone title down both rows. */
function mergedHeadings(columns: readonly SheetColumn[]): string[] {
  const merged: string[] = [];
  for (let first = 0; first < columns.length; ) {
    const group = columns[first]?.group;
    let last = first;
    if (group === undefined) merged.push(`${lettersOf(first)}1:${lettersOf(first)}2`);
    else while (columns[last + 1]?.group === group) last++;
    if (last > first) merged.push(`${lettersOf(first)}1:${lettersOf(last)}1`);
    first = last + 1;
  }
  return merged;
}

/** A, B … Z, AA, AB …: the name of a column, counted from 0. */
function lettersOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}

const SPECIAL = /[&<>"]|_x[0-9A-Fa-f]{4}_|[^\P{Cc}\n\t]/u;
const NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it stands in XML; characters that XML forbids are written as spreadsheets write them: `_x000D_`. */
function escaped(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replaceAll(/[&<>"]/g, (character) => NAMED[character] ?? character)
    .replaceAll(/[^\P{Cc}\n\t]/gu, hexadecimal);
}

function hexadecimal(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
}
