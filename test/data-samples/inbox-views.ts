import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import iconv from "iconv-lite";
import { globSync } from "tinyglobby";
import { parse } from "yaml";

interface Feed {
  readonly files: string;
  readonly format: "delimited" | "parquet";
  readonly optional_columns?: readonly string[];
}

/** Text that a mapping's macros turn into the contract's; a plain stand-in for what the night gives a mapping. */
const MACROS = `
  create macro decimal_comma(t) as
    case when regexp_full_match(t, '-?[0-9]+([ \u00A0][0-9]{3})*(,[0-9]+)?')
      then replace(replace(replace(t, ' ', ''), '\u00A0', ''), ',', '.') else t end;
  create macro date_dmy(t) as
    case when try_strptime(t, '%d/%m/%Y') is not null
      then substr(t, 7, 4) || '-' || substr(t, 4, 2) || '-' || substr(t, 1, 2) else t end;
  create macro month_my(t) as
    case when regexp_full_match(t, '[0-9]{2}/[0-9]{4}') then substr(t, 4, 4) || '-' || substr(t, 1, 2) else t end;
  create macro debit_less_credit(d, c) as
    (coalesce(d::decimal(12, 2), 0) - coalesce(c::decimal(12, 2), 0))::decimal(12, 2)::varchar;
`;

/**
 * The files of a folder's inbox as the mapping sees them: one table `inbox.<feed>` a feed of vigie.yaml, all text, with
 * file_id and line. Reads with DuckDB, on purpose not with vigie's own readers. The caller closes the connection.
 */
export async function openInbox(folder: string, scratch: string): Promise<DuckDBConnection> {
  const { feeds }: { feeds: Record<string, Feed> } = parse(readFileSync(join(folder, "vigie.yaml"), "utf8"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("create schema inbox");
  await connection.run(MACROS);
  mkdirSync(scratch, { recursive: true });
  let fileId = 0;
  for (const [name, feed] of Object.entries(feeds)) {
    const selects: string[] = [];
    const cwd = join(folder, "inbox");
    for (const file of globSync(feed.files, { cwd, absolute: true }).sort()) {
      fileId++;
      const rows =
        feed.format === "parquet"
          ? `(select columns(*)::varchar from read_parquet('${file}'))`
          : `read_csv('${transcoded(file, scratch)}', all_varchar = true, header = true, parallel = false,
              quote = '"', escape = '"', strict_mode = true, sample_size = -1, nullstr = '')`;
      selects.push(`select *, ${fileId} as file_id, row_number() over () + 1 as line from ${rows}`);
    }
    const optional = (feed.optional_columns ?? []).map((column) => `null::varchar as "${column}"`).join(", ");
    const padding = optional === "" ? "" : ` union all by name select ${optional} where false`;
    await connection.run(`create table inbox.${name} as ${selects.join(" union all by name ")}${padding}`);
  }
  return connection;
}

/** The rows that a folder's mapping gives for a contract table, as a view `mapped.<table>`. */
export async function mapInbox(connection: DuckDBConnection, folder: string): Promise<void> {
  await connection.run("create schema mapped");
  for (const source of globSync("sources/*.sql", { cwd: folder, absolute: true }).sort()) {
    const table = basename(source, ".sql");
    await connection.run(`create view mapped.${table} as ${readFileSync(source, "utf8")}`);
  }
}

/** The rows of a query as plain objects. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

function transcoded(file: string, scratch: string): string {
  const raw = readFileSync(file);
  const bytes = file.endsWith(".gz") ? gunzipSync(raw) : raw;
  const text = isUtf8(bytes) ? bytes.toString("utf8") : iconv.decode(bytes, "windows-1252");
  const path = join(scratch, `${basename(file)}.utf8.csv`);
  writeFileSync(path, text.replace(/^\uFEFF/, ""));
  return path;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
