import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDecimalType,
  DuckDBEnumType,
  type DuckDBMaterializedResult,
  type DuckDBResult,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import bindings from "@duckdb/node-bindings";
import * as arrow from "apache-arrow";

/**
 * Runs a query and returns its result as an Arrow table of one record batch. Every column is one contiguous
 * typed array of its own, copied once out of DuckDB's memory: `column.toArray()` gives it without a copy, for a
 * tensor or another thread. No row object is made, and only text is made a JavaScript value.
 *
 * | DuckDB | Arrow |
 * | --- | --- |
 * | boolean | Bool |
 * | tinyint to bigint, signed or not | Int8 to Int64, Uint8 to Uint64 (64 bits are read as `bigint`) |
 * | float, double | Float32, Float64 |
 * | decimal | Float64: the double nearest to the decimal, so exact to the cent up to 15 digits |
 * | hugeint (what `sum` of integers gives) | Float64, exact up to 2^53 |
 * | date | Date32 in days |
 * | timestamp in seconds, ms, µs or ns; with time zone | Timestamp of the same unit; in µs, "UTC" |
 * | varchar; enum | Dictionary of Utf8, in order of first appearance; in the enum's order |
 * | anything else | Dictionary of Utf8, holding the value as DuckDB writes it |
 *
 * A null stays a null; in the column's array it stands as NaN where the type is floating, and 0 elsewhere.
 * Columns of the same name are told apart by a suffix (`a`, `a:1`).
 */
export async function arrowTable(
  connection: DuckDBConnection,
  sql: string,
  values?: DuckDBValue[],
): Promise<arrow.Table> {
  const result = await connection.run(sql, values);
  return tableOf(result, result.rowCount, chunksOf(result));
}

/**
 * Runs a query and returns its result as `arrowTable` does, so many rows at a time: what may have as many rows as a landlord has
 * leases never stands in memory whole. No other statement runs on the connection until all batches are taken.
 */
export async function* arrowBatches(connection: DuckDBConnection, sql: string): AsyncGenerator<arrow.Table> {
  const result = await connection.stream(sql);
  let chunks: DuckDBDataChunk[] = [];
  let rows = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    chunks.push(chunk);
    rows += chunk.rowCount;
    if (rows < ROWS_OF_BATCH) continue;
    yield tableOf(result, rows, chunks);
    chunks = [];
    rows = 0;
  }
  if (rows > 0) yield tableOf(result, rows, chunks);
}

const ROWS_OF_BATCH = 65_536;

function tableOf(result: DuckDBResult, rowCount: number, chunks: Iterable<DuckDBDataChunk>): arrow.Table {
  const children = readColumns(result, rowCount, chunks);
  const fields = result
    .deduplicatedColumnNames()
    .map((name, index) => new arrow.Field(name, children[index]?.type ?? new arrow.Null(), true));
  const rows = arrow.makeData({ type: new arrow.Struct(fields), length: rowCount, nullCount: 0, children });
  return new arrow.Table([new arrow.RecordBatch(new arrow.Schema(fields), rows)]);
}

function* chunksOf(result: DuckDBMaterializedResult): Generator<DuckDBDataChunk> {
  const { chunkCount } = result;
  for (let index = 0; index < chunkCount; index += 1) yield result.getChunk(index);
}

type Values =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A column being filled. */
interface Column {
  type: arrow.DataType;
  values: Values;
  /** Takes a chunk's values for the rows from `start` on; what it puts in the rows of nulls does not matter. */
  take(chunk: DuckDBDataChunk, index: number, start: number): void;
  /** Gives the row of a null its neutral value. */
  blank(row: number): void;
  dictionary?(): arrow.Vector;
}

interface Layout<Array extends Values> {
  BYTES_PER_ELEMENT: number;
  new (length: number): Array;
  new (buffer: ArrayBufferLike, offset: number, length: number): Array;
}

const columnsCopiedAsTheyAre: ReadonlyMap<DuckDBTypeId, (rows: number) => Column> = new Map([
  [DuckDBTypeId.TINYINT, (rows) => copied(new arrow.Int8(), Int8Array, rows)],
  [DuckDBTypeId.SMALLINT, (rows) => copied(new arrow.Int16(), Int16Array, rows)],
  [DuckDBTypeId.INTEGER, (rows) => copied(new arrow.Int32(), Int32Array, rows)],
  [DuckDBTypeId.BIGINT, (rows) => copied(new arrow.Int64(), BigInt64Array, rows)],
  [DuckDBTypeId.UTINYINT, (rows) => copied(new arrow.Uint8(), Uint8Array, rows)],
  [DuckDBTypeId.USMALLINT, (rows) => copied(new arrow.Uint16(), Uint16Array, rows)],
  [DuckDBTypeId.UINTEGER, (rows) => copied(new arrow.Uint32(), Uint32Array, rows)],
  [DuckDBTypeId.UBIGINT, (rows) => copied(new arrow.Uint64(), BigUint64Array, rows)],
  [DuckDBTypeId.FLOAT, (rows) => copied(new arrow.Float32(), Float32Array, rows)],
  [DuckDBTypeId.DOUBLE, (rows) => copied(new arrow.Float64(), Float64Array, rows)],
  [DuckDBTypeId.DATE, (rows) => copied(new arrow.DateDay(), Int32Array, rows)],
  [DuckDBTypeId.TIMESTAMP_S, (rows) => copied(new arrow.TimestampSecond(), BigInt64Array, rows)],
  [DuckDBTypeId.TIMESTAMP_MS, (rows) => copied(new arrow.TimestampMillisecond(), BigInt64Array, rows)],
  [DuckDBTypeId.TIMESTAMP, (rows) => copied(new arrow.TimestampMicrosecond(), BigInt64Array, rows)],
  [DuckDBTypeId.TIMESTAMP_NS, (rows) => copied(new arrow.TimestampNanosecond(), BigInt64Array, rows)],
  [DuckDBTypeId.TIMESTAMP_TZ, (rows) => copied(new arrow.TimestampMicrosecond("UTC"), BigInt64Array, rows)],
]);

/** Each chunk is fetched once, for all columns: DuckDB copies a whole chunk whenever it is asked for it. */
function readColumns(
  result: DuckDBResult,
  rowCount: number,
  chunks: Iterable<DuckDBDataChunk>,
): arrow.Data[] {
  const columns = result.columnTypes().map((type) => ({
    ...startColumn(type, rowCount),
    valid: new Uint8Array(Math.ceil(rowCount / 8)).fill(0xff),
    nullCount: 0,
  }));
  let start = 0;
  for (const chunk of chunks) {
    for (const [index, column] of columns.entries()) {
      column.take(chunk, index, start);
      for (const row of nullRows(chunk, index)) {
        const at = start + row;
        column.valid[at >> 3] = (column.valid[at >> 3] ?? 0) & ~(1 << (at & 7));
        column.blank(at);
        column.nullCount += 1;
      }
    }
    start += chunk.rowCount;
  }
  return columns.map(
    ({ type, values, valid, nullCount, dictionary }) =>
      new arrow.Data<arrow.DataType>(
        type,
        0,
        rowCount,
        nullCount,
        {
          [arrow.BufferType.DATA]: values,
          ...(nullCount > 0 ? { [arrow.BufferType.VALIDITY]: valid } : {}),
        },
        [],
        dictionary?.(),
      ),
  );
}

function startColumn(type: DuckDBType, rows: number): Column {
  if (type instanceof DuckDBDecimalType) return decimal(type, rows);
  if (type instanceof DuckDBEnumType) return enumeration(type, rows);
  if (type.typeId === DuckDBTypeId.BOOLEAN) return boolean(rows);
  if (type.typeId === DuckDBTypeId.HUGEINT) return hugeInteger(0, rows);
  return columnsCopiedAsTheyAre.get(type.typeId)?.(rows) ?? text(rows, type.typeId === DuckDBTypeId.VARCHAR);
}

function copied<Array extends Values>(type: arrow.DataType, layout: Layout<Array>, rows: number): Column {
  const values = new layout(rows);
  return { type, values, take: copyInto(values, layout), blank: blankOf(values) };
}

function decimal({ width, scale }: DuckDBDecimalType, rows: number): Column {
  if (width <= 4) return scaled(Int16Array, scale, rows);
  if (width <= 9) return scaled(Int32Array, scale, rows);
  return width <= 18 ? scaledWide(scale, rows) : hugeInteger(scale, rows);
}

function scaled(layout: Layout<Int16Array | Int32Array>, scale: number, rows: number): Column {
  const values = new Float64Array(rows);
  const unit = 10 ** scale;
  return {
    type: new arrow.Float64(),
    values,
    take(chunk, index, start) {
      const units = raw(chunk, index, layout);
      for (let row = 0; row < units.length; row += 1) values[start + row] = (units[row] ?? 0) / unit;
    },
    blank: blankOf(values),
  };
}

/** Two 32-bit halves make the double nearest to a 64-bit integer, without a `bigint` for each value. */
function scaledWide(scale: number, rows: number): Column {
  const values = new Float64Array(rows);
  const unit = 10 ** scale;
  return {
    type: new arrow.Float64(),
    values,
    take(chunk, index, start) {
      const halves = new DataView(bytes(chunk, index, 8).slice().buffer);
      const { rowCount } = chunk;
      for (let row = 0; row < rowCount; row += 1) {
        const low = halves.getUint32(8 * row, true);
        const high = halves.getInt32(8 * row + 4, true);
        values[start + row] = (high * 2 ** 32 + low) / unit;
      }
    },
    blank: blankOf(values),
  };
}

function hugeInteger(scale: number, rows: number): Column {
  const values = new Float64Array(rows);
  const unit = 10 ** scale;
  return {
    type: new arrow.Float64(),
    values,
    take(chunk, index, start) {
      const halves = new DataView(bytes(chunk, index, 16).slice().buffer);
      const { rowCount } = chunk;
      for (let row = 0; row < rowCount; row += 1) {
        const low = halves.getBigUint64(16 * row, true);
        const high = halves.getBigInt64(16 * row + 8, true);
        values[start + row] = Number((high << 64n) + low) / unit;
      }
    },
    blank: blankOf(values),
  };
}

function boolean(rows: number): Column {
  const bits = new Uint8Array(Math.ceil(rows / 8));
  const set = (row: number, value: boolean): void => {
    const bit = 1 << (row & 7);
    const byte = bits[row >> 3] ?? 0;
    bits[row >> 3] = value ? byte | bit : byte & ~bit;
  };
  return {
    type: new arrow.Bool(),
    values: bits,
    take(chunk, index, start) {
      const flags = raw(chunk, index, Uint8Array);
      for (let row = 0; row < flags.length; row += 1) set(start + row, flags[row] !== 0);
    },
    blank: (row) => set(row, false),
  };
}

function enumeration(type: DuckDBEnumType, rows: number): Column {
  const words = (): arrow.Vector => arrow.vectorFromArray(type.values, new arrow.Utf8());
  const dictionaryOf = (indices: arrow.Uint8 | arrow.Uint16 | arrow.Uint32): arrow.DataType =>
    new arrow.Dictionary(new arrow.Utf8(), indices);
  switch (type.internalTypeId) {
    case DuckDBTypeId.UTINYINT:
      return { ...copied(dictionaryOf(new arrow.Uint8()), Uint8Array, rows), dictionary: words };
    case DuckDBTypeId.USMALLINT:
      return { ...copied(dictionaryOf(new arrow.Uint16()), Uint16Array, rows), dictionary: words };
    default:
      return { ...copied(dictionaryOf(new arrow.Uint32()), Uint32Array, rows), dictionary: words };
  }
}

function text(rows: number, isVarchar: boolean): Column {
  const values = new Int32Array(rows);
  const positions = new Map<string, number>();
  const positionOf = (item: DuckDBValue): number => {
    const word = typeof item === "string" ? item : String(item);
    const known = positions.get(word);
    if (known !== undefined) return known;
    positions.set(word, positions.size);
    return positions.size - 1;
  };
  const recent = isVarchar ? recentWords() : undefined;
  return {
    type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    values,
    take(chunk, index, start) {
      const { rowCount } = chunk;
      const vector = chunk.getColumnVector(index);
      recent?.open(chunk, index);
      for (let row = 0; row < rowCount; row += 1) {
        const known = recent?.find(row) ?? -1;
        if (known !== -1) {
          values[start + row] = known;
          continue;
        }
        const item = vector.getItem(row);
        if (item === null) continue;
        const position = positionOf(item);
        values[start + row] = position;
        recent?.keep(row, position);
      }
    },
    blank: blankOf(values),
    dictionary: () => arrow.vectorFromArray([...positions.keys()], new arrow.Utf8()),
  };
}

/** DuckDB holds a text of so many bytes at most beside its length, in sixteen bytes that are the same for the same text. */
const SHORT = 12;
const RECENT = 256;

/**
 * Short words met lately, by DuckDB's own sixteen bytes: most columns of words hold few, and decoding each anew takes most of the time
 * of reading them. What is found for the row of a null does not matter.
 */
function recentWords(): {
  open(chunk: DuckDBDataChunk, index: number): void;
  find(row: number): number;
  keep(row: number, position: number): void;
} {
  const met = new Uint32Array(4 * RECENT);
  const positions = new Int32Array(RECENT).fill(-1);
  let words: Uint32Array = new Uint32Array(0);
  const slotOf = (at: number): number => {
    const mixed =
      Math.imul(words[at] ?? 0, 31) ^
      Math.imul(words[at + 1] ?? 0, 0x9e3779b1) ^
      Math.imul(words[at + 2] ?? 0, 0x85ebca6b) ^
      Math.imul(words[at + 3] ?? 0, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 15)) & (RECENT - 1);
  };
  return {
    open(chunk, index) {
      const { buffer, byteOffset } = bytes(chunk, index, 16);
      words = new Uint32Array(buffer, byteOffset, 4 * chunk.rowCount);
    },
    find(row) {
      const at = 4 * row;
      if ((words[at] ?? 0) > SHORT) return -1;
      const slot = slotOf(at);
      const from = 4 * slot;
      const isSame =
        met[from] === words[at] &&
        met[from + 1] === words[at + 1] &&
        met[from + 2] === words[at + 2] &&
        met[from + 3] === words[at + 3];
      return isSame ? (positions[slot] ?? -1) : -1;
    },
    keep(row, position) {
      const at = 4 * row;
      if ((words[at] ?? 0) > SHORT) return;
      const slot = slotOf(at);
      met.set(words.subarray(at, at + 4), 4 * slot);
      positions[slot] = position;
    },
  };
}

function copyInto<Array extends Values>(values: Array, layout: Layout<Array>): Column["take"] {
  const target = new Uint8Array(values.buffer);
  return (chunk, index, start) => {
    const size = layout.BYTES_PER_ELEMENT;
    target.set(bytes(chunk, index, size), start * size);
  };
}

function blankOf(values: Values): (row: number) => void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return (row) => {
      values[row] = 0n;
    };
  }
  const neutral = values instanceof Float32Array || values instanceof Float64Array ? Number.NaN : 0;
  return (row) => {
    values[row] = neutral;
  };
}

function raw<Array extends Values>(chunk: DuckDBDataChunk, index: number, layout: Layout<Array>): Array {
  const { buffer, byteOffset } = bytes(chunk, index, layout.BYTES_PER_ELEMENT);
  return new layout(buffer, byteOffset, chunk.rowCount);
}

/** DuckDB's own memory, valid as long as the chunk: to be copied, never kept. */
function bytes(chunk: DuckDBDataChunk, index: number, bytesPerRow: number): Uint8Array {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
  return bindings.vector_get_data(vector, chunk.rowCount * bytesPerRow);
}

function* nullRows(chunk: DuckDBDataChunk, index: number): Generator<number> {
  const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
  // Each time it is asked for, the number of rows is asked of DuckDB.
  const { rowCount } = chunk;
  // The bindings answer null where no value of the chunk is null, which their types do not say.
  const valid: Uint8Array | null = bindings.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8);
  if (valid === null) return;
  for (let row = 0; row < rowCount; row += 1) {
    if (((valid[row >> 3] ?? 0) & (1 << (row & 7))) === 0) yield row;
  }
}
