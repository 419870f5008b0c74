import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Column,
  date,
  decimal,
  expected,
  factsOf,
  flag,
  integer,
  longText,
  money,
  month,
  oneOf,
  text,
} from "../../pipelines/contract/column.ts";
import { columnSql } from "../../pipelines/contract/column-sql.ts";
import { mutated, sound, strange } from "./cells.ts";

const KINDS: readonly Column[] = [
  text("a text"),
  longText(140, "a long text"),
  date("a day"),
  month("a month"),
  money("euros"),
  decimal({ digits: 6, scale: 2, minimum: 0 }, "a surface"),
  decimal({ digits: 4, scale: 1, minimum: -10.5, maximum: 99.9 }, "a bounded number"),
  integer({ minimum: 1, maximum: 20 }, "a count"),
  integer({ minimum: -999_999_999, maximum: 999_999_999 }, "a large number"),
  flag("a flag"),
  oneOf(["rent", "charges", "it's", "T1"], "a word"),
];

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("create table cell (number integer, cell varchar)");
  await connection.run("create type word as enum ('rent', 'charges', 'it''s', 'T1')");
});

afterAll(() => connection.closeSync());

/** What DuckDB says of each cell: the value that the cheap test lets pass, and the reason of the thorough one. */
async function judgedInSql(column: Column, cells: readonly string[]): Promise<unknown[]> {
  await connection.run("delete from cell");
  const appender = await connection.createAppender("cell");
  for (const [number, cell] of cells.entries()) {
    appender.appendInteger(number);
    appender.appendVarchar(cell);
    appender.endRow();
  }
  appender.closeSync();
  const facts = factsOf(column);
  const sql = columnSql(facts, "word");
  const shown =
    facts.kind === "decimal"
      ? "value::double"
      : facts.kind === "integer" || facts.kind === "flag"
        ? "value"
        : "value::varchar";
  const reader = await connection.runAndReadAll(`
    with typed as (select *, ${sql.value("cell")} as value from cell)
    select case when ${sql.sound("cell", "value")} then ${shown} end as value, ${sql.reason("cell")} as reason
    from typed order by number`);
  return reader.getRowObjectsJS();
}

function judgedInZod(column: Column, cell: string): unknown {
  const result = column.safeParse(cell);
  return result.success
    ? { value: result.data, reason: null }
    : { value: null, reason: result.error.issues[0]?.message };
}

describe("a kind of column", () => {
  for (const column of KINDS) {
    const facts = factsOf(column);
    it(`takes and refuses the same cells in zod and in DuckDB: ${expected(facts)}`, async () => {
      const cells = fc.array(fc.oneof(sound(facts), mutated(facts), mutated(facts), strange), {
        minLength: 2000,
        maxLength: 2000,
        size: "max",
      });
      await fc.assert(
        fc.asyncProperty(cells, async (drawn) => {
          const judged = await judgedInSql(column, drawn);
          expect(judged.map((verdict, index) => [drawn[index], verdict])).toEqual(
            drawn.map((cell) => [cell, judgedInZod(column, cell)]),
          );
          expect(judged).toHaveLength(2000);
        }),
        { numRuns: 3, endOnFailure: true },
      );
    });
  }
});
