import type { DuckDBConnection } from "@duckdb/node-api";
import { proveCrossings } from "./crossings.ts";
import { type Model, ModelError } from "./model.ts";
import { foldingFunctions, knownTables, provePerLease, type Reading } from "./per-lease.ts";
import { NotOneSelect, parseSelect } from "./references.ts";
import { carriedTables } from "./rights.ts";

/** A model with the tables that it reads, models and given tables alike. */
export interface OrderedModel extends Model {
  readonly reads: readonly string[];
  /** How it reads each of them; undefined where its header does not say that its rows are found lease by lease. */
  readonly readings: readonly Reading[] | undefined;
  /** The contract tables with rights of their own whose rows it may carry onward. */
  readonly carries: readonly string[];
}

type ReadingModel = Omit<OrderedModel, "carries">;

/** Schemas and tables that a night fills before it builds any model. */
export const GIVEN: ReadonlySet<string> = new Set([
  "contract",
  "load",
  "strategy",
  "remembered",
  "kpi.indicator",
]);

/** Functions that would make a night depend on when, or in which session, it runs. */
const FORBIDDEN_FUNCTIONS = new Set([
  "now",
  "today",
  "current_date",
  "current_time",
  "current_timestamp",
  "get_current_timestamp",
  "get_current_time",
  "transaction_timestamp",
  "random",
  "setseed",
  "uuid",
  "gen_random_uuid",
  "uuidv4",
  "uuidv7",
  "nextval",
  "getenv",
]);

/** The functions of a statement that read the clock, chance or the session: none is allowed in a model or a mapping. */
export function forbiddenFunctions(functions: readonly string[]): string[] {
  return functions.filter((name) => FORBIDDEN_FUNCTIONS.has(name));
}

/**
 * Orders models so that each comes after all that it reads, ties by name. The order comes from what the queries read, as
 * DuckDB's parser sees them.
 *
 * @throws ModelError for a query that is no single SELECT, reads an unknown table, reads the clock, or is part of a cycle,
 *   for a model whose schema may not read what it reads, and for one that says `per: lease_id` and is not proven to be so.
 */
export async function orderModels(
  connection: DuckDBConnection,
  models: readonly Model[],
): Promise<OrderedModel[]> {
  const known = new Set(models.map((model) => model.id));
  const tables = knownTables(models);
  const waiting = new Map<string, ReadingModel>();
  for (const model of models) {
    const { tree, ...reading } = await withReferences(connection, model, known);
    if (model.crosses.length > 0) await proveCrossings(connection, model, tree);
    const folding = model.per === undefined ? undefined : await foldingFunctions(connection);
    const readings = folding === undefined ? undefined : provePerLease(reading, tree, tables, folding);
    waiting.set(model.id, { ...reading, readings });
  }
  const ordered: OrderedModel[] = [];
  const carriedBy = new Map<string, readonly string[]>();
  while (waiting.size > 0) {
    const ready = [...waiting.values()]
      .filter((model) => model.reads.every((table) => !waiting.has(table)))
      .sort((a, b) => a.id.localeCompare(b.id));
    const [first] = ready;
    if (first === undefined) {
      const [stuck] = waiting.values();
      throw new ModelError(stuck?.file ?? "sql", `reads in a circle: ${[...waiting.keys()].join(", ")}`);
    }
    for (const model of ready) {
      const carries = carriedTables(model, model.reads, carriedBy);
      carriedBy.set(model.id, carries);
      ordered.push({ ...model, carries });
      waiting.delete(model.id);
    }
  }
  return ordered;
}

/** The models that the given ones are made of, themselves included, and all others; both in the order given. */
export function splitByNeed(
  ordered: readonly OrderedModel[],
  ids: readonly string[],
): { readonly needed: readonly OrderedModel[]; readonly others: readonly OrderedModel[] } {
  const wanted = new Set(ids);
  for (const model of [...ordered].reverse()) {
    if (wanted.has(model.id)) for (const table of model.reads) wanted.add(table);
  }
  return {
    needed: ordered.filter(({ id }) => wanted.has(id)),
    others: ordered.filter(({ id }) => !wanted.has(id)),
  };
}

async function withReferences(
  connection: DuckDBConnection,
  model: Model,
  known: ReadonlySet<string>,
): Promise<Omit<ReadingModel, "readings"> & { readonly tree: unknown }> {
  try {
    const { tree, references } = await parseSelect(connection, model.query);
    const [bare] = references.bareTables;
    if (bare !== undefined) throw new ModelError(model.file, `reads "${bare}" without its schema`);
    const reads = [...new Set([...references.tables, ...model.from])];
    const unknown = reads.find(
      (table) => !known.has(table) && !GIVEN.has(table) && !GIVEN.has(table.slice(0, table.indexOf("."))),
    );
    if (unknown !== undefined) throw new ModelError(model.file, `reads ${unknown}, which nothing builds`);
    const unseen = references.tableFunctions.find((name) => name === "query" || name === "query_table");
    if (unseen !== undefined)
      throw new ModelError(model.file, `calls ${unseen}(): what it reads would not be seen`);
    const [forbidden] = forbiddenFunctions(references.functions);
    if (forbidden !== undefined)
      throw new ModelError(model.file, `calls ${forbidden}(): a night reads no clock and no chance`);
    return { ...model, reads, tree };
  } catch (error) {
    if (error instanceof NotOneSelect) throw new ModelError(model.file, error.message);
    throw error;
  }
}
