import type { MalformedReason } from "./malformed.ts";
import { BadWorkbook, type XmlHandler } from "./xlsx-package.ts";
import { dateText, decimalText, isoDateText, unescapedText } from "./xlsx-values.ts";
import type { SheetSource } from "./xlsx-workbook.ts";

/** A cell that cannot be read. */
export interface CellFault {
  readonly reason: MalformedReason;
  /** The cell's place and what it stores. */
  readonly shown: string;
}

/** One row of a sheet that holds anything; blank rows are left out. */
export interface SheetRow {
  /** Its number, from 1. */
  readonly number: number;
  /** Text by column from 0; missing and null are blank. */
  readonly cells: readonly (string | null | undefined)[];
  readonly fault: CellFault | undefined;
}

/** A block of merged cells; rows count from 1, columns from 0. */
export interface MergedCells {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  stored: string;
  hasValue: boolean;
  hasFormula: boolean;
}

/** What a spreadsheet can hold. */
const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;
const MOST_CHARACTERS = 32_767;

/** So many days are remembered: some decades. */
const MOST_DAYS = 20_000;

/**
 * Reads the XML of one sheet and gives its rows in order, as soon as each is whole. The cached value of a formula is its
 * value. Throws BadWorkbook where rows or cells are out of order or out of bounds.
 */
export class SheetParser implements XmlHandler {
  readonly #source: SheetSource;
  readonly #onRow: (row: SheetRow) => void;
  readonly #onMerged: (merged: MergedCells) => void;
  readonly #days = new Map<string, string>();
  #inData = false;
  #lastRow = 0;
  #row: (string | null | undefined)[] | undefined;
  #fault: CellFault | undefined;
  #isBlank = true;
  #cell: OpenCell | undefined;
  #nextColumn = 0;
  #inInline = false;
  #inReading = false;
  #takes = false;

  constructor(
    source: SheetSource,
    onRow: (row: SheetRow) => void,
    onMerged: (merged: MergedCells) => void = () => {},
  ) {
    this.#source = source;
    this.#onRow = onRow;
    this.#onMerged = onMerged;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#takes) throw this.#bad(`holds an element ${name} inside a value`);
    if (!this.#inData) {
      if (name === "sheetData") this.#inData = true;
      if (name === "mergeCell") this.#onMerged(this.#mergedCells(attributes.ref ?? ""));
    } else if (name === "row") {
      this.#openRow(attributes.r);
    } else if (name === "c") {
      this.#openCell(attributes);
    } else if (this.#cell !== undefined) {
      this.#openInCell(this.#cell, name);
    }
  }

  close(name: string): void {
    this.#takes = false;
    if (!this.#inData) return;
    if (name === "c") this.#closeCell();
    else if (name === "row") this.#closeRow();
    else if (name === "is") this.#inInline = false;
    else if (name === "rPh") this.#inReading = false;
    else if (name === "sheetData") this.#inData = false;
  }

  text(text: string): void {
    if (this.#takes && this.#cell !== undefined) this.#cell.stored += text;
  }

  #openRow(given: string | undefined): void {
    if (this.#row !== undefined) throw this.#bad("holds a row inside a row");
    const number = given === undefined ? this.#lastRow + 1 : wholeNumber(given);
    if (number === undefined || number < 1 || number > MOST_ROWS)
      throw this.#bad(`has a row numbered ${JSON.stringify(given ?? this.#lastRow + 1)}`);
    if (number <= this.#lastRow) throw this.#bad(`has row ${number} after row ${this.#lastRow}`);
    this.#lastRow = number;
    this.#row = [];
    this.#fault = undefined;
    this.#isBlank = true;
    this.#nextColumn = 0;
  }

  #openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    if (this.#row === undefined || this.#cell !== undefined) throw this.#bad("holds a cell outside a row");
    const column = r === undefined ? this.#nextColumn : this.#columnOf(r);
    if (column < this.#nextColumn || column >= MOST_COLUMNS)
      throw this.#bad(`has a cell ${r ?? ""} out of order`);
    this.#nextColumn = column + 1;
    const style = s === undefined ? 0 : (wholeNumber(s) ?? -1);
    this.#cell = { column, type: t ?? "n", style, stored: "", hasValue: false, hasFormula: false };
  }

  #columnOf(reference: string): number {
    const place = placeOf(reference);
    if (place === undefined || place.row !== this.#lastRow)
      throw this.#bad(`has a cell ${JSON.stringify(reference)} in row ${this.#lastRow}`);
    return place.column;
  }

  #openInCell(cell: OpenCell, name: string): void {
    if (name === "f") cell.hasFormula = true;
    else if (name === "is") this.#inInline = true;
    else if (name === "rPh") this.#inReading = true;
    else if (name === "v" && cell.type !== "inlineStr") {
      if (cell.hasValue) throw this.#bad(`has a cell ${this.#placeOf(cell)} with two values`);
      cell.hasValue = true;
      this.#takes = true;
    } else if (name === "t" && this.#inInline && !this.#inReading && cell.type === "inlineStr") {
      cell.hasValue = true;
      this.#takes = true;
    }
  }

  #closeCell(): void {
    const cell = this.#cell;
    if (cell === undefined || this.#row === undefined) return;
    this.#cell = undefined;
    this.#inInline = false;
    this.#inReading = false;
    const text = this.#textOf(cell);
    if (text === undefined) {
      const reason = faultOf(cell);
      this.#fault ??= { reason, shown: `${this.#placeOf(cell)} ${cell.stored}` };
      this.#row[cell.column] = cell.stored;
      this.#isBlank = false;
    } else if (text !== null && text !== "") {
      this.#row[cell.column] = text;
      this.#isBlank = false;
    }
  }

  #closeRow(): void {
    if (this.#row === undefined) return;
    if (!this.#isBlank) this.#onRow({ number: this.#lastRow, cells: this.#row, fault: this.#fault });
    this.#row = undefined;
  }

  /** Undefined when the cell does not hold what its type says, or more than a cell can hold. */
  #textOf(cell: OpenCell): string | null | undefined {
    const text = this.#anyTextOf(cell);
    return text != null && text.length > MOST_CHARACTERS ? undefined : text;
  }

  #anyTextOf(cell: OpenCell): string | null | undefined {
    const { type, stored, style, hasValue, hasFormula } = cell;
    if (!hasValue) return hasFormula || type === "e" ? undefined : null;
    switch (type) {
      case "n":
        return stored === "" && hasFormula ? undefined : this.#numberText(stored, style);
      case "s":
        return this.#source.strings[wholeNumber(stored) ?? -1];
      case "str":
      case "inlineStr":
        return unescapedText(stored);
      case "b":
        return stored === "1" || stored === "true"
          ? "true"
          : stored === "0" || stored === "false"
            ? "false"
            : undefined;
      case "d":
        return isoDateText(stored);
      default:
        return undefined;
    }
  }

  #numberText(stored: string, style: number): string | null | undefined {
    if (stored === "") return null;
    const { kinds, is1904 } = this.#source;
    // A workbook may have no styles at all; then a style says nothing.
    const kind = kinds.length === 0 ? "number" : kinds[style];
    if (kind === undefined) return undefined;
    if (kind === "number") return decimalText(stored);
    if (kind === "time") return dateText(stored, kind, is1904);
    return this.#dayText(stored);
  }

  /** The same days come again and again. */
  #dayText(stored: string): string | undefined {
    const known = this.#days.get(stored);
    if (known !== undefined) return known;
    const text = dateText(stored, "date", this.#source.is1904);
    if (text !== undefined && this.#days.size < MOST_DAYS) this.#days.set(stored, text);
    return text;
  }

  #mergedCells(reference: string): MergedCells {
    const [first, last] = reference.split(":").map(placeOf);
    if (first === undefined || last === undefined || last.row < first.row || last.column < first.column)
      throw this.#bad(`merges the cells ${JSON.stringify(reference)}`);
    return {
      ...{ firstRow: first.row, lastRow: last.row },
      ...{ firstColumn: first.column, lastColumn: last.column },
    };
  }

  #placeOf(cell: OpenCell): string {
    return `${columnLetters(cell.column)}${this.#lastRow}`;
  }

  #bad(message: string): BadWorkbook {
    return new BadWorkbook(`sheet ${JSON.stringify(this.#source.name)} ${message}`);
  }
}

function faultOf({ type, stored, hasFormula }: OpenCell): MalformedReason {
  if (type === "e") return "error_cell";
  return hasFormula && stored === "" ? "formula_without_value" : "unreadable_cell";
}

/** The letters of a column, counted from 0: A, B … Z, AA, AB … */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last;
}

function placeOf(reference: string): { readonly row: number; readonly column: number } | undefined {
  const [, letters, digits] = /^([A-Z]{1,3})([1-9][0-9]{0,6})$/.exec(reference) ?? [];
  if (letters === undefined || digits === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64;
  return { row: Number(digits), column: column - 1 };
}

function wholeNumber(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}
