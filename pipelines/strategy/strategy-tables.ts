import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../warehouse/connection.ts";
import { alertTables } from "./alerts.ts";
import { behaviourTables } from "./behaviour.ts";
import { comparisonTables } from "./comparison.ts";
import { controlTables } from "./control.ts";
import { costTables } from "./cost.ts";
import { effectsTables } from "./effects.ts";
import { objectiveTables } from "./objectives.ts";
import { playbookTables } from "./playbook.ts";
import { procedureTables } from "./procedure.ts";
import { riskTables } from "./risk.ts";
import { ruleTables } from "./rules.ts";
import { feeTables } from "./rules-fees.ts";
import { scopeTables } from "./scopes.ts";
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
      ${arrears.late_euros}::decimal(12, 2) as late_euros,
      ${arrears.history_months}::integer as history_months,
      ${arrears.history_least_share}::decimal(9, 6) as history_least_share,
      ${disclosure.minimum}::integer as disclosure_minimum,
      ${quoteText(allocation.policy)} as allocation_policy,
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
  for (const statement of comparisonTables(strategy.comparison)) await connection.run(statement);
  for (const statement of procedureTables(strategy.procedure)) await connection.run(statement);
  for (const statement of ruleTables(strategy.rules, landlord.country)) await connection.run(statement);
  for (const statement of feeTables(strategy.rules.fees, landlord.country)) await connection.run(statement);
  for (const statement of effectsTables(strategy.effects)) await connection.run(statement);
  for (const statement of riskTables(strategy.risk)) await connection.run(statement);
  for (const statement of behaviourTables(strategy.behaviour)) await connection.run(statement);
  for (const statement of costTables(strategy.cost)) await connection.run(statement);
  for (const statement of [...controlTables(strategy.control), ...objectiveTables(strategy.objectives)])
    await connection.run(statement);
  for (const statement of [...alertTables(strategy.alerts), ...playbookTables(strategy.playbook)])
    await connection.run(statement);
  for (const statement of scopeTables(strategy.scopes)) await connection.run(statement);
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
