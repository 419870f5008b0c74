import {
  DATE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  ENUM8,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import bindings, { type LogicalType, type Vector } from "@duckdb/node-bindings";
import { quoteName, quoteText } from "../../../pipelines/warehouse/connection.ts";

/** What a column of a draft holds: whole numbers of 32 bits, days, text, or one of at most 255 words. */
export type DraftType = "integer" | "date" | "text" | readonly string[];

/** A cell of a draft: a number or a day, a text or a word, by its column; null leaves it empty. */
export type DraftValue = number | string | null;

const CHUNK_ROWS = bindings.vector_size();
const ALL_VALID = 0xff;

/**
 * Rows that wait in a DuckDB in memory to be written as Parquet. They get there as whole chunks of typed arrays: a
 * quarter of a billion rows is too many for one call a cell.
 */
export class DraftTable {
  readonly #connection: DuckDBConnection;
  readonly #name: string;
  readonly #columns: readonly DraftColumn[];
  readonly #types: readonly LogicalType[];
  #appender: DuckDBAppender;
  #filled = 0;

  private constructor(
    connection: DuckDBConnection,
    name: string,
    columns: readonly DraftColumn[],
    appender: DuckDBAppender,
  ) {
    this.#connection = connection;
    this.#name = name;
    this.#columns = columns;
    this.#types = columns.map(({ type }) => type.toLogicalType().logical_type);
    this.#appender = appender;
  }

  /** Makes the empty table `name` with these columns, in their order. */
  static async create(
    connection: DuckDBConnection,
    name: string,
    columns: Readonly<Record<string, DraftType>>,
  ): Promise<DraftTable> {
    const made = Object.entries(columns).map(([column, type]) => draftColumn(column, type));
    const declared = made.map(({ name: column, type }) => `${quoteName(column)} ${type}`);
    await connection.run(`create table ${quoteName(name)} (${declared.join(", ")})`);
    return new DraftTable(connection, name, made, await connection.createAppender(name));
  }

  /** Adds one row: a value for each column. */
  add(values: Readonly<Record<string, DraftValue>>): void {
    const row = this.#filled;
    for (const column of this.#columns) {
      const value = values[column.name];
      if (value === undefined) throw new Error(`no value was given for ${this.#name}.${column.name}`);
      if (value === null) column.setNull(row);
      else column.set(row, value);
    }
    this.#filled++;
    if (this.#filled === CHUNK_ROWS) this.#append();
  }

  /** Writes what `select` makes of the rows into a Parquet file, and empties the table. */
  async moveTo(path: string, select: string): Promise<void> {
    this.#append();
    this.#appender.closeSync();
    await this.#connection.run(
      `copy (${select}) to ${quoteText(path)} (format parquet, compression zstd, compression_level 1)`,
    );
    await this.#connection.run(`truncate ${quoteName(this.#name)}`);
    this.#appender = await this.#connection.createAppender(this.#name);
  }

  #append(): void {
    const rows = this.#filled;
    if (rows === 0) return;
    const chunk = new DuckDBDataChunk(bindings.create_data_chunk(this.#types));
    chunk.rowCount = rows;
    for (const [index, column] of this.#columns.entries()) {
      column.moveTo(bindings.data_chunk_get_vector(chunk.chunk, index), rows);
    }
    this.#appender.appendDataChunk(chunk);
    this.#filled = 0;
  }
}

/** One column of the chunk that is being filled. */
abstract class DraftColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly #validity = new Uint8Array(CHUNK_ROWS / 8).fill(ALL_VALID);
  #hasNull = false;

  constructor(name: string, type: DuckDBType) {
    this.name = name;
    this.type = type;
  }

  abstract set(row: number, value: number | string): void;

  setNull(row: number): void {
    const byte = row >> 3;
    this.#validity[byte] = (this.#validity[byte] ?? 0) & ~(1 << (row & 7));
    this.#hasNull = true;
  }

  /** Moves the first rows into a vector of DuckDB's. */
  moveTo(vector: Vector, rows: number): void {
    this.moveValues(vector, rows);
    if (!this.#hasNull) return;
    bindings.vector_ensure_validity_writable(vector);
    const { buffer, byteLength } = this.#validity;
    bindings.copy_data_to_vector_validity(vector, 0, buffer, 0, byteLength);
    this.#validity.fill(ALL_VALID);
    this.#hasNull = false;
  }

  protected abstract moveValues(vector: Vector, rows: number): void;
}

class NumberColumn extends DraftColumn {
  readonly #numbers = new Int32Array(CHUNK_ROWS);

  set(row: number, value: number | string): void {
    this.#numbers[row] = Number(value);
  }

  protected moveValues(vector: Vector, rows: number): void {
    bindings.copy_data_to_vector(vector, 0, this.#numbers.buffer, 0, rows * Int32Array.BYTES_PER_ELEMENT);
  }
}

class WordColumn extends DraftColumn {
  readonly #codes = new Uint8Array(CHUNK_ROWS);
  readonly #codeOf: ReadonlyMap<number | string, number>;

  constructor(name: string, words: readonly string[]) {
    super(name, ENUM8(words));
    this.#codeOf = new Map(words.map((word, code) => [word, code]));
  }

  set(row: number, value: number | string): void {
    const code = this.#codeOf.get(value);
    if (code === undefined) throw new Error(`"${value}" is none of the words of ${this.name}`);
    this.#codes[row] = code;
  }

  protected moveValues(vector: Vector, rows: number): void {
    bindings.copy_data_to_vector(vector, 0, this.#codes.buffer, 0, rows);
  }
}

class TextColumn extends DraftColumn {
  readonly #texts = new Array<string>(CHUNK_ROWS).fill("");

  set(row: number, value: number | string): void {
    this.#texts[row] = String(value);
  }

  protected moveValues(vector: Vector, rows: number): void {
    for (let row = 0; row < rows; row++) {
      bindings.vector_assign_string_element(vector, row, this.#texts[row] ?? "");
    }
  }
}

function draftColumn(name: string, type: DraftType): DraftColumn {
  if (type === "text") return new TextColumn(name, VARCHAR);
  if (type === "integer") return new NumberColumn(name, INTEGER);
  if (type === "date") return new NumberColumn(name, DATE);
  return new WordColumn(name, type);
}
