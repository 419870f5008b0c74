import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { type Model, ModelError } from "./model.ts";
import { parseSelect } from "./references.ts";

/**
 * Proves that a model that says `crosses:` uses the as-of date to cut what it reads, and for nothing else: each `as_of` in
 * DuckDB's own tree of its query is the upper bound of one of the dates that the header names, and each of these is bound so.
 *
 * @throws ModelError for another use, or a date that nothing bounds.
 */
export async function proveCrossings(
  connection: DuckDBConnection,
  model: Model,
  tree: unknown,
): Promise<void> {
  const named = new Map<string, string>();
  for (const { on } of model.crosses) {
    const { tree: parsed } = await parseSelect(connection, `select ${on}`);
    const [expression] = selected.parse(parsed).node.select_list;
    named.set(shapeOf(expression), on);
  }
  const bound = new Set<string>();
  visit(tree, (use) => {
    const on = use === undefined ? undefined : named.get(shapeOf(use));
    if (on === undefined)
      throw new ModelError(
        model.file,
        "says crosses: and uses the as-of date beyond bounding the dates that it names",
      );
    bound.add(on);
  });
  const unbound = [...named.values()].find((on) => !bound.has(on));
  if (unbound !== undefined)
    throw new ModelError(model.file, `says that it crosses ${unbound}, which no as-of date bounds`);
}

const selected = z.object({ node: z.object({ select_list: z.array(z.unknown()) }) });
const comparison = z.object({
  class: z.literal("COMPARISON"),
  type: z.literal("COMPARE_LESSTHANOREQUALTO"),
  left: z.unknown(),
  right: z.unknown(),
});
const columnReference = z.object({ class: z.literal("COLUMN_REF"), column_names: z.array(z.string()) });
const night = z.object({
  from_table: z.object({ schema_name: z.literal("strategy"), table_name: z.literal("night") }),
});
const scalar = z.object({ class: z.literal("SUBQUERY"), subquery: selected });

/** Calls `use` for each as-of date: with the date that it bounds, or undefined where it does anything else. */
function visit(node: unknown, use: (bounded: unknown) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, use);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  // The step that reads the date says its name once, and nothing with it.
  if (night.safeParse(node).success && !("where_clause" in node && node.where_clause !== null)) return;
  const compared = comparison.safeParse(node).data;
  if (compared !== undefined && isAsOf(compared.right)) {
    use(compared.left);
    visit(compared.left, use);
    return;
  }
  if (isAsOfColumn(node)) use(undefined);
  for (const value of Object.values(node)) visit(value, use);
}

function isAsOf(node: unknown): boolean {
  if (isAsOfColumn(node)) return true;
  const columns = scalar.safeParse(node).data?.subquery.node.select_list ?? [];
  return columns.length === 1 && isAsOfColumn(columns[0]);
}

function isAsOfColumn(node: unknown): boolean {
  return columnReference.safeParse(node).data?.column_names.at(-1) === "as_of";
}

/** An expression as text, without the place where it stands and the tables that its columns are said to be of. */
function shapeOf(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === "query_location" || key === "alias") return undefined;
    return key === "column_names" && Array.isArray(value) ? value.slice(-1) : value;
  });
}
