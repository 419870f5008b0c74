import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows, quoteText } from "./connection.ts";

/** What one SELECT reads and calls, as DuckDB's own parser sees it. */
export interface References {
  /** Tables named with their schema, `schema.table`, sorted. */
  readonly tables: readonly string[];
  /** Tables named without a schema that are no common table expression of the statement, sorted. */
  readonly bareTables: readonly string[];
  /** Functions called, table functions included, lower case, sorted. */
  readonly functions: readonly string[];
  readonly tableFunctions: readonly string[];
}

/** The statement is not one SELECT; `message` is the parser's, `position` its offset in the text where it gave one. */
export class NotOneSelect extends Error {
  readonly position: number | undefined;

  constructor(message: string, position: number | undefined) {
    super(message);
    this.name = "NotOneSelect";
    this.position = position;
  }
}

const treeRow = z.object({ tree: z.string() });
const serialized = z.union([
  z.object({ error: z.literal(true), error_message: z.string(), position: z.coerce.number().optional() }),
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
]);

/**
 * Parses one SELECT with DuckDB's `json_serialize_sql` and lists what it reads and calls.
 *
 * @throws NotOneSelect when the text does not parse, is no SELECT, or holds several statements.
 */
export async function findReferences(connection: DuckDBConnection, select: string): Promise<References> {
  return (await parseSelect(connection, select)).references;
}

/** A parsed SELECT: DuckDB's own tree of it, and what it reads and calls. */
export interface ParsedSelect {
  readonly tree: unknown;
  readonly references: References;
}

/** Like `findReferences`, with the tree. */
export async function parseSelect(connection: DuckDBConnection, select: string): Promise<ParsedSelect> {
  const known = parsed.get(select);
  if (known !== undefined) return known;
  const tree = await parseTree(connection, select);
  const answer = { tree, references: referencesIn(tree) };
  parsed.set(select, answer);
  return answer;
}

/** A text always parses the same: what has been parsed once in this process is not parsed again. */
const parsed = new Map<string, ParsedSelect>();

async function parseTree(connection: DuckDBConnection, select: string): Promise<unknown> {
  const [row] = await queryRows(
    connection,
    `select json_serialize_sql(${quoteText(select)})::varchar as tree`,
    treeRow,
  );
  const tree = serialized.parse(JSON.parse(row?.tree ?? "{}"));
  if (tree.error) throw new NotOneSelect(tree.error_message, tree.position);
  if (tree.statements.length !== 1) {
    throw new NotOneSelect(
      `one SELECT is expected, ${tree.statements.length} statements were found`,
      undefined,
    );
  }
  return tree.statements[0];
}

function referencesIn(tree: unknown): References {
  const found = {
    tables: new Set<string>(),
    bare: new Set<string>(),
    local: new Set<string>(),
    functions: new Set<string>(),
    tableFunctions: new Set<string>(),
  };
  visitNodes(tree, (node) => note(node, found));
  return {
    tables: [...found.tables].sort(),
    bareTables: [...found.bare].filter((name) => !found.local.has(name)).sort(),
    functions: [...found.functions].sort(),
    tableFunctions: [...found.tableFunctions].sort(),
  };
}

/** Shows each node of a parsed tree, parents first; below a node of which `visit` returns false nothing is shown. */
export function visitNodes(tree: unknown, visit: (node: object) => boolean | undefined): void {
  if (Array.isArray(tree)) {
    for (const item of tree) visitNodes(item, visit);
    return;
  }
  if (typeof tree !== "object" || tree === null || visit(tree) === false) return;
  for (const value of Object.values(tree)) visitNodes(value, visit);
}

interface Found {
  tables: Set<string>;
  bare: Set<string>;
  local: Set<string>;
  functions: Set<string>;
  tableFunctions: Set<string>;
}

const tableNode = z.object({
  type: z.literal("BASE_TABLE"),
  schema_name: z.string(),
  table_name: z.string(),
});
const functionNode = z.object({ class: z.literal("FUNCTION"), function_name: z.string() });
const tableFunctionNode = z.object({
  type: z.literal("TABLE_FUNCTION"),
  function: z.object({ function_name: z.string() }),
});
const localNode = z.object({ cte_map: z.object({ map: z.array(z.object({ key: z.string() })) }) });

function note(node: object, found: Found): undefined {
  // Only what may be meant is parsed: a failed parse makes an error, and a statement has thousands of nodes.
  const type = "type" in node ? node.type : undefined;
  const table = type === "BASE_TABLE" ? tableNode.safeParse(node).data : undefined;
  if (table !== undefined) {
    if (table.schema_name === "") found.bare.add(table.table_name.toLowerCase());
    else found.tables.add(`${table.schema_name}.${table.table_name}`.toLowerCase());
  }
  const called = "function_name" in node ? functionNode.safeParse(node).data : undefined;
  if (called !== undefined) found.functions.add(called.function_name.toLowerCase());
  const tableFunction = type === "TABLE_FUNCTION" ? tableFunctionNode.safeParse(node).data : undefined;
  if (tableFunction !== undefined)
    found.tableFunctions.add(tableFunction.function.function_name.toLowerCase());
  const locals = "cte_map" in node ? localNode.safeParse(node).data?.cte_map.map : undefined;
  for (const local of locals ?? []) found.local.add(local.key.toLowerCase());
}
