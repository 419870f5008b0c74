import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { type REPLEval, type REPLServer, start } from "node:repl";
import { Readable, type Writable } from "node:stream";
import { inspect } from "node:util";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Table } from "apache-arrow";
import { UserError } from "../user-error.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { type DataFrame, howToInstallDataFrames, isDataFrame, loadDataFrames } from "./data-frame.ts";
import { HOW_TO_SHOW, hiddenMessage, readsHidden, restrictedTables } from "./hidden-tables.ts";
import { type Rows, runStatement, warehouseOf } from "./last-night.ts";
import { textTable } from "./text-table.ts";

/** What `explore` needs to know. */
export interface ExploreOptions {
  workspace: string;
  /** The table to begin with, as `schema.table`. */
  table: string;
  /** Whether the tables that only some SQL schemas may read can be read here too; they are hidden otherwise. */
  restricted?: boolean;
  /** Where statements come from; the terminal by default. */
  input?: Readable & { isTTY?: boolean };
  /** Where answers go; the terminal by default. */
  output?: Writable & { isTTY?: boolean };
}

/**
 * Opens a JavaScript prompt on the warehouse of a workspace's last good night, read only, until `.exit` or the
 * end of the input. It has
 *
 * - `sql(text)`: runs a statement, prints its rows and returns them as objects (`await` works at the prompt);
 * - `table`: the named table as an Arrow table;
 * - `frame`: the same as a danfo DataFrame, made at its first use, when danfojs-node is installed.
 *
 * The night is the one that was current at the start, even if another takes its place meanwhile. Tables with rights of
 * their own are hidden, so that nobody reads them by accident, unless `restricted` asks for them.
 *
 * @throws UserError when there is no night yet, or the table is not in its warehouse or hidden.
 */
export async function explore({
  workspace,
  table: name,
  restricted = false,
  input = process.stdin,
  output = process.stdout,
}: ExploreOptions): Promise<void> {
  const instance = await DuckDBInstance.create(warehouseOf(workspace), { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    const statement = `from ${await quotedName(connection, name)}`;
    const hidden = restricted ? [] : await restrictedTables(connection);
    if (readsHidden(connection, statement, hidden)) throw new UserError(hiddenMessage(hidden), HOW_TO_SHOW);
    await prompt(connection, name, await arrowTable(connection, statement), hidden, input, output);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function prompt(
  connection: DuckDBConnection,
  name: string,
  table: Table,
  hidden: readonly string[],
  input: Readable & { isTTY?: boolean },
  output: Writable & { isTTY?: boolean },
): Promise<void> {
  const isTerminal = input.isTTY === true && output.isTTY === true;
  const makeDataFrame = await loadDataFrames();
  if (isTerminal) {
    const frameLine = makeDataFrame === undefined ? howToInstallDataFrames : "frame: the same as a DataFrame";
    const example = `await sql("from ${name} limit 5")`;
    output.write(`table: ${name}, ${summary(table)}\n${frameLine}\nsql: ${example}\n`);
    if (hidden.length > 0) output.write(`${hiddenMessage(hidden)}\n`);
  }

  let printed: unknown;
  const sql = async (text: string): Promise<Record<string, unknown>[]> => {
    if (readsHidden(connection, text, hidden)) throw shortError(`${hiddenMessage(hidden)}\n${HOW_TO_SHOW}`);
    const { columns, rows } = await runShort(connection, text);
    output.write(`${textTable(columns, rows)}\n`);
    printed = rows;
    return rows;
  };

  let frame: DataFrame | undefined;
  const lines = new LineByLine(input);
  const server = start({
    prompt: isTerminal ? "vigie> " : "",
    input: isTerminal ? input : lines.stream,
    output,
    terminal: isTerminal,
    ignoreUndefined: true,
    writer: (value: unknown) => {
      if (value === printed) return "";
      if (value instanceof Table) return [summary(value), ...value.schema.fields].join("\n");
      if (isDataFrame(value)) return String(value);
      return inspect(value, { colors: isTerminal });
    },
  });
  beforeEachStatement(server, () => {
    printed = undefined;
  });
  Object.defineProperties(server.context, {
    sql: { value: sql, enumerable: true },
    table: { value: table, enumerable: true },
    frame: {
      enumerable: true,
      get: () => {
        if (makeDataFrame === undefined) throw shortError(howToInstallDataFrames);
        frame ??= makeDataFrame(table);
        return frame;
      },
    },
  });
  if (!isTerminal) Object.assign(server, { displayPrompt: () => lines.next() });
  await once(server, "exit");
  lines.close();
}

/**
 * Hands piped input to a prompt one line at a time. A prompt is meant for people, who wait: given several lines
 * at once it would begin one statement before the former has ended, and close before the last has.
 */
class LineByLine {
  readonly stream: Readable;
  #lines: Interface | undefined;
  #release: () => void = () => undefined;

  constructor(input: Readable) {
    this.stream = Readable.from(this.#read(input));
  }

  /** Lets the next line through. */
  next(): void {
    this.#release();
  }

  /** Reads no more, so that an open input does not keep the program running. */
  close(): void {
    this.#lines?.close();
    this.#release();
  }

  async *#read(input: Readable): AsyncGenerator<string> {
    this.#lines = createInterface({ input });
    for await (const line of this.#lines) {
      const isDone = new Promise<void>((resolve) => {
        this.#release = resolve;
      });
      yield `${line}\n`;
      await isDone;
    }
  }
}

function beforeEachStatement(server: REPLServer, act: () => void): void {
  const evaluate = server.eval;
  const evaluateAfter: REPLEval = function (statement, context, file, done) {
    act();
    evaluate.call(this, statement, context, file, done);
  };
  Object.assign(server, { eval: evaluateAfter });
}

async function runShort(connection: DuckDBConnection, text: string): Promise<Rows> {
  try {
    return await runStatement(connection, text);
  } catch (error) {
    throw shortError(error instanceof Error ? error.message : String(error));
  }
}

/** An error that a prompt shows as its message alone: where vigie's code was says nothing to an analyst. */
function shortError(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}

function summary(table: Table): string {
  return `Arrow table, ${table.numRows} rows × ${table.numCols} columns`;
}

async function quotedName(connection: DuckDBConnection, name: string): Promise<string> {
  const found = await connection.runAndReadAll(
    `with named as (
       select schema_name, table_name from duckdb_tables()
       union all
       select schema_name, view_name from duckdb_views() where not internal
     ), candidate as (
       select *, schema_name || '.' || table_name as full_name,
         greatest(
           jaro_winkler_similarity(lower(full_name), lower($1)),
           jaro_winkler_similarity(lower(table_name), lower($1))
         ) as likeness
       from named
     )
     select schema_name, table_name, full_name from candidate
     order by full_name = $1 desc, likeness desc, full_name
     limit 3`,
    [name],
  );
  const candidates = found.getRowsJS().map((row) => row.map(String));
  const [first] = candidates;
  if (first?.[2] === name) return first.slice(0, 2).map(quoted).join(".");
  const names = candidates.map((candidate) => candidate[2]);
  throw new UserError(
    `The warehouse has no table ${name}`,
    names.length === 0 ? "It has no table at all" : `The nearest names are: ${names.join(", ")}`,
  );
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
