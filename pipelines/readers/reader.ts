import type { Feed } from "../strategy/strategy.ts";

/** An encoding of delivered text, as recorded in `load.file`. */
export type TextEncoding = "utf-8" | "iso-8859-15" | "windows-1252";

/** One file of the inbox, its number in the night and the feed that says how to read it. */
export interface DeliveredFile {
  /** Unique in the night; found again in the column `file_id` of the views. */
  readonly fileId: number;
  readonly feedName: string;
  readonly feed: Feed;
  /** Path below `inbox/`, as messages and tables name it. */
  readonly file: string;
  readonly path: string;
}

/** Staged text: UTF-8 without header, one record a line: physical line, fields. */
export interface TextScan {
  readonly kind: "text";
  /** The records, in files of some megabytes: DuckDB reads them side by side, each from its beginning. */
  readonly paths: readonly string[];
  readonly separator: string;
  /** Empty when quotes have no meaning. */
  readonly quote: string;
  /** Bytes of the longest staged line. */
  readonly longestRecord: number;
  /**
   * One SQL expression a column, in their order, over the fields `field_1`, `field_2` … of a line, of which there are as
   * many; absent when the columns are these fields.
   */
  readonly texts?: readonly string[];
}

/** A staged Parquet file, with the SQL that turns each of its columns into canonical text. */
export interface ParquetScan {
  readonly kind: "parquet";
  readonly path: string;
  /** One SQL expression a column, in the order of the columns. */
  readonly texts: readonly string[];
}

/** One delivered file, ready for DuckDB: what `load.file` records of it, and how a view reads it. */
export interface StagedFile {
  readonly fileId: number;
  readonly feedName: string;
  readonly file: string;
  /** Size of the file as delivered, compressed if it came compressed. */
  readonly bytes: number;
  /** SHA-256 of the file as delivered, in hexadecimal. */
  readonly sha256: string;
  /** Null for a format that is not text. */
  readonly encoding: TextEncoding | null;
  /** Names of the columns, in the order of the file. */
  readonly columns: readonly string[];
  /** Data records, malformed ones included; blank lines are no records. */
  readonly rowsRead: number;
  readonly malformedRows: number;
  /** Where the malformed records stand (see `malformedRecords`); null when there are none. */
  readonly malformedPath: string | null;
  readonly scan: TextScan | ParquetScan;
}

/**
 * Reads one delivered file once and leaves in `stagingFolder` (which exists) all that the views need; the delivered file
 * is not changed, and not read again. A new format is one more function of this type, in a file of its own.
 *
 * @throws UserError when the file cannot be read as its feed says.
 */
export type Reader = (delivered: DeliveredFile, stagingFolder: string) => Promise<StagedFile>;
