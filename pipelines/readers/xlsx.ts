import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Feed } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { columnNameFault } from "./column-names.ts";
import type { DeliveredFile, StagedFile } from "./reader.ts";
import { type StagedContent, StagedRows } from "./staged-rows.ts";
import { BadWorkbook, LIMITS, WorkbookPackage } from "./xlsx-package.ts";
import { columnLetters, type MergedCells, SheetParser, type SheetRow } from "./xlsx-sheet.ts";
import { openSheet, type SheetSource } from "./xlsx-workbook.ts";

/**
 * Reads one sheet of an Excel workbook (a Reader): the first, or the feed's `sheet`; its header on the feed's `header_row`,
 * of `header_rows` rows. The line of a row is its number in the sheet. Days become yyyy-mm-dd, moments
 * yyyy-mm-dd hh:mm:ss, numbers (percentages too) canonical decimal text of at most 15 digits, booleans true or false;
 * text stays as it is, whatever it looks like, and a formula is its cached value, never evaluated. Blank rows are skipped;
 * hidden rows, columns and sheets are data; merged data cells hold their value in the first one.
 *
 * A row is malformed when one of its cells holds an error (#N/A …), not what its type says, or a formula without its
 * value, and when a cell stands outside the columns that the header names.
 *
 * @throws UserError naming the file when it is no .xlsx workbook, is damaged, protected or larger than `LIMITS`, when it
 *   lacks the sheet, or when its header is missing or names no column or one twice.
 */
export async function readXlsx(delivered: DeliveredFile, stagingFolder: string): Promise<StagedFile> {
  const { fileId, feedName, file, feed, path } = delivered;
  try {
    const { size } = await stat(path);
    if (size > LIMITS.fileBytes) {
      throw new BadWorkbook(
        `is a workbook of ${size} bytes, and more than 256 MB is not read`,
        "Have it split.",
      );
    }
    const bytes = await readFile(path);
    const workbook = await WorkbookPackage.open(bytes);
    const source = await openSheet(workbook, feed.sheet);
    const { columns, ...content } = await stage(workbook, source, delivered, stagingFolder);
    return {
      ...{ fileId, feedName, file, columns },
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      encoding: null,
      ...content,
    };
  } catch (error) {
    if (error instanceof BadWorkbook) throw new UserError(`inbox/${file}: ${error.message}`, error.remedy);
    throw error;
  }
}

async function stage(
  workbook: WorkbookPackage,
  source: SheetSource,
  delivered: DeliveredFile,
  stagingFolder: string,
): Promise<StagedContent & { readonly columns: readonly string[] }> {
  const header = new SheetHeader(source.name, delivered.feed);
  let rows: StagedRows | undefined;
  const begin = () => {
    rows ??= new StagedRows(delivered, stagingFolder, header.width);
    return rows;
  };
  const parser = new SheetParser(
    source,
    (row) => {
      if (row.number > header.lastRow) stageRow(row, header, begin());
      else header.add(row);
    },
    (merged) => header.merge(merged),
  );
  try {
    await workbook.parse(source.part, LIMITS.sheetBytes, parser, async () => {
      if ((rows?.characters ?? 0) > LIMITS.rowCharacters)
        throw new BadWorkbook(`has a sheet ${JSON.stringify(source.name)} of more than 4 GB of text`);
      await rows?.drain();
    });
    return { columns: header.columns(), ...(await begin().finish()) };
  } finally {
    await rows?.close();
  }
}

function stageRow(row: SheetRow, header: SheetHeader, rows: StagedRows): void {
  const { number, cells, fault } = row;
  const { first, width } = header;
  const own = Array.from({ length: width }, (_, i) => cells[first + i] ?? null);
  if (fault !== undefined) {
    rows.putAside(number, fault.reason, `${fault.shown} (${own.map((cell) => cell ?? "").join(";")})`);
    return;
  }
  const outside = cells.findIndex((cell, i) => cell != null && (i < first || i >= first + width));
  if (outside < 0) rows.push(number, own);
  else
    rows.putAside(number, "wrong_field_count", `${columnLetters(outside)}${number} ${cells[outside] ?? ""}`);
}

/** The header of a sheet: one row of names, or two with merged cells between them. */
class SheetHeader {
  readonly #sheet: string;
  readonly #firstRow: number;
  /** Rows up to here are header, or stand above it. */
  readonly lastRow: number;
  readonly #rows = new Map<number, SheetRow>();
  readonly #merged: MergedCells[] = [];
  #extent: readonly [first: number, last: number] | undefined;

  constructor(sheet: string, feed: Pick<Feed, "header_row" | "header_rows">) {
    this.#sheet = sheet;
    this.#firstRow = feed.header_row;
    this.lastRow = feed.header_row + feed.header_rows - 1;
  }

  add(row: SheetRow): void {
    if (row.number < this.#firstRow) return;
    if (row.fault !== undefined) throw this.#bad(`holds a cell that cannot be read: ${row.fault.shown}`);
    this.#rows.set(row.number, row);
  }

  /** Merged cells are told after all rows. */
  merge(merged: MergedCells): void {
    if (merged.firstRow <= this.lastRow && merged.lastRow >= this.#firstRow) this.#merged.push(merged);
  }

  /** Column of the first name, from 0. */
  get first(): number {
    return this.#named()[0];
  }

  /** Number of columns from the first name to the last. */
  get width(): number {
    const [first, last] = this.#named();
    return last - first + 1;
  }

  /** The names, blanks trimmed and joined to one; a name in two rows is joined by a space. */
  columns(): string[] {
    const [first, last] = this.#named();
    const columns = Array.from({ length: last - first + 1 }, (_, i) => this.#name(first + i));
    const fault = columnNameFault(columns);
    if (fault !== undefined) throw this.#bad(fault.message, fault.remedy);
    return columns;
  }

  /** Asked for once all header rows are there. */
  #named(): readonly [first: number, last: number] {
    if (this.#extent !== undefined) return this.#extent;
    const places = [...this.#rows.values()].flatMap(({ cells }) =>
      cells.flatMap((cell, column) => (cell == null || cell.trim() === "" ? [] : [column])),
    );
    if (places.length === 0) {
      throw this.#bad(
        "names no column",
        "Declare the feed's sheet and header_row in vigie.yaml, or have the workbook saved again.",
      );
    }
    this.#extent = [places.reduce((a, b) => Math.min(a, b)), places.reduce((a, b) => Math.max(a, b))];
    return this.#extent;
  }

  #name(column: number): string {
    const names: string[] = [];
    for (let row = this.#firstRow; row <= this.lastRow; row++) {
      const merged = this.#merged.find(
        (cells) => covers(cells, row, column) && this.lastRow > this.#firstRow,
      );
      // What is merged downwards is named once, in its first row.
      if (merged !== undefined && merged.firstRow < row) continue;
      const name = this.#rows.get(row)?.cells[merged?.firstColumn ?? column]?.replaceAll(/\s+/g, " ").trim();
      if (name !== undefined && name !== "") names.push(name);
    }
    return names.join(" ");
  }

  #bad(message: string, remedy?: string): BadWorkbook {
    const rows =
      this.lastRow > this.#firstRow ? `rows ${this.#firstRow} and ${this.lastRow}` : `row ${this.#firstRow}`;
    return new BadWorkbook(`sheet ${JSON.stringify(this.#sheet)}: the header (${rows}) ${message}`, remedy);
  }
}

function covers(
  { firstRow, lastRow, firstColumn, lastColumn }: MergedCells,
  row: number,
  column: number,
): boolean {
  return firstRow <= row && row <= lastRow && firstColumn <= column && column <= lastColumn;
}
