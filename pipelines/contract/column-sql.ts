import type { ColumnFacts } from "./column.ts";
import * as grammar from "./grammar.ts";
import { matchesSql } from "./grammar.ts";
import type { ReasonCode } from "./reasons.ts";

/** How DuckDB reads and judges one column. `cell` and `value` are SQL expressions: the delivered text, the read value. */
export interface ColumnSql {
  /** The DuckDB type of the values. */
  readonly type: string;
  /** The value of a cell; null or a wrong value where the cell is unsound. */
  value(cell: string): string;
  /**
   * True exactly where the cell is within the grammar; false or null elsewhere. Written for the millions of rows that
   * are sound: a cheap test that suffices for usual cells first, the pattern of the grammar for the others.
   */
  sound(cell: string, value: string): string;
  /** The reason code of a cell that is not null, or null where it is sound: the same branches as in grammar.ts. */
  reason(cell: string): string;
  /** The value as people read it in a message. */
  shown(value: string): string;
}

/** How DuckDB reads and judges a column with these facts. `enumType` is the name of its type where it is `one_of`. */
export function columnSql(facts: ColumnFacts, enumType: string): ColumnSql {
  switch (facts.kind) {
    case "id":
    case "text":
      return textSql(facts.longest);
    case "date":
      return DATE;
    case "month":
      return MONTH;
    case "flag":
      return FLAG;
    case "integer":
      return numberSql("integer", grammar.INTEGER, facts, [
        [grammar.ANY_INTEGER, "not_an_integer"],
        [grammar.INTEGER, "out_of_range"],
      ]);
    case "decimal": {
      const { digits, scale } = facts;
      return numberSql(`decimal(${digits}, ${scale})`, grammar.decimal(digits, scale), facts, [
        [grammar.ANY_DECIMAL, "not_a_decimal"],
        [grammar.decimalOfScale(scale), "too_many_decimals"],
        [grammar.decimal(digits, scale), "out_of_range"],
      ]);
    }
    case "one_of":
      return {
        type: enumType,
        value: (cell) => `try_cast(${cell} as ${enumType})`,
        sound: (_cell, value) => `${value} is not null`,
        reason: (cell) => firstReason([`try_cast(${cell} as ${enumType}) is null`, "not_in_list"]),
        shown: (value) => `${value}::varchar`,
      };
  }
}

/** A SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function firstReason(...branches: [condition: string, reason: ReasonCode][]): string {
  return `case ${branches.map(([condition, reason]) => `when ${condition} then '${reason}'`).join(" ")} end`;
}

function textSql(longest: number): ColumnSql {
  return {
    type: "varchar",
    value: (cell) => cell,
    // JSON escapes control characters, quotes and backslashes, so plain ASCII is what grows by its two quotes only.
    sound: (cell) =>
      `case when ${cell} >= '!' and strlen(${cell}) <= ${longest} and not ends_with(${cell}, ' ') ` +
      `and not contains(${cell}, chr(127)) and strlen(to_json(${cell})::varchar) = length(${cell}) + 2 then true ` +
      `else length(${cell}) <= ${longest} and ${matchesSql(grammar.TEXT, cell)} end`,
    reason: (cell) =>
      firstReason(
        [`length(${cell}) > ${longest}`, "too_long"],
        [`not ${matchesSql(grammar.TEXT, cell)}`, "not_text"],
      ),
    shown: (value) => value,
  };
}

const IN_RANGE = `between date '${grammar.FIRST_DAY}' and date '${grammar.LAST_DAY}'`;

// A cast alone also takes ' 2024-1-5', '2024/01/05' and '2024-01-05 10:00'; only the grammar's own text comes back as it was.
const DATE: ColumnSql = {
  type: "date",
  value: (cell) => `try_cast(${cell} as date)`,
  sound: (cell, value) => `${value} ${IN_RANGE} and ${value}::varchar = ${cell}`,
  reason: (cell) =>
    firstReason(
      [`not ${matchesSql(grammar.ANY_DATE, cell)}`, "not_a_date"],
      [`not ${matchesSql(grammar.DATE, cell)}`, "out_of_range"],
      [`try_cast(${cell} as date) is null`, "not_a_date"],
    ),
  shown: (value) => `${value}::varchar`,
};

const MONTH: ColumnSql = {
  type: "date",
  value: (cell) => `try_cast(${cell} || '-01' as date)`,
  // Of what the cast takes with a year in range, seven bytes that begin with 1 or 2 leave two digits to the month.
  sound: (cell, value) => `${value} ${IN_RANGE} and strlen(${cell}) = 7 and ${cell} >= '1' and ${cell} < '3'`,
  reason: (cell) =>
    firstReason(
      [`not ${matchesSql(grammar.ANY_MONTH, cell)}`, "not_a_month"],
      [`not ${matchesSql(grammar.MONTH, cell)}`, "out_of_range"],
    ),
  shown: (value) => `left(${value}::varchar, 7)`,
};

const FLAG: ColumnSql = {
  type: "boolean",
  value: (cell) => `case ${cell} when 'true' then true when 'false' then false end`,
  sound: (_cell, value) => `${value} is not null`,
  reason: (cell) => firstReason([`${cell} not in ('true', 'false')`, "not_a_flag"]),
  shown: (value) => `${value}::varchar`,
};

function numberSql(
  type: string,
  pattern: grammar.Pattern,
  { minimum, maximum }: grammar.Bounds,
  shapes: readonly [grammar.Pattern, ReasonCode][],
): ColumnSql {
  const bounds = (value: string): string[] => [
    ...(minimum === undefined ? [] : [`${value} >= ${minimum}`]),
    ...(maximum === undefined ? [] : [`${value} <= ${maximum}`]),
  ];
  const read = (cell: string) => `try_cast(${cell} as ${type})`;
  return {
    type,
    value: read,
    // A cast alone also takes ' 12 ', '1e3', '1_000' and rounds 1.005.
    sound: (cell, value) =>
      [
        `case when ${value}::varchar = ${cell} then true else ${value} is not null and ${matchesSql(pattern, cell)} end`,
        ...bounds(value),
      ].join(" and "),
    reason: (cell) =>
      firstReason(
        ...shapes.map(([shape, reason]): [string, ReasonCode] => [`not ${matchesSql(shape, cell)}`, reason]),
        ...bounds(read(cell)).map((bound): [string, ReasonCode] => [`not ${bound}`, "out_of_range"]),
      ),
    shown: (value) => `${value}::varchar`,
  };
}
