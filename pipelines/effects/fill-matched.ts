import { BOOLEAN, DATE, DOUBLE, type DuckDBConnection, DuckDBDateValue, VARCHAR } from "@duckdb/node-api";
import { DataType, type Table, type Vector } from "apache-arrow";
import { z } from "zod";
import { type Covariate, designMatrix } from "../../models/effects/design-matrix.ts";
import {
  expectedOutcomes,
  type Matched,
  matchRiskSets,
  type RiskSet,
} from "../../models/effects/risk-set-matching.ts";
import { arrowTable } from "../warehouse/arrow.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";
import type { Program } from "../warehouse/program.ts";
import { insertColumns } from "./insert-columns.ts";

/** Columns of effect.covariate that tell which row it is, and are nothing to learn from. */
const KEYS = new Set([
  "treatment",
  "lease_id",
  "month",
  "treated",
  "on_date",
  "approach",
  "household_id",
  "sampled_share",
  "cured",
  "relapsed",
  "month_number",
  "later",
]);

const comparison = z.object({
  comparison_id: z.string(),
  treatment: z.string(),
  approach: z.string(),
  than: z.string(),
});

/** Fills `effect.matched`: hands each comparison's households at risk to the matching, and keeps what it finds. */
export const fillMatched: Program = async ({ connection, strategy }) => {
  const comparisons = await queryRows(
    connection,
    "select comparison_id, treatment, approach, than from effect.comparison order by position",
    comparison,
  );
  for (const treatment of new Set(comparisons.map((row) => row.treatment))) {
    const table = await arrowTable(
      connection,
      `select
        covariate.*,
        (year(covariate.month) * 12 + month(covariate.month))::integer as month_number,
        outcome.cured,
        outcome.relapsed
      from effect.covariate
      inner join effect.outcome on covariate.lease_id = outcome.lease_id and covariate.on_date = outcome.on_date
      where covariate.treatment = ${quoteText(treatment)}
      order by covariate.month, covariate.lease_id, covariate.treated`,
    );
    if (table.numRows === 0) continue;
    const atRisk = readAtRisk(table);
    const expectedThan = new Map<string, Float64Array[]>();
    for (const one of comparisons.filter((row) => row.treatment === treatment)) {
      const treated = atRisk.treatedIn(one);
      if (!treated.includes(1)) continue;
      const { matrix } = atRisk.set;
      const expected = expectedThan.get(one.than) ?? expectedOutcomes(matrix, treated, atRisk.outcomes);
      expectedThan.set(one.than, expected);
      const found = matchRiskSets(
        { ...atRisk.set, treated, expected },
        {
          matches: strategy.effects.matches,
          caliper: strategy.effects.caliper,
          largestPropensity: strategy.effects.largest_propensity,
        },
      );
      await keep(connection, one.comparison_id, atRisk, treated, { ...found, expected });
    }
  }
};

interface AtRisk {
  readonly table: Table;
  readonly set: Omit<RiskSet, "treated" | "expected">;
  /** Cured, and cured then relapsed. */
  readonly outcomes: readonly Uint8Array[];
  /** Per row: 1 where it is treated in a comparison, 0 where it is compared, -1 where it is left out. */
  treatedIn(one: z.output<typeof comparison>): Int8Array;
}

function readAtRisk(table: Table): AtRisk {
  const rows = table.numRows;
  const began = booleans(table, "treated");
  const approaches = words(table, "approach");
  const terms = values(table, "whole_terms");
  const contacts = values(table, "contact");
  const exact = new Float64Array(rows);
  for (let row = 0; row < rows; row++) exact[row] = 100 * (terms[row] ?? 0) + (contacts[row] ?? 0);
  const covariates = table.schema.fields
    .filter(({ name }) => !KEYS.has(name))
    .map(({ name, type }): Covariate => {
      if (!DataType.isDictionary(type)) return { name, numbers: values(table, name) };
      const dictionary: Vector | undefined = column(table, name).data[0]?.dictionary;
      return { name, groups: [...(dictionary ?? [])].map(String), codes: values(table, name) };
    });
  return {
    table,
    set: {
      matrix: designMatrix(covariates, rows),
      month: values(table, "month_number"),
      exact,
      preferred: values(table, "spell"),
      lease: values(table, "lease_id"),
      sampledShare: values(table, "sampled_share"),
    },
    outcomes: [booleans(table, "cured"), booleans(table, "relapsed")],
    treatedIn({ approach, than }) {
      const treated = new Int8Array(rows).fill(-1);
      for (let row = 0; row < rows; row++) {
        const held = approaches(row);
        if (began[row] === 1 && (approach === "all" || held === approach)) treated[row] = 1;
        else if (than === "none" ? began[row] === 0 : began[row] === 1 && held === than) treated[row] = 0;
      }
      return treated;
    },
  };
}

async function keep(
  connection: DuckDBConnection,
  comparisonId: string,
  { table }: AtRisk,
  treated: Int8Array,
  {
    propensity,
    weight,
    expected: [cured = propensity, relapsed = propensity],
  }: Matched & Pick<RiskSet, "expected">,
): Promise<void> {
  const rows = [...treated.keys()].filter((row) => treated[row] !== -1);
  const text = (name: string) => {
    const word = words(table, name);
    return (place: number): string | null => word(rows[place] ?? 0);
  };
  const date = (name: string) => {
    const days = values(table, name);
    return (place: number): DuckDBDateValue => new DuckDBDateValue(days[rows[place] ?? 0] ?? 0);
  };
  const later = booleans(table, "later");
  const number =
    (numbers: Float64Array) =>
    (place: number): number =>
      numbers[rows[place] ?? 0] ?? 0;
  await insertColumns(connection, "effect", "matched", rows.length, [
    { type: VARCHAR, at: () => comparisonId },
    { type: VARCHAR, at: text("lease_id") },
    { type: DATE, at: date("month") },
    { type: BOOLEAN, at: (place) => treated[rows[place] ?? 0] === 1 },
    { type: DATE, at: date("on_date") },
    { type: VARCHAR, at: text("household_id") },
    { type: DOUBLE, at: number(propensity) },
    { type: DOUBLE, at: number(weight) },
    { type: BOOLEAN, at: (place) => later[rows[place] ?? 0] === 1 },
    { type: DOUBLE, at: number(cured) },
    { type: DOUBLE, at: number(relapsed) },
  ]);
}

function column(table: Table, name: string): Vector {
  const found = table.getChild(name);
  if (found === null) throw new Error(`effect.covariate has no column ${name}`);
  return found;
}

/** A column's values; of a text column, the place of each among its distinct ones. */
function values(table: Table, name: string): ArrayLike<number> {
  return column(table, name).data[0]?.values ?? [];
}

function booleans(table: Table, name: string): Uint8Array {
  const vector = column(table, name);
  const flags = new Uint8Array(vector.length);
  for (let row = 0; row < flags.length; row++) flags[row] = vector.get(row) === true ? 1 : 0;
  return flags;
}

function words(table: Table, name: string): (row: number) => string | null {
  const vector = column(table, name);
  const codes = values(table, name);
  const dictionary: Vector | undefined = vector.data[0]?.dictionary;
  const known = [...(dictionary ?? [])].map(String);
  return vector.nullCount > 0 ? (row) => vector.get(row) : (row) => known[codes[row] ?? 0] ?? null;
}
