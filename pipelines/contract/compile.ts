import { type ColumnSql, columnSql, literal } from "./column-sql.ts";
import { CONTRACT } from "./contract.ts";
import { WITHHELD } from "./reasons.ts";
import type { Condition, RowRule } from "./row-rule.ts";
import { type ContractTable, columnOf, columnsOf, type Reference } from "./table.ts";

/** The columns that a mapping gives beside those of its table: where in the landlord's files the row starts. */
const PLACE_COLUMNS = ["file_id", "line"] as const;

/** A landlord's mapping of one table. */
export interface Mapping {
  /** One SELECT, without a semicolon at its end. */
  readonly select: string;
  /** The names of the columns that the SELECT gives. */
  readonly given: readonly string[];
}

/** The required columns of the table, and `file_id` and `line`, that a mapping lacks. Names compare without case. */
export function missingColumns(table: ContractTable, given: readonly string[]): string[] {
  const names = lowerCase(given);
  const required = columnsOf(table).filter(([, { optional }]) => !optional);
  return [...required.map(([name]) => name), ...PLACE_COLUMNS].filter((name) => !names.has(name));
}

/** The columns that a mapping gives and the table does not have. Names compare without case. */
export function unknownColumns(table: ContractTable, given: readonly string[]): string[] {
  const known = new Set<string>([...columnsOf(table).map(([name]) => name), ...PLACE_COLUMNS]);
  return given.filter((name) => !known.has(name.toLowerCase()));
}

/**
 * The statements that prepare a warehouse for the contract: the schemas `contract` and `load`, the ENUM types of the
 * `one_of` columns, and the tables that the checks append to.
 *
 * `load.rejected_row` has one row a problem; `position` counts the problems of one mapped row from 1, so that the rows
 * with position 1 are the rejected rows. `first_file_id` and `first_line` tell where the earlier row of a key_conflict
 * stands. Of a table with rights of its own the value is withheld. `load.duplicate_row` has one row for every exact duplicate, which is dropped, and `load.superseded_row` one for
 * every row that a later delta delivery replaced, with the place of its successor.
 *
 * `load.delta_file` is for the caller to fill before the tables are: the files of feeds whose deliveries are deltas. Of two
 * files the one delivered later has the larger `file_id`.
 */
export function prepareContract(tables: readonly ContractTable[] = CONTRACT): string[] {
  const types = tables.flatMap((table) =>
    columnsOf(table).flatMap(([name, facts]) =>
      facts.kind === "one_of"
        ? [`create type ${enumType(table, name)} as enum (${facts.words.map(literal).join(", ")})`]
        : [],
    ),
  );
  return [
    "create schema if not exists contract",
    "create schema if not exists load",
    ...types,
    `create table load.rejected_row (
  file_id integer, line bigint, table_name varchar, column_name varchar, value varchar, reason varchar,
  position integer, first_file_id integer, first_line bigint
)`,
    "create table load.duplicate_row (file_id integer, line bigint, table_name varchar)",
    `create table load.superseded_row (
  file_id integer, line bigint, table_name varchar, by_file_id integer, by_line bigint
)`,
    "create table load.delta_file (file_id integer primary key, feed varchar not null)",
  ];
}

/** The statements that create `contract.<table>` without a row, for a table that the landlord does not map. */
export function emptyTable(table: ContractTable): string[] {
  const columns = columnsOf(table).map(([name]) => `${quoted(name)} ${sqlOf(table, name).type}`);
  return [`create table ${stored(table)} (${[...columns, "file_id integer", "line bigint"].join(", ")})`];
}

/**
 * The statements that fill one table, to run in order on one connection, by themselves or in one transaction.
 *
 * They create `contract.<table>` with the accepted rows (typed columns, then file_id and line), and append to
 * `load.rejected_row`, `load.superseded_row` and `load.duplicate_row`. Each check sees the rows that passed the one before
 * it: cells, rules between cells, references, then the key. Of the rows with one key that a delta feed delivered, those
 * that differ from the first row of the latest file and stand in an earlier file are superseded. Of the others with one
 * key the first by file_id, line and order in the mapping's result stays; the rest are exact duplicates where every column
 * equals an earlier row's, and key conflicts elsewhere. The tables that this one refers to must stand already (see `CONTRACT`'s order and `emptyTable`).
 */
export function fillTable(table: ContractTable, mapping: Mapping): string[] {
  return [
    readMapping(table, mapping),
    ...markUnknown(table),
    recordRefusals(table),
    `delete from ${stored(table)} where delivered is not null`,
    ...resolveRepeats(table),
    `alter table ${stored(table)} drop column delivered`,
  ];
}

/**
 * One pass over the mapping: every row typed, and beside each row that breaks a check of its own its cells as delivered. Of
 * a reference only a missing cell is told here.
 */
function readMapping(table: ContractTable, mapping: Mapping): string {
  const given = lowerCase(mapping.given);
  const columns = columnsOf(table);
  const cells = columns.map(([name]) =>
    given.has(name)
      ? `cast(${quoted(name)} as varchar) as ${cellName(name)}`
      : `null::varchar as ${cellName(name)}`,
  );
  const values = columns.map(([name]) => `${sqlOf(table, name).value(cellName(name))} as ${valueName(name)}`);
  const kept = columns.map(([name]) => `${valueName(name)} as ${quoted(name)}`);
  const sound = [
    ...columns.map(([name, { optional }]) => {
      const isReference = table.references.some(({ column }) => column === name);
      const condition = isReference
        ? `${cellName(name)} is not null`
        : sqlOf(table, name).sound(cellName(name), valueName(name));
      return optional ? `(${cellName(name)} is null or (${condition}))` : `(${condition})`;
    }),
    ...table.rules.map((rule) => `not (${isBroken(table, rule)})`),
  ];
  return `create table ${stored(table)} as
with mapped as not materialized (
${mapping.select}
),
cell as not materialized (
  select ${[...cells, "file_id::integer as file_id", "line::bigint as line"].join(",\n    ")}
  from mapped
),
typed as not materialized (
  select *,
    ${values.join(",\n    ")}
  from cell
),
judged as not materialized (
  select *,
    ${sound.join("\n    and ")} as is_sound
  from typed
)
select ${kept.join(",\n  ")},
  file_id, line,
  case when is_sound then null else [${columns.map(([name]) => cellName(name)).join(", ")}] end as delivered
from judged`;
}

/**
 * Puts beside each row that names what its target does not know its cells, as its values are written. What stands in a
 * target has passed the target's own grammar, so that only an unknown name may break it. Joined from the few rows to the
 * many: the values of the target, often millions, are looked up and never gathered.
 */
function markUnknown(table: ContractTable): string[] {
  if (table.references.length === 0) return [];
  const cells = columnsOf(table).map(([name]) => sqlOf(table, name).shown(quoted(name)));
  const unknown = table.references.map(
    (reference) => `select referring.rowid
  from (select rowid, ${quoted(reference.column)} as value from ${stored(table)}
    where delivered is null and ${quoted(reference.column)} is not null) as referring
  anti join (${known(reference)}) as known on referring.value = known.value`,
  );
  return [
    `update ${stored(table)} set delivered = [${cells.join(", ")}]
where rowid in (
  ${unknown.join("\n  union all\n  ")}
)`,
  ];
}

/** Says why each row kept with its delivered cells is refused. A row without a reason would be a defect: it stops. */
function recordRefusals(table: ContractTable): string {
  const columns = columnsOf(table);
  const cells = columns.map(([name], index) => `delivered[${index + 1}] as ${cellName(name)}`);
  const values = columns.map(([name]) => `${quoted(name)} as ${valueName(name)}`);
  const ofCells = columns.map(([name, { optional }]) => {
    const cell = cellName(name);
    const ofNull = optional ? "null" : "'missing'";
    return problem(
      name,
      `case when ${cell} is null then ${ofNull} else ${sqlOf(table, name).reason(cell)} end`,
    );
  });
  const ofRules = table.rules.map((rule) =>
    problem(rule.column, `case when ${isBroken(table, rule)} then '${rule.reason}' end`),
  );
  const ofReferences = table.references.map((reference) => {
    const cell = cellName(reference.column);
    return problem(
      reference.column,
      // Only what a refused row names is looked for: usually nothing.
      `case when ${cell} is not null and ${cell} not in (
        select value from (${known(reference)}) where value in (select ${cell} from refused)
      ) then 'unknown_reference' end`,
    );
  });
  return `insert into load.rejected_row
with refused as (
  select file_id, line, ${[...cells, ...values].join(",\n    ")}
  from ${stored(table)} where delivered is not null
),
problem as (
  select file_id, line,
    ${problems(ofCells)} as of_cells,
    ${problems(ofRules)} as of_rules,
    ${problems(ofReferences)} as of_references
  from refused
),
first_problem as (
  select file_id, line,
    case when len(of_cells) > 0 then of_cells
      when len(of_rules) > 0 then of_rules
      when len(of_references) > 0 then of_references
      else error(${literal(`the check of ${table.name} refuses a row without a reason`)}) end as found
  from problem
),
listed as (
  select file_id, line, unnest(found) as problem, unnest(range(1, len(found) + 1)) as position from first_problem
)
select file_id, line, ${literal(table.name)}, problem.column_name, ${told(table, "problem.value")}, problem.reason,
  position::integer, null, null
from listed
order by file_id, line, position`;
}

const PROBLEM = "struct(column_name varchar, value varchar, reason varchar)[]";

function problem(column: string, reason: string): string {
  return `{'column_name': ${literal(column)}, 'value': ${cellName(column)}, 'reason': ${reason}}`;
}

function problems(candidates: readonly string[]): string {
  return `list_filter([${candidates.join(",\n      ")}]::${PROBLEM}, lambda candidate: candidate.reason is not null)`;
}

/** Drops superseded rows and exact duplicates, and refuses key conflicts. Keys are first counted by hash: usually none stands twice. */
function resolveRepeats(table: ContractTable): string[] {
  if (table.key.length === 0) return [];
  const key = table.key.map(quoted).join(", ");
  const all = columnsOf(table).map(([name]) => quoted(name));
  const content = `{${all.map((name, index) => `'c${index}': candidate.${name}`).join(", ")}}`;
  const shownKey = table.key.map((name) => sqlOf(table, name).shown(quoted(name))).join(", ");
  const order = "order by file_id, line, place";
  return [
    `create or replace temp table contract_repeated_key as
select hash(${key}) as key_hash from ${stored(table)} group by all having count(*) > 1`,
    `create or replace temp table contract_repeat as
with candidate as (
  select *, rowid as place from ${stored(table)} where hash(${key}) in (select key_hash from contract_repeated_key)
),
delivered as (
  select candidate.*, ${content} as content, delta_file.feed
  from candidate left join load.delta_file on candidate.file_id = delta_file.file_id
),
compared as (
  select *, first_value({'content': content, 'file_id': file_id, 'line': line}) over newest_first as newest
  from delivered
  window newest_first as (partition by feed, ${key} order by file_id desc, line, place)
),
judged as (
  select *, (feed is not null and file_id < newest.file_id and content is distinct from newest.content) as is_superseded
  from compared
),
ranked as (
  select place, file_id, line, concat_ws(' ', ${shownKey}) as key_text,
    row_number() over same_content as copy, row_number() over same_key as turn,
    first_value(file_id) over same_key as first_file_id, first_value(line) over same_key as first_line
  from judged where not is_superseded
  window same_content as (partition by ${all.join(", ")} ${order}), same_key as (partition by ${key} ${order})
)
select place, file_id, line, key_text, first_file_id, first_line,
  case when copy > 1 then 'duplicate' else 'conflict' end as outcome
from ranked where turn > 1
union all
select place, file_id, line, null, newest.file_id, newest.line, 'superseded' from judged where is_superseded`,
    `insert into load.duplicate_row
select file_id, line, ${literal(table.name)} from contract_repeat where outcome = 'duplicate' ${order}`,
    `insert into load.superseded_row
select file_id, line, ${literal(table.name)}, first_file_id, first_line
from contract_repeat where outcome = 'superseded' ${order}`,
    `insert into load.rejected_row
select file_id, line, ${literal(table.name)}, ${literal(table.key.join(", "))}, ${told(table, "key_text")}, 'key_conflict', 1, first_file_id, first_line
from contract_repeat where outcome = 'conflict' ${order}`,
    `delete from ${stored(table)} where rowid in (select place from contract_repeat)`,
    "drop table contract_repeat",
    "drop table contract_repeated_key",
  ];
}

/** A value as everyone who reads `load.rejected_row` may see it. */
function told({ rights }: ContractTable, value: string): string {
  return rights === undefined ? value : `case when ${value} is not null then ${literal(WITHHELD)} end`;
}

/** A SELECT of the values that a reference may name. */
function known({ targets }: Reference): string {
  return targets
    .map(({ table, column }) => `select ${quoted(column)}::varchar as value from ${stored(table)}`)
    .join(" union all ");
}

function isBroken(table: ContractTable, rule: RowRule): string {
  const value = valueName(rule.column);
  switch (rule.reason) {
    case "required_when":
      return `${value} is null and (${meets(table, rule.when)}) is true`;
    case "before_start":
      return `(${value} < ${valueName(rule.start)}) is true`;
  }
}

function meets(table: ContractTable, condition: Condition): string {
  const value = valueName(condition.column);
  return "above" in condition
    ? `${value} > ${condition.above}`
    : `${value} = ${literal(condition.is)}::${sqlOf(table, condition.column).type}`;
}

/**
 * The statements that store the descriptions of a table that stands and of its columns, to run in one transaction: each would
 * otherwise be written to the disk by itself.
 */
export function describeTable(table: ContractTable): string[] {
  return [
    `comment on table ${stored(table)} is ${literal(table.description)}`,
    ...columnsOf(table).map(
      ([name, { description }]) =>
        `comment on column ${stored(table)}.${quoted(name)} is ${literal(description)}`,
    ),
    `comment on column ${stored(table)}.file_id is 'file that the row came from, in load.file'`,
    `comment on column ${stored(table)}.line is 'line of that file on which the row starts'`,
  ];
}

function sqlOf(table: ContractTable, column: string): ColumnSql {
  return columnSql(columnOf(table, column), enumType(table, column));
}

function enumType(table: ContractTable, column: string): string {
  return `contract.${quoted(`${table.name}_${column}`)}`;
}

function stored(table: ContractTable): string {
  return `contract.${quoted(table.name)}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

function cellName(column: string): string {
  return quoted(`${column} cell`);
}

function valueName(column: string): string {
  return quoted(`${column} value`);
}

function lowerCase(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
