import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { z } from "zod";
import { UserError } from "../user-error.ts";

export interface OpenOptions {
  /** Folders that SQL may read; nothing else on the disk is reachable once the connection is handed out. */
  readonly readableFolders?: readonly string[];
  readonly readOnly?: boolean;
  /** The most memory that it may hold, as « 2GB »; beyond it, it writes beside the file. */
  readonly memory?: string | undefined;
  /** Other DuckDB files to read beside it, by the name that SQL calls them by. */
  readonly attached?: Readonly<Record<string, string>>;
  /** How many threads its statements may use where `VIGIE_THREADS` does not say; one a core by default. */
  readonly threads?: number | undefined;
}

/** An open DuckDB database; `close` releases the file, and does nothing the second time. */
export interface OpenDatabase {
  readonly connection: DuckDBConnection;
  close(): void;
}

/**
 * Opens a DuckDB file (or `:memory:`) with everything that is not vigie's own shut: no extension is fetched or loaded,
 * no file outside `readableFolders` can be read or written, and the configuration is locked. With `LOG_SQL=1` in the
 * environment each statement is told on the standard error with its seconds.
 */
export async function openDatabase(path: string, options: OpenOptions = {}): Promise<OpenDatabase> {
  const threads = threadsAsked() ?? options.threads;
  const instance = await DuckDBInstance.create(path, {
    access_mode: options.readOnly ? "READ_ONLY" : "AUTOMATIC",
    // vigie alone reads its files, always with the DuckDB it pins: the newest storage is smaller and faster to write.
    storage_compatibility_version: "latest",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    // Below so many estimated rows an as-of join becomes a nested loop; estimates are thousands of times too low.
    asof_loop_join_threshold: "0",
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(options.memory === undefined ? {} : { memory_limit: options.memory }),
  });
  const connection = await instance.connect();
  if (process.env.LOG_SQL === "1") logStatements(connection);
  for (const [name, file] of Object.entries(options.attached ?? {}))
    await connection.run(`attach ${quoteText(file)} as ${quoteName(name)} (read_only)`);
  const folders = (options.readableFolders ?? []).map(quoteText).join(", ");
  await connection.run(`set allowed_directories = [${folders}]`);
  await connection.run("set enable_external_access = false");
  await connection.run("set lock_configuration = true");
  let open = true;
  return {
    connection,
    close() {
      if (!open) return;
      open = false;
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * How many threads `VIGIE_THREADS` allows; undefined where it does not say.
 *
 * @throws UserError when it is no whole number from 1 on.
 */
export function threadsAsked(): number | undefined {
  const asked = process.env.VIGIE_THREADS;
  if (asked === undefined || asked === "") return undefined;
  if (!/^[1-9]\d{0,3}$/.test(asked))
    throw new UserError(`VIGIE_THREADS=${asked}: is no whole number from 1 on`, "Leave it out: one a core.");
  return Number(asked);
}

/** Tells each statement, with the seconds that it took, on the standard error. */
function logStatements(connection: DuckDBConnection): void {
  const { run, stream } = connection;
  const timed = async <Result>(statement: string, answer: () => Promise<Result>): Promise<Result> => {
    const start = performance.now();
    let outcome = "";
    try {
      return await answer();
    } catch (error) {
      outcome = " failed";
      throw error;
    } finally {
      const seconds = ((performance.now() - start) / 1000).toFixed(3);
      process.stderr.write(`-- ${seconds} s${outcome}\n${statement.trim()};\n`);
    }
  };
  connection.run = (sql, ...values) => timed(sql, () => run.call(connection, sql, ...values));
  connection.stream = (sql, ...values) => timed(sql, () => stream.call(connection, sql, ...values));
}

/** Runs one query and parses each of its rows; integers beyond 2^53 and decimals arrive as text. */
export async function queryRows<T>(
  connection: DuckDBConnection,
  sql: string,
  schema: z.ZodType<T>,
): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson().map((row) => schema.parse(row));
}

/** A text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
