import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { FeatureMatrix, FeatureSpec } from "../../../models/household-risk/features.ts";
import { featureMatrix, numbers } from "../../../pipelines/risk/matrix.ts";
import { arrowTable } from "../../../pipelines/warehouse/arrow.ts";
import { quoteText } from "../../../pipelines/warehouse/connection.ts";
import type { Months, Panel } from "./panels.ts";

/** Accounts at month ends, in the order of the months and then of the accounts. */
export interface PanelRows {
  readonly matrix: FeatureMatrix;
  readonly account: Int32Array;
  readonly month: Int32Array;
  readonly outcome: Uint8Array;
  /** What the rules go by, by its feature. */
  readonly ruled: ReadonlyMap<string, Float32Array>;
  /** Which rows are of each stratum. */
  readonly strata: ReadonlyMap<string, Uint8Array>;
}

/** Makes `account_month` from the panel's file in this folder. */
export async function loadPanel(connection: DuckDBConnection, panel: Panel, folder: string): Promise<void> {
  const options = ["header = true", panel.reading].filter((option) => option !== "").join(", ");
  const file = quoteText(join(folder, panel.file));
  await connection.run(`create table ${panel.table} as select * from read_csv(${file}, ${options})`);
  for (const query of panel.queries) {
    await connection.run(readFileSync(new URL(query, import.meta.url), "utf8"));
  }
}

/** The rows that the question is asked of in these months, their outcomes known; `condition` is SQL. */
export async function readRows(
  connection: DuckDBConnection,
  panel: Panel,
  features: readonly FeatureSpec[],
  { from, to }: Months,
  condition = "eligible",
): Promise<PanelRows> {
  const columns = [
    "account::integer as account",
    "month::integer as month",
    "outcome::integer::float as outcome",
    ...Object.entries(panel.strata).map(([name, holds]) => `(${holds})::integer::float as "is ${name}"`),
    ...panel.rules.map(({ feature }) => `${feature}::float as "rule ${feature}"`),
    ...features.map(({ name }) => `${name}::float as ${name}`),
  ];
  const table = await arrowTable(
    connection,
    `select ${columns.join(", ")} from account_month where ${condition} and month between ${from} and ${to} order by month, account`,
  );
  return {
    matrix: featureMatrix(table, features),
    account: Int32Array.from(numbers(table, "account")),
    month: Int32Array.from(numbers(table, "month")),
    outcome: Uint8Array.from(numbers(table, "outcome")),
    ruled: new Map(
      panel.rules.map(({ feature }) => [feature, Float32Array.from(numbers(table, `rule ${feature}`))]),
    ),
    strata: new Map(
      Object.keys(panel.strata).map((name) => [name, Uint8Array.from(numbers(table, `is ${name}`))]),
    ),
  };
}

/** The same rows as a CSV file that a peer reads: a header, empty where missing, the 0/1 label last. */
export async function writeRows(
  connection: DuckDBConnection,
  features: readonly FeatureSpec[],
  { from, to }: Months,
  path: string,
): Promise<void> {
  const columns = [...features.map(({ name }) => name), "outcome::integer as label"];
  await connection.run(
    `copy (select ${columns.join(", ")} from account_month where eligible and month between ${from} and ${to} order by month, account) to ${quoteText(path)} (header true)`,
  );
}
