import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT, contractTable } from "../contract/contract.ts";
import { columnsOf } from "../contract/table.ts";
import { queryRows } from "./connection.ts";
import { type Model, ModelError } from "./model.ts";
import { visitNodes } from "./references.ts";

/** How a model whose rows are found lease by lease reads one table. */
export interface Reading {
  readonly table: string;
  /**
   * `lease_id`: the rows of its leases alone. `whole`: any row, so that the table may hold no row of a lease. Else the key
   * (`household_id`, `plan_id`, `entry_id` …) by which it looks rows up that no lease is told of: only those that a row of its
   * leases names.
   */
  readonly by: string;
  /** The table's column that holds the key; undefined where it is read whole. */
  readonly column: string | undefined;
  /** Which column of a table of leases, `schema.table.column`, names the rows looked up; undefined for other readings. */
  readonly through: string | undefined;
}

/** The columns of what models may read, by `schema.table`; a table that is not in it is taken to have no lease. */
export type KnownTables = ReadonlyMap<string, readonly string[]>;

/** Contract tables, what nights remember of leases, and the models by their headers. */
export function knownTables(models: readonly Model[]): KnownTables {
  return new Map([
    ...CONTRACT.map(
      (table) =>
        [`contract.${table.name}`, [...columnsOf(table).map(([column]) => column), ...PLACE]] as const,
    ),
    ["remembered.listed", LISTED],
    ...models.map(({ id, columns }) => [id, columns.map(({ name }) => name)] as const),
  ]);
}

/** Where the row of a contract table was read, after its columns. */
const PLACE = ["file_id", "line"];

/** The columns of what nights remember of leases. */
const LISTED = ["as_of", "lease_id", "agency_id", "place", "probability", "listed_since", "in_shadow"];

/** The column of a table that says whose row it is, or undefined where its rows are no lease's. */
function leaseColumn(table: string, tables: KnownTables): string | undefined {
  if (table === "contract.lease") return "id";
  return tables.get(table)?.includes(KEY) ? KEY : undefined;
}

const KEY = "lease_id";

/**
 * Proves that a model that says `per: lease_id` is found lease by lease, in DuckDB's own tree of its query: for any set of leases, the
 * query over their rows of the tables that have leases, and over the other tables whole, gives its rows of these leases and
 * no other row. Rows of no lease (null) are taken as those of one more lease. Each join of two steps with leases is on the
 * lease; each group, distinct, window and set operation has it; nothing is counted, sorted and cut, or looked up over all
 * leases. What is not seen to be so is taken not to be.
 *
 * @returns how it reads each table, sorted by table; a table may be looked up by several keys.
 * @throws ModelError that names the step that does not carry the lease, and why.
 */
export function provePerLease(
  model: Model & { readonly reads: readonly string[] },
  tree: unknown,
  tables: KnownTables,
  folding: ReadonlySet<string>,
): readonly Reading[] {
  const key = JSON.stringify([
    model.file,
    model.kind,
    model.query,
    model.reads.map((table) => tables.get(table)),
  ]);
  const before = proven.get(key);
  if (before !== undefined) return before;
  const readings = prove(model, tree, tables, folding);
  proven.set(key, readings);
  return readings;
}

/** What has been proven once in this process stays so. */
const proven = new Map<string, readonly Reading[]>();

function prove(
  model: Model & { readonly reads: readonly string[] },
  tree: unknown,
  tables: KnownTables,
  folding: ReadonlySet<string>,
): readonly Reading[] {
  if (model.kind === "computed")
    throw new ModelError(model.file, "says per: lease_id, and a program fills it: nothing proves that");
  const proof: Proof = { file: model.file, tables, folding, readings: new Map() };
  const statement = z.object({ node: z.unknown() }).parse(tree);
  const rows = followQuery(statement.node, { proof, step: "the last select", steps: new Map() });
  const [key] = rows.keys;
  if (!rows.ofLeases || !key?.columns.has(KEY))
    throw new ModelError(model.file, `says per: ${KEY}, and its last select gives no lease as ${KEY}`);
  // What stands in a step of which nothing is used is read too.
  for (const table of model.reads.filter((read) => !proof.readings.has(read)))
    proof.readings.set(table, [wholly(table)]);
  return [...proof.readings.values()].flat().sort(byTable);
}

const byTable = (a: Reading, b: Reading) => a.table.localeCompare(b.table) || a.by.localeCompare(b.by);

/** The functions that fold many rows into one, macros that call one included, as this DuckDB has them; asked for once. */
export async function foldingFunctions(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  if (folding !== undefined) return folding;
  const functions = await queryRows(
    connection,
    `select distinct lower(function_name) as name, function_type as type, coalesce(macro_definition, '') as definition
      from duckdb_functions() where function_type in ('aggregate', 'macro')`,
    functionRow,
  );
  const found = new Set(functions.flatMap(({ name, type }) => (type === "aggregate" ? [name] : [])));
  const macros = functions.map(({ name, definition }) => ({ name, calls: callsIn(definition) }));
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { name, calls } of macros) if (calls.some((called) => found.has(called))) found.add(name);
  }
  folding = found;
  return folding;
}

/** The names before an opening parenthesis, outside of texts. */
function callsIn(definition: string): string[] {
  const code = definition.replace(/'[^']*'/g, "").toLowerCase();
  return code.match(/\w+(?="?\()/g) ?? [];
}

let folding: ReadonlySet<string> | undefined;
const functionRow = z.object({ name: z.string(), type: z.string(), definition: z.string() });

/** One value that each row of a step has: a lease, or the key of a table without leases. */
interface Key {
  /** The step's columns that hold it. */
  readonly columns: ReadonlySet<string>;
  /** Columns of the two sides of a full join: one of both holds it. */
  readonly pairs: readonly (readonly [string, string])[];
  /** By table without leases: the column whose rows with that value are all that the row is made of. */
  readonly of: ReadonlyMap<string, string>;
}

/** What is known of the rows of a step. */
interface Rows {
  /** Their columns in order; undefined where they cannot be told. */
  readonly columns: readonly string[] | undefined;
  /** Whether they are made of rows of leases. Then they have one key, the lease, and are found lease by lease. */
  readonly ofLeases: boolean;
  readonly keys: readonly Key[];
  /** The tables without leases that they are made of, where it is not yet known how they are read: by one of `keys`. */
  readonly open: ReadonlySet<string>;
  /** By column: the columns of tables of leases, `schema.table.column`, of which it is a copy. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
}

/** The rows before a `select`: their columns are `alias.column`. */
interface Source extends Rows {
  readonly parts: readonly { readonly alias: string; readonly columns: readonly string[] | undefined }[];
}

interface Proof {
  readonly file: string;
  readonly tables: KnownTables;
  readonly folding: ReadonlySet<string>;
  readonly readings: Map<string, Reading[]>;
}

interface Scope {
  readonly proof: Proof;
  /** For messages: the common table expression that is followed. */
  readonly step: string;
  readonly steps: ReadonlyMap<string, Rows>;
}

const NO_ROWS: Rows = { columns: [], ofLeases: false, keys: [], open: new Set(), origins: new Map() };

function refuse(scope: Scope, why: string): never {
  throw new ModelError(scope.proof.file, `says per: ${KEY}, and ${scope.step} ${why}`);
}

/** Notes how a table is read. Read whole, it is read in no narrower way. */
function note({ proof }: Scope, reading: Reading): void {
  const before = proof.readings.get(reading.table) ?? [];
  const isSame = ({ column, through }: Reading) => column === reading.column && through === reading.through;
  if (before.some((other) => other.by === "whole" || isSame(other))) return;
  proof.readings.set(reading.table, reading.by === "whole" ? [reading] : [...before, reading]);
}

const wholly = (table: string): Reading => ({ table, by: "whole", column: undefined, through: undefined });

/** Rows of which nothing more can be told than that they are made of these tables. */
function readWhole(scope: Scope, rows: Rows): Rows {
  for (const table of rows.open) note(scope, wholly(table));
  return { ...rows, keys: [], open: NO_ROWS.open };
}

/** The rows with the keys that a step carries. Where leases are not carried the step is refused for that reason. */
function keep(scope: Scope, rows: Rows, why: string, carries: (key: Key) => boolean): Rows {
  const keys = rows.keys.filter(carries);
  if (rows.ofLeases && keys.length === 0) refuse(scope, why);
  return keys.length === 0 ? readWhole(scope, rows) : { ...rows, keys };
}

// Nodes of DuckDB's tree, as far as they are looked into. Made once: a schema is compiled when it first parses.
const queryNode = z.object({ type: z.string() });
const steps = z.object({
  cte_map: z.object({
    map: z.array(
      z.object({
        key: z.string(),
        value: z.object({
          query: z.object({ node: z.unknown() }),
          aliases: z.array(z.string()).default([]),
        }),
      }),
    ),
  }),
});
const modifierNode = z.object({
  type: z.string(),
  distinct_on_targets: z.array(z.unknown()).default([]),
});
const selectNode = z.object({
  modifiers: z.array(modifierNode),
  select_list: z.array(z.unknown()),
  from_table: z.unknown(),
  where_clause: z.unknown(),
  group_expressions: z.array(z.unknown()),
  group_sets: z.array(z.array(z.number())),
  aggregate_handling: z.string(),
  having: z.unknown(),
  sample: z.unknown(),
  qualify: z.unknown(),
});
type SelectNode = z.infer<typeof selectNode>;
const setOperation = z.object({
  modifiers: z.array(modifierNode),
  setop_type: z.string(),
  children: z.array(z.unknown()),
});
const recursion = z.object({ cte_name: z.string(), left: z.unknown(), right: z.unknown() });
const tableNode = z.object({
  type: z.string(),
  alias: z.string(),
  sample: z.unknown(),
  column_name_alias: z.array(z.string()).default([]),
});
const baseTable = z.object({ catalog_name: z.string(), schema_name: z.string(), table_name: z.string() });
const derivedTable = z.object({ subquery: z.object({ node: z.unknown() }) });
const functionNode = z.object({ function_name: z.string() });
const tableFunction = z.object({ function: functionNode });
const joinNode = z.object({
  left: z.unknown(),
  right: z.unknown(),
  condition: z.unknown(),
  join_type: z.string(),
  ref_type: z.string(),
  using_columns: z.array(z.string()).default([]),
});
const expressionNode = z.object({
  class: z.string(),
  type: z.string().default(""),
  alias: z.string().default(""),
});
const columnNode = z.object({ column_names: z.array(z.string()) });
const starNode = z.looseObject({
  relation_name: z.string(),
  exclude_list: z.array(z.string()),
  replace_list: z.array(z.object({ key: z.string() })),
});
const operatorNode = z.object({ type: z.string(), children: z.array(z.unknown()) });
const comparison = z.object({ type: z.string(), left: z.unknown(), right: z.unknown() });
const subqueryNode = z.object({
  subquery_type: z.string(),
  subquery: z.object({ node: z.unknown() }),
  child: z.unknown(),
  comparison_type: z.string(),
});
const windowNode = z.object({ partitions: z.array(z.unknown()) });
const position = z.object({
  value: z.object({ type: z.object({ id: z.literal("INTEGER") }), value: z.number() }),
});

/** Whether a node is an expression of that class. Asked before a node is parsed: a failed parse makes an error. */
function isOf(name: string, node: unknown): boolean {
  return typeof node === "object" && node !== null && "class" in node && node.class === name;
}

function followQuery(node: unknown, outer: Scope): Rows {
  const scope = withSteps(node, outer);
  const { type } = queryNode.parse(node);
  if (type === "SELECT_NODE") return followSelect(selectNode.parse(node), scope);
  if (type === "SET_OPERATION_NODE") return followSetOperation(node, scope);
  if (type === "RECURSIVE_CTE_NODE") return followRecursion(node, scope);
  return refuse(scope, `is of a kind that nothing is proven of: ${type}`);
}

/** The scope with the common table expressions of a node, each followed once. */
function withSteps(node: unknown, scope: Scope): Scope {
  const found = new Map(scope.steps);
  for (const { key, value } of steps.parse(node).cte_map.map) {
    const name = key.toLowerCase();
    const rows = followQuery(value.query.node, { ...scope, step: `its step « ${key} »`, steps: found });
    found.set(name, renamed(rows, value.aliases));
  }
  return { ...scope, steps: found };
}

/** Rows with their first columns called by other names. */
function renamed(rows: Rows, names: readonly string[]): Rows {
  if (names.length === 0) return rows;
  const before = rows.columns;
  if (before === undefined) return { ...rows, keys: rows.keys.map(withoutColumns), origins: new Map() };
  const called = new Map(before.map((column, place) => [column, names[place]?.toLowerCase() ?? column]));
  return mapColumns(rows, (column) => called.get(column) ?? column);
}

const withoutColumns = (key: Key): Key => ({ ...key, columns: new Set(), pairs: [] });

function mapColumns(rows: Rows, name: (column: string) => string): Rows {
  return {
    ...rows,
    columns: rows.columns?.map(name),
    keys: rows.keys.map((key) => ({
      ...key,
      columns: new Set([...key.columns].map(name)),
      pairs: key.pairs.map(([a, b]) => [name(a), name(b)] as const),
    })),
    origins: new Map([...rows.origins].map(([column, origins]) => [name(column), origins])),
  };
}

function followSelect(select: SelectNode, scope: Scope): Rows {
  let source = followFrom(select.from_table, scope);
  if (select.sample) source = { ...source, ...keep(scope, source, "draws a sample", () => false) };
  for (const condition of conjuncts(select.where_clause)) source = followCondition(condition, source, scope);
  const { select_list, group_expressions, having, qualify, modifiers } = select;
  const folds = followExpressions([select_list, group_expressions, having, qualify, modifiers], scope);
  const windows = windowsIn([select_list, qualify, modifiers]);
  let rows: Source = source;
  if (group_expressions.length > 0 || folds || select.aggregate_handling === "FORCE_AGGREGATES")
    rows = { ...source, ...followGroups(select, source, scope) };
  const anyMeans = (expressions: readonly unknown[]) => (key: Key) =>
    expressions.some((expression) => meansKey(meant(expression, select_list), key, source, select_list));
  for (const { partitions } of windows) {
    const why = "has a window that is not partitioned by the lease";
    rows = { ...rows, ...keep(scope, rows, why, anyMeans(partitions)) };
  }
  for (const { distinct_on_targets } of modifiers.filter(isDistinctOn)) {
    const why = "keeps one of several rows that may be those of several leases";
    rows = { ...rows, ...keep(scope, rows, why, anyMeans(distinct_on_targets)) };
  }
  const others = modifiers.filter((modifier) => !isDistinctOn(modifier));
  return followModifiers(others, project(select_list, rows, scope), scope);
}

type Modifier = z.infer<typeof modifierNode>;

const isDistinctOn = ({ distinct_on_targets }: Modifier): boolean => distinct_on_targets.length > 0;

function followGroups(select: SelectNode, source: Source, scope: Scope): Rows {
  const items = select.select_list;
  const all = select.aggregate_handling === "FORCE_AGGREGATES";
  const grouped = all
    ? items.filter((item) => !foldsRows(item, scope.proof.folding))
    : select.group_expressions.map((expression) => meant(expression, items));
  const sets = select.group_sets.length > 0 ? select.group_sets : [grouped.map((_, place) => place)];
  const why =
    grouped.length === 0
      ? "gathers the rows of all leases into one"
      : "groups rows without the lease among the columns that it groups by";
  return keep(scope, source, why, (key) =>
    sets.every((set) => set.some((place) => meansKey(grouped[place], key, source, items))),
  );
}

/** The item of the select list that an expression such as `1` names; undefined where a star hides its place. */
function meant(expression: unknown, items: readonly unknown[]): unknown {
  const place = isOf("CONSTANT", expression) ? position.safeParse(expression).data?.value.value : undefined;
  if (place === undefined) return expression;
  return items.some((item) => isOf("STAR", item)) ? undefined : items[place - 1];
}

/**
 * Whether an expression that may name a column or an item of the select list holds a key whichever is meant.
 */
function meansKey(expression: unknown, key: Key, source: Source, items: readonly unknown[]): boolean {
  const names = namesIn(expression);
  const [name] = names?.length === 1 ? names : [];
  if (name !== undefined) {
    const namesake = items.find((item) => nameOf(item) === name.toLowerCase());
    if (namesake !== undefined && !holds(namesake, key, source)) return false;
    if (namesake !== undefined && resolve([name], source) === undefined) return true;
  }
  return holds(expression, key, source);
}

function followModifiers(modifiers: readonly Modifier[], rows: Rows, scope: Scope): Rows {
  return modifiers.reduce((kept, modifier) => {
    if (modifier.type === "ORDER_MODIFIER") return kept;
    if (modifier.type === "DISTINCT_MODIFIER" && !isDistinctOn(modifier))
      return keep(scope, kept, "drops the lease from rows that it makes distinct", hasColumn);
    return keep(scope, kept, "takes a number of rows from those of all leases", () => false);
  }, rows);
}

const hasColumn = ({ columns }: Key): boolean => columns.size > 0;

/** What a select list makes of its source. A key none of whose columns is selected can be used no more. */
function project(items: readonly unknown[], source: Source, scope: Scope): Rows {
  const names: string[] = [];
  const from: (string | undefined)[] = [];
  const holders: ((key: Key) => boolean)[] = [];
  let known = true;
  const add = (name: string, origin: string | undefined, holder: (key: Key) => boolean) => {
    // Of columns of one name the first alone can be named from outside.
    names.push(names.includes(name) ? `${name} ${names.length}` : name);
    from.push(origin);
    holders.push(holder);
  };
  for (const item of items) {
    const expression = expressionNode.parse(item);
    const star = expression.class === "STAR" ? starred(item, source) : undefined;
    if (expression.class === "STAR" && star === undefined) known = false;
    if (isOf("FUNCTION", item) && functionNode.parse(item).function_name === "unnest") known = false;
    if (!known) break;
    for (const { name, column } of star ?? [])
      add(name, column, ({ columns }) => column !== undefined && columns.has(column));
    if (star === undefined)
      add(nameOf(item) ?? `${names.length}`, resolved(item, source), (key) => holds(item, key, source));
  }
  const keys = source.keys.map((key) => ({
    ...key,
    columns: new Set(names.filter((_, place) => holders[place]?.(key))),
    pairs: [],
  }));
  const origins = new Map(
    names.flatMap((name, place) => {
      const before = source.origins.get(from[place] ?? "");
      return before === undefined ? [] : [[name, before] as const];
    }),
  );
  const rows = { ...source, columns: known ? names : undefined, keys, origins };
  return rows.ofLeases || keys.some(hasColumn)
    ? { ...rows, keys: rows.ofLeases ? keys : keys.filter(hasColumn) }
    : readWhole(scope, rows);
}

/** The columns that `*` stands for, by name, with the column of the source that each copies; undefined where they cannot be told. */
function starred(
  item: unknown,
  source: Source,
): { readonly name: string; readonly column: string | undefined }[] | undefined {
  const star = starNode.safeParse(item).data;
  if (star === undefined) return undefined;
  const {
    relation_name,
    exclude_list,
    replace_list,
    class: _,
    type,
    alias,
    query_location,
    ...others
  } = star;
  // Renamed columns, patterns and whatever else a star may be told are not looked into.
  if (!Object.values(others).every((value) => value === false || value === null || String(value) === ""))
    return undefined;
  const wanted = source.parts.filter(
    ({ alias }) => relation_name === "" || alias === relation_name.toLowerCase(),
  );
  const left = new Set(exclude_list.map((name) => name.toLowerCase()));
  const replaced = new Set(replace_list.map(({ key }) => key.toLowerCase()));
  if (wanted.some(({ columns }) => columns === undefined)) return undefined;
  return wanted.flatMap(({ alias, columns = [] }) =>
    columns
      .filter((name) => !left.has(name))
      .map((name) => ({ name, column: replaced.has(name) ? undefined : `${alias}.${name}` })),
  );
}

/** The name that an item of a select list gives its column; undefined where DuckDB makes one up. */
function nameOf(item: unknown): string | undefined {
  const alias = expressionNode.safeParse(item).data?.alias;
  if (alias) return alias.toLowerCase();
  return namesIn(item)?.at(-1)?.toLowerCase();
}

function followSetOperation(node: unknown, scope: Scope): Rows {
  const { children, setop_type, modifiers } = setOperation.parse(node);
  const parts = children.map((child) => followQuery(child, scope));
  const [first = NO_ROWS] = parts;
  const ofLeases = parts.some((part) => part.ofLeases);
  if (ofLeases && !parts.every((part) => part.ofLeases))
    refuse(scope, "puts rows of leases and rows of none together");
  const byPlace = setop_type !== "UNION_BY_NAME" && parts.every(({ columns }) => columns !== undefined);
  const columns = byPlace ? first.columns : undefined;
  const at = (part: Rows, place: number) => part.columns?.[place] ?? "";
  const shared = (keys: readonly Key[]): Key => ({
    columns: new Set(
      columns?.filter((_, place) =>
        keys.every((key, child) => key.columns.has(at(parts[child] ?? NO_ROWS, place))),
      ),
    ),
    pairs: [],
    of: new Map(keys.flatMap((key) => [...key.of])),
  });
  const keys = combinations(parts.map((part) => part.keys))
    .map(shared)
    .filter(hasColumn);
  const origins = new Map(
    (columns ?? []).flatMap((column, place) => {
      const each = parts.map((part) => part.origins.get(at(part, place)));
      return each.includes(undefined)
        ? []
        : [[column, [...new Set(each.flatMap((one) => one ?? []))]] as const];
    }),
  );
  const open = new Set(parts.flatMap((part) => [...part.open]));
  const whole = { columns, ofLeases, keys: parts.flatMap((part) => part.keys), open, origins };
  const why = "puts rows together, and the lease does not stand in the same column of all of them";
  const kept = keys.length > 0 ? { ...whole, keys } : keep(scope, whole, why, () => false);
  return followModifiers(modifiers, kept, scope);
}

/** All ways of taking one of each list. */
function combinations<Item>(lists: readonly (readonly Item[])[]): Item[][] {
  return lists.reduce<Item[][]>(
    (ways, list) => ways.flatMap((way) => list.map((item) => [...way, item])),
    [[]],
  );
}

/** A recursion reads its own rows again: tables of leases are not followed through it. */
function followRecursion(node: unknown, scope: Scope): Rows {
  const { cte_name, left, right } = recursion.parse(node);
  const first = readWhole(scope, followQuery(left, scope));
  const rows = { ...NO_ROWS, columns: first.columns };
  const again = new Map([...scope.steps, [cte_name.toLowerCase(), rows] as const]);
  const second = readWhole(scope, followQuery(right, { ...scope, steps: again }));
  if (first.ofLeases || second.ofLeases) refuse(scope, "goes round over rows of leases");
  return rows;
}

function followFrom(node: unknown, scope: Scope): Source {
  const table = tableNode.parse(node);
  if (table.sample) refuse(scope, "draws a sample");
  const named = (rows: Rows, name: string): Source => {
    const alias = (table.alias || name).toLowerCase();
    const own = renamed(rows, table.column_name_alias);
    const part = { alias, columns: own.columns };
    return { ...mapColumns(own, (column) => `${alias}.${column}`), parts: [part] };
  };
  switch (table.type) {
    case "EMPTY":
      return { ...NO_ROWS, parts: [] };
    case "BASE_TABLE": {
      const { catalog_name, schema_name, table_name } = baseTable.parse(node);
      if (catalog_name !== "") refuse(scope, `reads ${table_name} in the database ${catalog_name}`);
      const name = table_name.toLowerCase();
      if (schema_name !== "") return named(readTable(`${schema_name}.${name}`.toLowerCase(), scope), name);
      const rows = scope.steps.get(name);
      if (rows === undefined) return refuse(scope, `reads "${table_name}", which is no step before it`);
      return named(rows, name);
    }
    case "SUBQUERY":
      return named(followQuery(derivedTable.parse(node).subquery.node, scope), "");
    case "EXPRESSION_LIST":
      followExpressions([node], scope);
      return named({ ...NO_ROWS, columns: undefined }, "");
    case "TABLE_FUNCTION": {
      const name = tableFunction.parse(node).function.function_name.toLowerCase();
      if (!GENERATORS.has(name)) refuse(scope, `reads ${name}(), of which nothing is proven`);
      followExpressions([node], scope);
      return named({ ...NO_ROWS, columns: undefined }, name);
    }
    case "JOIN":
      return followJoin(node, scope);
    default:
      return refuse(scope, `reads rows of a kind that nothing is proven of: ${table.type}`);
  }
}

/** Table functions that make rows of their arguments alone. */
const GENERATORS = new Set(["unnest", "generate_series", "range"]);

function readTable(table: string, scope: Scope): Rows {
  const columns = scope.proof.tables.get(table);
  const lease = leaseColumn(table, scope.proof.tables);
  if (columns === undefined || lease === undefined) {
    const keys = (columns ?? []).filter(isIdentifier).map((column) => ({
      columns: new Set([column]),
      pairs: [],
      of: new Map([[table, column]]),
    }));
    const rows = { ...NO_ROWS, columns, keys, open: new Set([table]) };
    return keys.length === 0 ? readWhole(scope, rows) : rows;
  }
  note(scope, { table, by: KEY, column: lease, through: undefined });
  return {
    columns,
    ofLeases: true,
    keys: [{ columns: new Set([lease]), pairs: [], of: new Map() }],
    open: NO_ROWS.open,
    origins: new Map(columns.map((column) => [column, [`${table}.${column}`]])),
  };
}

const isIdentifier = (column: string): boolean => /(^|_)(id|entry)$/.test(column);

/** What the values of a table's column name: `plan_id` for `plan_instalment.plan_id` and for `plan.id`. */
function keyName(table: string, column: string): string {
  const declared = table.startsWith("contract.") ? contractTable(table.slice("contract.".length)) : undefined;
  const targets = declared?.references.find((reference) => reference.column === column)?.targets ?? [];
  const [target] = targets.filter((one) => one.column === "id");
  const owner = target?.table.name ?? (declared !== undefined && column === "id" ? declared.name : undefined);
  return owner === undefined ? column : `${owner}_id`;
}

/** Two sides of a join, and what its condition says to be equal. */
interface Join {
  readonly left: Source;
  readonly right: Source;
  readonly kind: JoinKind;
  /** Whether each row of the left side meets one row of the right alone. */
  readonly isAsOf: boolean;
  readonly equal: readonly (readonly [unknown, unknown])[];
}

type JoinKind = "INNER" | "LEFT" | "RIGHT" | "FULL" | "SEMI" | "ANTI";
const joinKind = z.enum(["INNER", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI"]);

function followJoin(node: unknown, scope: Scope): Source {
  const join = joinNode.parse(node);
  const kind = joinKind.safeParse(join.join_type).data;
  const isAsOf = join.ref_type === "ASOF";
  const isPlain = isAsOf ? kind === "INNER" || kind === "LEFT" : /^(REGULAR|CROSS)$/.test(join.ref_type);
  if (kind === undefined || !isPlain || join.using_columns.length > 0)
    return refuse(scope, `joins in a way that nothing is proven of: ${join.ref_type} ${join.join_type}`);
  const left = followFrom(join.left, scope);
  const right = followFrom(join.right, scope);
  followExpressions([join.condition], scope);
  const equal = conjuncts(join.condition).flatMap((condition) => {
    const sides = isOf("COMPARISON", condition) ? comparison.parse(condition) : undefined;
    const isEqual = sides?.type === "COMPARE_EQUAL" || sides?.type === "COMPARE_NOT_DISTINCT_FROM";
    return sides !== undefined && isEqual ? [[sides.left, sides.right] as const] : [];
  });
  return { ...joinRows({ left, right, kind, isAsOf, equal }, scope), parts: partsOf(kind, left, right) };
}

const partsOf = (kind: JoinKind, left: Source, right: Source): Source["parts"] =>
  kind === "SEMI" || kind === "ANTI" ? left.parts : [...left.parts, ...right.parts];

function joinRows(join: Join, scope: Scope): Rows {
  const { left, right, kind, isAsOf } = join;
  const both = { ...NO_ROWS, columns: undefined, origins: new Map([...left.origins, ...right.origins]) };
  const linked = left.keys.flatMap((leftKey) =>
    right.keys.flatMap((rightKey) => {
      const equal = join.equal.flatMap((sides) => oriented(sides, leftKey, rightKey, join));
      return equal.length === 0 ? [] : [joinedKey(kind, leftKey, rightKey, equal)];
    }),
  );
  if (left.ofLeases && right.ofLeases) {
    if (linked.length === 0) refuse(scope, `joins ${told(left)} and ${told(right)} not on the lease`);
    return { ...both, ofLeases: true, keys: linked };
  }
  const staysLeft = kind !== "RIGHT" && kind !== "FULL";
  const staysRight = kind === "RIGHT" || (kind === "INNER" && !isAsOf);
  if (left.ofLeases || right.ofLeases) {
    if (!(left.ofLeases ? staysLeft : staysRight))
      refuse(scope, `makes rows of ${told(left.ofLeases ? right : left)} depend on all leases`);
    const [leases, others] = left.ofLeases ? [left, right] : [right, left];
    lookUp(leases, others, join.equal, scope);
    return { ...both, ofLeases: true, keys: leases.keys };
  }
  if (linked.length > 0) return { ...both, keys: linked, open: new Set([...left.open, ...right.open]) };
  // Keys of one side say nothing of the tables of the other, which is read whole.
  const [kept, other] = staysLeft && (left.open.size > 0 || !staysRight) ? [left, right] : [right, left];
  readWhole(scope, other);
  return staysLeft || staysRight
    ? { ...both, keys: kept.keys, open: kept.open }
    : readWhole(scope, { ...both, open: kept.open });
}

/** The sides of an equality as left and right column, where it says that two keys are the same. */
function oriented(
  [one, other]: readonly [unknown, unknown],
  leftKey: Key,
  rightKey: Key,
  { left, right }: Join,
): (readonly [string | undefined, string | undefined])[] {
  const isEqual = (a: unknown, b: unknown) => holds(a, leftKey, left) && holds(b, rightKey, right);
  if (isEqual(one, other)) return [[resolved(one, left), resolved(other, right)]];
  return isEqual(other, one) ? [[resolved(other, left), resolved(one, right)]] : [];
}

function joinedKey(
  kind: JoinKind,
  left: Key,
  right: Key,
  equal: readonly (readonly [string | undefined, string | undefined])[],
): Key {
  const of = new Map([...left.of, ...right.of]);
  const pairs = [...left.pairs, ...right.pairs];
  switch (kind) {
    case "INNER":
      return { columns: new Set([...left.columns, ...right.columns]), pairs, of };
    case "RIGHT":
      return { columns: right.columns, pairs: right.pairs, of };
    case "FULL": {
      // Where one side has no row its columns are null: the key is whichever is there.
      const named = equal.flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [[a, b] as const]));
      return { columns: new Set(), pairs: named, of };
    }
    default:
      return { columns: left.columns, pairs: left.pairs, of };
  }
}

/** Settles how tables without leases are read that rows of leases are joined with: by a key that these rows name, or whole. */
function lookUp(leases: Source, others: Source, equal: Join["equal"], scope: Scope): void {
  const sides = equal.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
  for (const key of others.keys) {
    for (const [own, theirs] of sides) {
      const through = leases.origins.get(resolved(own, leases) ?? "");
      if (through === undefined || !holds(theirs, key, others)) continue;
      for (const table of others.open) {
        const column = key.of.get(table);
        if (column === undefined) continue;
        for (const origin of through)
          note(scope, { table, by: keyName(table, column), column, through: origin });
      }
      return;
    }
  }
  readWhole(scope, others);
}

const told = ({ parts }: Source): string => parts.map(({ alias }) => `« ${alias} »`).join(", ");

/** A condition on the rows: a subquery over leases is a semi join on the lease, or refused. */
function followCondition(condition: unknown, source: Source, scope: Scope): Source {
  const among = isOf("SUBQUERY", condition) ? subqueryNode.parse(condition) : undefined;
  if (among?.subquery_type !== "ANY" || among.comparison_type !== "COMPARE_EQUAL") {
    followExpressions([condition], scope);
    return source;
  }
  followExpressions([among.child], scope);
  const rows = followQuery(among.subquery.node, scope);
  const [column = ""] = rows.columns ?? [];
  const right = {
    ...mapColumns(rows, (name) => `in.${name}`),
    parts: [{ alias: "in", columns: rows.columns }],
  };
  const equal = [[among.child, { class: "COLUMN_REF", column_names: ["in", column] }]] as const;
  return { ...source, ...joinRows({ left: source, right, kind: "SEMI", isAsOf: false, equal }, scope) };
}

/** Follows the subqueries of expressions: none may be over leases. Returns whether the expressions fold many rows into one. */
function followExpressions(expressions: readonly unknown[], scope: Scope): boolean {
  visitNodes(expressions, (node) => {
    const found = isOf("SUBQUERY", node) ? subqueryNode.parse(node) : undefined;
    if (found === undefined) return undefined;
    followExpressions([found.child], scope);
    const rows = readWhole(scope, followQuery(found.subquery.node, scope));
    if (rows.ofLeases) refuse(scope, "looks up a value in the rows of all leases");
    return false;
  });
  return foldsRows(expressions, scope.proof.folding);
}

function foldsRows(expression: unknown, folding: ReadonlySet<string>): boolean {
  let folds = false;
  visitNodes(expression, (node) => {
    if (isOf("SUBQUERY", node)) return false;
    const called = isOf("FUNCTION", node) ? functionNode.parse(node) : undefined;
    if (called !== undefined && folding.has(called.function_name.toLowerCase())) folds = true;
    return undefined;
  });
  return folds;
}

function windowsIn(expressions: readonly unknown[]): z.infer<typeof windowNode>[] {
  const windows: z.infer<typeof windowNode>[] = [];
  visitNodes(expressions, (node) => {
    if (isOf("SUBQUERY", node)) return false;
    if (isOf("WINDOW", node)) windows.push(windowNode.parse(node));
    return undefined;
  });
  return windows;
}

/** The conditions that must all hold for a condition to hold. */
function conjuncts(condition: unknown): unknown[] {
  if (condition === null || condition === undefined) return [];
  const both = isOf("CONJUNCTION", condition) ? operatorNode.parse(condition) : undefined;
  return both?.type === "CONJUNCTION_AND" ? both.children.flatMap(conjuncts) : [condition];
}

/** The column of the source, `alias.column`, that a reference names; undefined where it is another, or not certain. */
function resolve(names: readonly string[], source: Source): string | undefined {
  const [first, second] = names.map((name) => name.toLowerCase());
  if (second !== undefined)
    return names.length === 2 && source.parts.some(({ alias }) => alias === first)
      ? `${first}.${second}`
      : undefined;
  const having = source.parts.filter(({ columns }) => columns === undefined || columns.includes(first ?? ""));
  return having.length === 1 && having[0]?.columns !== undefined ? `${having[0].alias}.${first}` : undefined;
}

function namesIn(expression: unknown): string[] | undefined {
  return isOf("COLUMN_REF", expression) ? columnNode.parse(expression).column_names : undefined;
}

function resolved(expression: unknown, source: Source): string | undefined {
  const names = namesIn(expression);
  return names === undefined ? undefined : resolve(names, source);
}

/** Whether an expression has the value of a key on every row of the source. */
function holds(expression: unknown, key: Key, source: Source): boolean {
  const column = resolved(expression, source);
  if (column !== undefined) return key.columns.has(column);
  const operator = isOf("OPERATOR", expression) ? operatorNode.parse(expression) : undefined;
  if (operator?.type !== "OPERATOR_COALESCE" || operator.children.length !== 2) return false;
  const [a, b] = operator.children.map((child) => resolved(child, source));
  return key.pairs.some(([left, right]) => (a === left && b === right) || (a === right && b === left));
}
