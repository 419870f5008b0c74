import { type DuckDBAppender, DuckDBDateValue } from "@duckdb/node-api";
import { changesAround, type MergerEffect, mergerEffects } from "../../models/merger-effect/merger-study.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import { MERGER_INDICATORS, type MergerIndicator, readMergerPanel } from "./merger-panel.ts";
import { beforeAfterStatement, comparedStatement } from "./merger-statement.ts";

/** What is told of one merger, or of all, for one indicator. */
interface Told {
  readonly agency: string;
  readonly indicator: MergerIndicator;
  readonly mergedOn: string | null;
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
  readonly pValueBefore: number | null;
  readonly controls: number;
  readonly basis: "difference_in_differences" | "before_after";
  readonly statement: string;
  readonly path: readonly {
    readonly relativeMonth: number;
    readonly estimate: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** Fills `kpi.merger_study`: what followed mergers and what went before, for all merged agencies and for each. */
export async function fillMergerStudy(context: ProgramContext): Promise<void> {
  const appender = await context.connection.createAppender("merger_study", "kpi");
  for (const told of await tellMergers(context)) {
    append(told, { ...told, relativeMonth: null });
    for (const point of told.path) append(told, point);
  }
  appender.closeSync();

  function append(
    told: Told,
    point: Pick<Told, "estimate" | "low" | "high"> & { readonly relativeMonth: number | null },
  ): void {
    const isMean = point.relativeMonth === null;
    appender.appendVarchar(told.agency);
    appender.appendVarchar(told.indicator);
    if (point.relativeMonth === null) appender.appendNull();
    else appender.appendInteger(point.relativeMonth);
    if (told.mergedOn === null) appender.appendNull();
    else appender.appendDate(new DuckDBDateValue(Date.parse(told.mergedOn) / 86_400_000));
    for (const value of [point.estimate, point.low, point.high]) appendDouble(appender, value);
    appendDouble(appender, isMean ? told.pValue : null);
    appendDouble(appender, isMean ? told.pValueBefore : null);
    appender.appendInteger(told.controls);
    appender.appendVarchar(told.basis);
    if (isMean) appender.appendVarchar(told.statement);
    else appender.appendNull();
    appender.endRow();
  }
}

function appendDouble(appender: DuckDBAppender, value: number | null): void {
  if (value === null) appender.appendNull();
  else appender.appendDouble(value);
}

async function tellMergers({ connection, strategy }: ProgramContext): Promise<Told[]> {
  const { before_closings, after_closings, minimum_landlords } = strategy.comparison.merger;
  const { agencies, mergedIn, landlords, panels } = await readMergerPanel(connection);
  const window = { before: before_closings, after: after_closings };
  const mayCompare = landlords !== null && landlords >= minimum_landlords;
  return MERGER_INDICATORS.flatMap((indicator) => {
    const panel = panels[indicator];
    if (panel === null) return [];
    const effects: ReadonlyMap<number | null, MergerEffect> = mayCompare
      ? mergerEffects(panel, mergedIn, window)
      : new Map();
    return [...changesAround(panel, mergedIn, window)].map(([subject, change]): Told => {
      const agency = subject === null ? undefined : agencies[subject];
      const whose = { agency: agency?.id ?? "all", indicator, mergedOn: agency?.mergedOn ?? null };
      const effect = effects.get(subject);
      if (effect !== undefined) {
        const statement = comparedStatement(indicator, effect, after_closings);
        return { ...whose, ...effect, basis: "difference_in_differences", statement };
      }
      return {
        ...whose,
        estimate: change.estimate,
        low: null,
        high: null,
        pValue: null,
        pValueBefore: null,
        controls: 0,
        basis: "before_after",
        statement: beforeAfterStatement(indicator, change.estimate, after_closings),
        path: change.path.map((point) => ({ ...point, low: null, high: null })),
      };
    });
  });
}
