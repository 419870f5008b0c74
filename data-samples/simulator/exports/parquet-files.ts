import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Delivery } from "../delivery.ts";
import type { Window } from "../window.ts";
import { DraftTable } from "./draft-table.ts";
import type { ParquetTable } from "./parquet-tables.ts";
import { compactDate, digits } from "./writing.ts";

/** Tables of the contract that are being written as Parquet, each in its own folder, one file a table at a time. */
export class ParquetFiles<Name extends string> {
  /** Where rows are added. */
  readonly tables: Readonly<Record<Name, DraftTable>>;
  readonly #delivery: Delivery;
  readonly #window: Window;
  readonly #shapes: Readonly<Record<Name, ParquetTable>>;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(
    delivery: Delivery,
    window: Window,
    shapes: Readonly<Record<Name, ParquetTable>>,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    tables: Readonly<Record<Name, DraftTable>>,
  ) {
    this.#delivery = delivery;
    this.#window = window;
    this.#shapes = shapes;
    this.#instance = instance;
    this.#connection = connection;
    this.tables = tables;
  }

  /** Opens the tables, empty. The caller closes them. */
  static async open<Name extends string>(
    delivery: Delivery,
    window: Window,
    shapes: Readonly<Record<Name, ParquetTable>>,
  ): Promise<ParquetFiles<Name>> {
    // One thread: rows keep their order, so that the same rows give the same bytes.
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "1",
      memory_limit: "1500MB",
      temp_directory: "",
    });
    const connection = await instance.connect();
    const tables: Record<string, DraftTable> = {};
    for (const { name, columns } of Object.values<ParquetTable>(shapes)) {
      tables[name] = await DraftTable.create(connection, name, columns);
    }
    const ofName = tables as Readonly<Record<Name, DraftTable>>;
    return new ParquetFiles(delivery, window, shapes, instance, connection, ofName);
  }

  /** Writes the rows added since the last time into files of this number, one a table, perhaps without rows. */
  async write(number: number): Promise<void> {
    for (const [name, table] of Object.entries<DraftTable>(this.tables)) {
      const file = `${name}/${name}_${compactDate(this.#window.asOf)}_${digits(number, 3)}.parquet`;
      const path = this.#delivery.path(file);
      mkdirSync(dirname(path), { recursive: true });
      await table.moveTo(path, this.#shapes[name as Name].select);
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
