import { DuckDBDateValue } from "@duckdb/node-api";
import { type Expectation, mixDesign } from "../../models/standardisation/expectation.ts";
import {
  type ComparedMonths,
  type Standardised,
  type StandardisedAgency,
  standardise,
} from "../../models/standardisation/standardise.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import {
  COMPARED_INDICATORS,
  type ComparedColumns,
  type ComparedIndicator,
  NOT_COUNTED,
  readComparedMonths,
} from "./compared-months.ts";

/**
 * Fills `kpi.standardised`: for each indicator and each of the strategy's last closings, agencies over the window that ends
 * there. A window shorter than the strategy's, at the ledger's beginning, is not told; nor is one in which nothing happened.
 */
export async function fillStandardised({ connection, strategy }: ProgramContext): Promise<void> {
  const { window_closings, history_closings, minimum_households, minimum_expected } = strategy.comparison;
  const compared = await readComparedMonths(connection, window_closings + history_closings - 1);
  const design = mixDesign(compared.patterns);
  const minimum = { households: minimum_households, expected: minimum_expected };
  const appender = await connection.createAppender("standardised", "kpi");
  for (const indicator of COMPARED_INDICATORS) {
    let start: Expectation | undefined;
    for (let last = window_closings - 1; last < compared.months.length; last++) {
      const window = windowOf(compared, indicator, last - window_closings + 1, last);
      if (window.outcome.every((outcome) => outcome === window.outcome[0])) continue;
      const told = standardise(design, window, compared.agencies.length, minimum, start);
      start = told.expectation;
      for (const agency of told.agencies) append(indicator, compared.months[last] ?? "", agency, told);
    }
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
    appender.appendVarchar(compared.agencies[agency.agency] ?? "");
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

function windowOf(
  { starts, household, agency, pattern, outcomes }: ComparedColumns,
  indicator: ComparedIndicator,
  first: number,
  last: number,
): ComparedMonths {
  const [from, to] = [starts[first] ?? 0, starts[last + 1] ?? 0];
  const window = {
    household: household.subarray(from, to),
    agency: agency.subarray(from, to),
    pattern: pattern.subarray(from, to),
    outcome: outcomes[indicator].subarray(from, to),
  };
  if (!window.outcome.includes(NOT_COUNTED)) return window;
  const counted = (_: number, i: number) => window.outcome[i] !== NOT_COUNTED;
  return {
    household: window.household.filter(counted),
    agency: window.agency.filter(counted),
    pattern: window.pattern.filter(counted),
    outcome: window.outcome.filter(counted),
  };
}
