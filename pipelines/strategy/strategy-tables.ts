import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../warehouse/connection.ts";
import type { Strategy } from "./strategy.ts";

/** Loads the strategy into the `strategy` schema, where SQL reads its thresholds, together with the night's as-of date. */
export async function loadStrategy(
  connection: DuckDBConnection,
  strategy: Strategy,
  asOf: string,
): Promise<void> {
  const { arrears, allocation, bank, disclosure, landlord } = strategy;
  await connection.run("create schema if not exists strategy");
  await connection.run(`
    create table strategy.night as
    select ${quoteText(asOf)}::date as as_of, ${quoteText(landlord.name)} as landlord, ${quoteText(landlord.country)} as country`);
  const ranks = allocation.ranking.map((name, i) => `${quoteText(name)} as rank_${i + 1}`);
  await connection.run(`
    create table strategy.setting as
    select
      ${arrears.grace_days}::integer as grace_days,
      ${arrears.net_call_floor_share}::decimal(6, 4) as net_call_floor_share,
      ${arrears.new_entrant_months}::integer as new_entrant_months,
      ${arrears.repeat_window_months}::integer as repeat_window_months,
      ${disclosure.minimum}::integer as disclosure_minimum,
      ${ranks.join(", ")}`);
  await connection.run(`
    create table strategy.bank as
    select
      ${bank.shortest_reference}::integer as shortest_reference,
      ${bank.least_of_reference}::decimal(6, 4) as least_of_reference,
      ${bank.minimum_receipts}::integer as minimum_receipts,
      ${bank.tolerance_euros}::decimal(12, 2) as tolerance_euros,
      ${bank.largest_terms}::integer as largest_terms,
      ${bank.settling_days}::integer as settling_days,
      ${bank.ended_months}::integer as ended_months,
      ${bank.candidates}::integer as candidates,
      ${bank.block_days}::integer as block_days`);
  await connection.run(`
    create table strategy.threshold (
      indicator_id varchar not null, agency_id varchar, target double, amber double, red double, minimum_volume integer
    )`);
  const rows = Object.entries(strategy.indicators).flatMap(([indicator, { agencies, ...general }]) => [
    thresholdRow(indicator, null, general),
    ...Object.entries(agencies).map(([agency, own]) => thresholdRow(indicator, agency, own)),
  ]);
  if (rows.length > 0) await connection.run(`insert into strategy.threshold values ${rows.join(", ")}`);
}

type Limits = Omit<Strategy["indicators"][string], "agencies">;

function thresholdRow(indicator: string, agency: string | null, limits: Limits): string {
  const values = [
    quoteText(indicator),
    agency === null ? "null" : quoteText(agency),
    String(limits.target ?? "null"),
    String(limits.amber),
    String(limits.red),
    String(limits.minimum_volume),
  ];
  return `(${values.join(", ")})`;
}
