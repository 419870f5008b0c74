import { DuckDBDateValue } from "@duckdb/node-api";
import { type Expectation, mixDesign } from "../../models/standardisation/expectation.ts";
import {
  type Comparison,
  compareAgencies,
  type Standardised,
  type StandardisedAgency,
} from "../../models/standardisation/standardise.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import { COMPARED_INDICATORS, type ComparedIndicator, readComparedClosings } from "./compared-months.ts";

/**
 * Fills `kpi.standardised`: for each indicator and each of the strategy's last closings, agencies over the window that ends
 * there. A window shorter than the strategy's, at the ledger's beginning, is not told; nor is one in which nothing happened.
 */
export async function fillStandardised({ connection, strategy }: ProgramContext): Promise<void> {
  const { window_closings, history_closings, minimum_households, minimum_expected } = strategy.comparison;
  const compared = await readComparedClosings(connection, window_closings + history_closings - 1);
  const { agencies, months } = compared;
  const design = mixDesign(compared.patterns);
  const comparisons: {
    readonly indicator: ComparedIndicator;
    readonly month: string;
    readonly comparison: Pick<Comparison, "take" | "tell">;
  }[] = [];
  for (const indicator of COMPARED_INDICATORS) {
    let start: Expectation | undefined;
    for (const [last, month] of months.entries()) {
      const window = { first: last - window_closings + 1, last };
      if (window.first < 0) continue;
      const counts = compared.countsOf(indicator, window);
      const cases = sum(counts.observed);
      if (cases === 0 || cases === sum(counts.counted)) continue;
      const { expectation, ...comparison } = compareAgencies(design, counts, window, agencies.length, start);
      start = expectation;
      comparisons.push({ indicator, month, comparison });
    }
  }
  for await (const monthsOf of compared.batches())
    for (const { indicator, comparison } of comparisons) comparison.take(monthsOf(indicator));
  await compared.close();

  const appender = await connection.createAppender("standardised", "kpi");
  for (const { indicator, month, comparison } of comparisons) {
    const told = comparison.tell({ households: minimum_households, expected: minimum_expected });
    for (const agency of told.agencies) append(indicator, month, agency, told);
  }
  appender.closeSync();

  function append(
    indicator: ComparedIndicator,
    month: string,
    agency: StandardisedAgency,
    { betweenAgencies, overdispersed }: Standardised,
  ): void {
    const { observed, expected, ratio, interval, leaseMonths, judged, rank, funnel95, funnel998 } = agency;
    appender.appendVarchar(indicator);
    appender.appendVarchar(agencies[agency.agency] ?? "");
    appender.appendDate(new DuckDBDateValue(Date.parse(month) / 86_400_000));
    for (const value of [observed, expected, ratio, interval.low, interval.high])
      appender.appendDouble(value);
    for (const count of [agency.households, agency.householdsObserved, leaseMonths])
      appender.appendInteger(count);
    appender.appendDouble(observed / leaseMonths);
    appender.appendDouble(expected / leaseMonths);
    appender.appendBoolean(judged);
    for (const place of [rank?.rank, rank?.low, rank?.high]) {
      if (place === undefined) appender.appendNull();
      else appender.appendInteger(place);
    }
    appender.appendVarchar(flagOf(agency));
    for (const limit of [funnel95.low, funnel95.high, funnel998.low, funnel998.high])
      appender.appendDouble(limit);
    appender.appendDouble(betweenAgencies);
    appender.appendBoolean(overdispersed);
    appender.endRow();
  }
}

/** All compared indicators count what should be rare: above 1 is worse. */
function flagOf({ judged, interval }: StandardisedAgency): "better" | "worse" | "none" {
  if (!judged) return "none";
  if (interval.low > 1) return "worse";
  return interval.high < 1 ? "better" : "none";
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
