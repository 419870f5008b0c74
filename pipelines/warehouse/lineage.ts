import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT } from "../contract/contract.ts";
import { columnsOf } from "../contract/table.ts";
import { queryRows, quoteText } from "./connection.ts";
import { type Model, ModelError } from "./model.ts";
import { identifyingColumns, isOfAgencies } from "./rights.ts";

/** What the columns of a table may carry, and whether each of its rows is one household's, lease's or entry's. */
export interface Lineage {
  /** By column: the identifying columns of the contract (`contract.lease.id`) whose values may stand in it. */
  readonly carries: ReadonlyMap<string, ReadonlySet<string>>;
  readonly perHousehold: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The column by which a table says of each row for which scope of the strategy it is. */
export const SCOPE_COLUMN = "scope_id";

/** Tables of the contract without a household: agencies, the landlord's own totals and capacities. */
const WITHOUT_HOUSEHOLD = new Set(["control_total", "team_capacity", "set_aside"]);

/** The lineage of what a night fills before any model: contract tables, and the rows of `load` that quote a delivery. */
function givenLineage(): Map<string, Lineage> {
  const contract = CONTRACT.map(({ name }) => name)
    .filter((name) => !isOfAgencies(name) && !WITHOUT_HOUSEHOLD.has(name))
    .map((name) => `contract.${name}`);
  const columns = new Map<string, string[]>(contract.map((table) => [table, []]));
  for (const table of CONTRACT) {
    const names = identifyingColumns(table);
    // Free text may name a person; an account is the landlord's own.
    const texts = columnsOf(table).flatMap(([column, { kind }]) =>
      kind === "text" && column !== "account" ? [column] : [],
    );
    columns.get(`contract.${table.name}`)?.push(...names, ...texts);
  }
  columns.set("load.rejected_row", ["value", "line", "row_key"]);
  columns.set("load.reconciliation", ["subject"]);
  columns.set("remembered.listed", ["lease_id"]);
  return new Map(
    [...columns].map(([table, names]) => [
      table,
      {
        carries: new Map(names.map((column) => [column, new Set([`${table}.${column}`])])),
        perHousehold: true,
      },
    ]),
  );
}

/**
 * Follows every column of these built models, in their order, from the contract's identifying columns, in the plans that
 * DuckDB itself makes of their queries (names resolved, views opened). A value is taken to travel through every
 * expression, the key of a group included; only counts, comparisons and what else gives true or false end it. Of a computed
 * table the columns named like an identifying one carry it.
 *
 * @throws ModelError where a column of one of the `aggregate` schemas may carry such a value, or a row of it may be that of
 *   one household, lease or entry; and where a table of one of the `scoped` schemas tells of households, and not of each
 *   row for which scope it is.
 */
export async function checkLineage(
  connection: DuckDBConnection,
  models: readonly Model[],
  { aggregate, scoped }: { readonly aggregate: readonly string[]; readonly scoped: readonly string[] },
): Promise<ReadonlyMap<string, Lineage>> {
  const key = JSON.stringify([
    aggregate,
    scoped,
    models.map(({ id, kind, columns, query }) => [id, kind, columns, query]),
  ]);
  const before = proven.get(key);
  if (before !== undefined) return before;
  const known = givenLineage();
  const named = new Set(
    CONTRACT.flatMap((table) => (isOfAgencies(table.name) ? [] : identifyingColumns(table))),
  );
  for (const model of models) {
    const lineage =
      model.kind === "computed"
        ? computedLineage(model, named)
        : await queryLineage(connection, model, known);
    known.set(model.id, lineage);
    if (scoped.includes(model.schema)) checkScoped(model, lineage);
    if (!aggregate.includes(model.schema)) continue;
    for (const [column, origins] of lineage.carries)
      if (origins.size > 0)
        throw new ModelError(
          model.file,
          `its column ${column} may carry ${[...origins].sort().join(", ")}: ${model.schema} tells of no household`,
        );
    if (lineage.perHousehold)
      throw new ModelError(model.file, `its rows are not grouped: ${model.schema} tells of no household`);
  }
  proven.set(key, known);
  return known;
}

/** A table of households without a scope would put all of them on the site of each scope. */
function checkScoped(model: Model, lineage: Lineage): void {
  const isOfHouseholds = lineage.perHousehold || union(lineage.carries.values()).size > 0;
  if (!isOfHouseholds || model.grain.includes(SCOPE_COLUMN)) return;
  throw new ModelError(
    model.file,
    `tells of households and its grain has no ${SCOPE_COLUMN}: every scope's site would hold them all`,
  );
}

/**
 * What these built models, in their order, let depend on the given columns (`contract.household_situation.size`), by model and
 * column: values, and whatever decides on them, conditions, counts and the choice of rows included. It says too much rather
 * than too little: of a computed table every column depends on all that its program reads.
 */
export async function findInfluences(
  connection: DuckDBConnection,
  models: readonly (Model & { readonly reads: readonly string[] })[],
  origins: Iterable<string>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>> {
  const known = new Map<string, Lineage>();
  for (const origin of origins) {
    const dot = origin.lastIndexOf(".");
    const [table, column] = [origin.slice(0, dot), origin.slice(dot + 1)];
    const carries = new Map(known.get(table)?.carries ?? []);
    known.set(table, { carries: carries.set(column, new Set([origin])), perHousehold: true });
  }
  for (const model of models) {
    if (model.kind !== "computed") {
      known.set(model.id, await queryLineage(connection, model, known, true));
      continue;
    }
    const all = union(model.from.flatMap((table) => [...(known.get(table)?.carries.values() ?? [])]));
    const carries = new Map([...model.columns.map(({ name }) => name), EVERY_ROW].map((name) => [name, all]));
    known.set(model.id, { carries, perHousehold: true });
  }
  return new Map([...known].map(([table, { carries }]) => [table, carries]));
}

/** The name under which a table carries what decided which rows it has. */
const EVERY_ROW = "*";

const planRow = z.object({ plan: z.string() });

/** Lineage comes from the models alone: what has been proven once in this process stays so. */
const proven = new Map<string, ReadonlyMap<string, Lineage>>();

function computedLineage(model: Model, named: ReadonlySet<string>): Lineage {
  const carries = new Map(
    model.columns.map(({ name }) => [name, named.has(name) ? new Set([`${model.id}.${name}`]) : NOTHING]),
  );
  return { carries, perHousehold: model.grain.some((column) => named.has(column)) };
}

async function queryLineage(
  connection: DuckDBConnection,
  model: Model,
  known: ReadonlyMap<string, Lineage>,
  influence = false,
): Promise<Lineage> {
  const [row] = await queryRows(
    connection,
    `select json_serialize_plan(${quoteText(model.query)}, optimize := false)::varchar as plan`,
    planRow,
  );
  const answer = plans.parse(JSON.parse(row?.plan ?? "{}"));
  if (answer.error || answer.plans[0] === undefined)
    throw new ModelError(
      model.file,
      `DuckDB makes no plan that can be followed: ${answer.error_message ?? ""}`,
    );
  const rows = follow(operator.parse(answer.plans[0]), {
    known,
    shared: new Map(),
    outer: undefined,
    influence,
  });
  const carries = new Map(
    model.columns.map(({ name }, place) => [name, union([at(rows, place), rows.chosenBy])]),
  );
  if (influence) carries.set(EVERY_ROW, rows.chosenBy);
  return { carries, perHousehold: rows.perHousehold };
}

const plans = z.object({
  error: z.boolean(),
  error_message: z.string().optional(),
  plans: z.array(z.unknown()).default([]),
});

const operator = z.looseObject({ type: z.string(), children: z.array(z.unknown()).default([]) });
type Operator = z.infer<typeof operator>;

// Parts of a plan's nodes. Made once: a schema is compiled when it first parses, and plans have thousands of nodes.
const place = z.number();
const places = z.array(place);
const typed = z.looseObject({ id: z.string() });
const branch = z.looseObject({ then_expr: z.unknown() });
const aggregated = z.looseObject({ name: z.string() });

/** What an operator of a plan gives: its columns in order, and what any column beyond them is taken to carry. */
interface Rows {
  readonly columns: readonly ReadonlySet<string>[];
  readonly rest: ReadonlySet<string>;
  readonly perHousehold: boolean;
  /** What decided which rows these are; nothing where only values are followed. */
  readonly chosenBy: ReadonlySet<string>;
}

interface Scope {
  readonly known: ReadonlyMap<string, Lineage>;
  /** Common table expressions by their index. */
  readonly shared: Map<number, Rows>;
  /** What a correlated subquery sees of the row around it. */
  readonly outer: Rows | undefined;
  /** Whether what decides on a value or a row is followed too. */
  readonly influence: boolean;
}

const at = (rows: Rows, place: number): ReadonlySet<string> => rows.columns[place] ?? rows.rest;

const union = (sets: Iterable<ReadonlySet<string>>): ReadonlySet<string> => {
  const all = new Set<string>();
  for (const set of sets) for (const origin of set) all.add(origin);
  return all;
};

const chosen = (rows: Rows, map: unknown): Rows => {
  const kept = places.safeParse(map).data ?? [];
  return kept.length === 0 ? rows : { ...rows, columns: kept.map((column) => at(rows, column)) };
};

function follow(node: Operator, scope: Scope): Rows {
  const inputs = () => node.children.map((child) => follow(operator.parse(child), scope));
  switch (node.type) {
    case "LOGICAL_GET":
      return followTable(node, scope, inputs());
    case "LOGICAL_PROJECTION":
      return followProjection(node, inputs(), scope);
    case "LOGICAL_AGGREGATE_AND_GROUP_BY":
      return followGroups(node, inputs(), scope);
    case "LOGICAL_DISTINCT": {
      const [input = NO_ROWS] = inputs();
      return { ...input, perHousehold: input.perHousehold && union(input.columns).size > 0 };
    }
    case "LOGICAL_WINDOW":
    case "LOGICAL_UNNEST": {
      const [input = NO_ROWS] = inputs();
      const added = list(node.expressions).map((expression) => carried(expression, input, scope));
      return { ...input, columns: [...input.columns, ...added] };
    }
    case "LOGICAL_FILTER": {
      const [input = NO_ROWS] = inputs();
      const conditions = scope.influence ? carried(node.expressions, input, scope) : NOTHING;
      return { ...chosen(input, node.projection_map), chosenBy: union([input.chosenBy, conditions]) };
    }
    case "LOGICAL_ORDER_BY": {
      const [input = NO_ROWS] = inputs();
      return chosen(input, node.projection_map);
    }
    case "LOGICAL_LIMIT":
    case "LOGICAL_TOP_N":
      return inputs()[0] ?? NO_ROWS;
    case "LOGICAL_COMPARISON_JOIN":
    case "LOGICAL_ANY_JOIN":
    case "LOGICAL_ASOF_JOIN":
    case "LOGICAL_CROSS_PRODUCT":
    case "LOGICAL_POSITIONAL_JOIN":
    case "LOGICAL_DELIM_JOIN":
      return followJoin(node, scope);
    case "LOGICAL_DELIM_GET":
      return scope.outer ?? opaque([]);
    case "LOGICAL_UNION":
      return together(inputs());
    case "LOGICAL_EXCEPT":
    case "LOGICAL_INTERSECT":
      return inputs()[0] ?? NO_ROWS;
    case "LOGICAL_MATERIALIZED_CTE":
    case "LOGICAL_RECURSIVE_CTE":
      return followShared(node, scope);
    case "LOGICAL_CTE_REF":
      return scope.shared.get(place.parse(node.cte_index)) ?? opaque([]);
    case "LOGICAL_DUMMY_SCAN":
    case "LOGICAL_EMPTY_RESULT":
      return NO_ROWS;
    default:
      return opaque(inputs());
  }
}

const NO_ROWS: Rows = { columns: [], rest: NOTHING, perHousehold: false, chosenBy: NOTHING };

/** What is known of rows whose columns cannot be told apart: any of them may carry what any input does. */
const opaque = (inputs: readonly Rows[]): Rows => ({
  columns: [],
  rest: union(inputs.flatMap((input) => [...input.columns, input.rest])),
  perHousehold: inputs.some((input) => input.perHousehold),
  chosenBy: union(inputs.map((input) => input.chosenBy)),
});

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function followTable(node: Operator, scope: Scope, inputs: readonly Rows[]): Rows {
  const scan = tableScan.safeParse(node).data;
  if (scan === undefined) return opaque(inputs);
  const lineage = scope.known.get(`${scan.function_data.schema}.${scan.function_data.table}`.toLowerCase());
  if (lineage === undefined) return NO_ROWS;
  const read = scan.column_indexes.map(
    ({ index }) => lineage.carries.get(scan.names[index] ?? "") ?? NOTHING,
  );
  const chosenBy = lineage.carries.get(EVERY_ROW) ?? NOTHING;
  return chosen(
    { columns: read, rest: NOTHING, perHousehold: lineage.perHousehold, chosenBy },
    scan.projection_ids,
  );
}

const tableScan = z.object({
  names: z.array(z.string()),
  projection_ids: z.array(z.number()).default([]),
  column_indexes: z.array(z.object({ index: z.number() })),
  function_data: z.object({ schema: z.string(), table: z.string() }),
});

function followProjection(node: Operator, [input = NO_ROWS]: readonly Rows[], scope: Scope): Rows {
  const columns = list(node.expressions).map((expression) => carried(expression, input, scope));
  return { ...input, columns, rest: NOTHING };
}

function followGroups(node: Operator, [input = NO_ROWS]: readonly Rows[], scope: Scope): Rows {
  const keys = list(node.groups).map((expression) => carried(expression, input, scope));
  const figures = list(node.expressions).map((expression) => carried(expression, input, scope));
  return {
    ...input,
    columns: [...keys, ...figures],
    rest: NOTHING,
    perHousehold: input.perHousehold && union(keys).size > 0,
  };
}

/** Joins that give the rows of their left side: some of them, or each with one value looked up. */
const LEFT_ONLY = new Set(["SEMI", "ANTI", "MARK", "SINGLE"]);

function followJoin(node: Operator, scope: Scope): Rows {
  const [leftChild, rightChild] = node.children;
  const left = chosen(follow(operator.parse(leftChild), scope), node.left_projection_map);
  const seen = list(node.duplicate_eliminated_columns);
  const outer: Rows | undefined =
    seen.length === 0
      ? scope.outer
      : { ...NO_ROWS, columns: seen.map((column) => carried(column, left, scope)), chosenBy: left.chosenBy };
  const right = chosen(follow(operator.parse(rightChild), { ...scope, outer }), node.right_projection_map);
  const kind = String(node.join_type ?? "INNER");
  const how = scope.influence ? joinedBy(node, left, right, scope) : NOTHING;
  const chosenBy = union([left.chosenBy, how]);
  if (kind === "SEMI" || kind === "ANTI") return { ...left, chosenBy };
  if (kind === "MARK") return { ...left, columns: [...left.columns, how] };
  // Each row of the left side stays: how it is joined decides on what the right side adds to it.
  const isLookup = kind === "LEFT" || kind === "SINGLE";
  const added = isLookup ? right.columns.map((column) => union([column, how])) : right.columns;
  return {
    chosenBy: isLookup ? left.chosenBy : chosenBy,
    columns: [...left.columns, ...added],
    rest: union([left.rest, right.rest]),
    perHousehold: left.perHousehold || (!LEFT_ONLY.has(kind) && right.perHousehold),
  };
}

/** What decides which row of the right side meets which of the left. */
function joinedBy(node: Operator, left: Rows, right: Rows, scope: Scope): ReadonlySet<string> {
  const both = {
    ...left,
    columns: [...left.columns, ...right.columns],
    rest: union([left.rest, right.rest]),
  };
  const sides = list(node.conditions).flatMap((condition) => {
    const side = joinCondition.safeParse(condition).data;
    return side === undefined ? [] : [carried(side.left, left, scope), carried(side.right, right, scope)];
  });
  const others = [node.condition, node.predicate].map((condition) => carried(condition, both, scope));
  return union([right.chosenBy, ...sides, ...others]);
}

const joinCondition = z.looseObject({ left: z.unknown(), right: z.unknown() });

const together = (inputs: readonly Rows[]): Rows => ({
  columns: (inputs[0]?.columns ?? []).map((_, place) => union(inputs.map((input) => at(input, place)))),
  rest: union(inputs.map((input) => input.rest)),
  perHousehold: inputs.some((input) => input.perHousehold),
  chosenBy: union(inputs.map((input) => input.chosenBy)),
});

function followShared(node: Operator, scope: Scope): Rows {
  const [first, second] = node.children.map((child) => operator.parse(child));
  const index = place.parse(node.table_index);
  if (first === undefined || second === undefined) return opaque([]);
  let rows = follow(first, scope);
  scope.shared.set(index, rows);
  if (node.type === "LOGICAL_MATERIALIZED_CTE") return follow(second, scope);
  for (;;) {
    const size = union(rows.columns).size;
    const sizes = rows.columns.map((column) => column.size).join();
    rows = together([rows, follow(second, scope)]);
    scope.shared.set(index, rows);
    if (union(rows.columns).size === size && rows.columns.map((column) => column.size).join() === sizes)
      return rows;
  }
}

const expressionNode = z.looseObject({ expression_class: z.string() });

/** Aggregates and window functions that tell how many, or whether, never which. */
const COUNTS = new Set([
  "count",
  "count_star",
  "approx_count_distinct",
  "bool_or",
  "bool_and",
  "row_number",
  "rank",
]);
const COUNTING_WINDOWS = new Set([
  "WINDOW_ROW_NUMBER",
  "WINDOW_RANK",
  "WINDOW_RANK_DENSE",
  "WINDOW_PERCENT_RANK",
  "WINDOW_CUME_DIST",
  "WINDOW_NTILE",
]);

/** The columns followed whose values may stand in what an expression gives, or, where influence is, decide on it. */
function carried(value: unknown, input: Rows, scope: Scope): ReadonlySet<string> {
  if (Array.isArray(value)) return union(value.map((item) => carried(item, input, scope)));
  if (typeof value !== "object" || value === null) return NOTHING;
  const expression = expressionNode.safeParse(value).data;
  if (expression === undefined) return union(Object.values(value).map((item) => carried(item, input, scope)));
  if (scope.influence && expression.expression_class !== "BOUND_REF") {
    const { return_type, bind_info, ...parts } = expression;
    return union(Object.values(parts).map((part) => carried(part, input, scope)));
  }
  const type = typed.safeParse(expression.return_type).data?.id;
  if (type === "BOOLEAN" && !scope.influence) return NOTHING;
  switch (expression.expression_class) {
    case "BOUND_REF":
      return at(input, place.parse(expression.index));
    case "BOUND_CONSTANT":
    case "BOUND_COMPARISON":
    case "BOUND_CONJUNCTION":
    case "BOUND_BETWEEN":
      return NOTHING;
    case "BOUND_OPERATOR":
      return /IS_NULL|IS_NOT_NULL|_NOT$|_IN$/.test(String(expression.type))
        ? NOTHING
        : carried(expression.children, input, scope);
    case "BOUND_FUNCTION":
      // A lambda counts its own parameters as columns; what it takes from outside stands among the children too.
      return carried(expression.children, input, scope);
    case "BOUND_CASE":
      return union([
        ...list(expression.case_checks).map((check) => carried(branch.parse(check).then_expr, input, scope)),
        carried(expression.else_expr, input, scope),
      ]);
    case "BOUND_AGGREGATE":
      return COUNTS.has(String(expression.name)) ? NOTHING : carried(expression.children, input, scope);
    case "BOUND_WINDOW": {
      const aggregate = aggregated.safeParse(expression.aggregate).data?.name;
      if (COUNTING_WINDOWS.has(String(expression.type)) || COUNTS.has(String(aggregate ?? expression.name)))
        return NOTHING;
      return union([
        carried(expression.children, input, scope),
        carried(expression.default_expr, input, scope),
      ]);
    }
    default: {
      const { return_type, ...parts } = expression;
      return union(Object.values(parts).map((part) => carried(part, input, scope)));
    }
  }
}
