import { DuckDBDateValue } from "@duckdb/node-api";
import { z } from "zod";
import {
  type ControlLimit,
  controlLimits,
  type Flow,
  type FlowSeries,
} from "../../models/control-limits/control-limits.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { ProgramContext } from "../warehouse/program.ts";

const flowMonth = z.object({
  flow_id: z.string(),
  level: z.string(),
  slice_id: z.string(),
  kind: z.enum(["share", "ratio"]),
  month_number: z.number(),
  numerator: z.number(),
  denominator: z.number(),
  volume: z.number(),
  suppressed: z.boolean(),
});

type FlowMonth = z.infer<typeof flowMonth>;

/** Fills `kpi.control_limit` from the closed months of `kpi.flow`, one flow after the other. */
export async function fillControlLimits({ connection, strategy }: ProgramContext): Promise<void> {
  const { control } = strategy;
  const rows = await queryRows(
    connection,
    `select
       flow_id, level, slice_id, kind, (year(month) * 12 + month(month) - 1)::integer as month_number,
       numerator::double as numerator, denominator::double as denominator, volume, suppressed
     from kpi.flow
     where not is_partial
     order by flow_id, level, slice_id, month`,
    flowMonth,
  );
  const rules = {
    minimumMonths: control.minimum_months,
    minimumVolume: control.minimum_volume,
    minimumExpected: control.minimum_expected,
    leastChange: control.least_change,
    limit: control.limit,
    stepMonths: control.step_months,
    back: control.back,
    acceptMonths: control.accept_months,
  };
  const appender = await connection.createAppender("control_limit", "kpi");
  for (const [flowId, ofFlow] of groupBy(rows, ({ flow_id }) => flow_id)) {
    const slices = groupBy(ofFlow, ({ level, slice_id }) => `${level} ${slice_id}`);
    const levels = groupBy([...slices.values()], ([first]) => first?.level ?? "");
    const firstMonth = ofFlow.reduce((least, { month_number }) => Math.min(least, month_number), Infinity);
    const lastMonth = ofFlow.reduce((most, { month_number }) => Math.max(most, month_number), 0);
    const seriesOf = (months: readonly FlowMonth[]) => series(months, firstMonth, lastMonth - firstMonth + 1);
    const [company] = levels.get("company") ?? [];
    if (company === undefined) continue;
    const pools = [...levels.values()];
    const flow: Flow = {
      kind: ofFlow[0]?.kind ?? "ratio",
      firstMonth: firstMonth % 12,
      whole: seriesOf(company),
      pools: pools.map((pool) => pool.map(seriesOf)),
    };
    for (const [index, limits] of controlLimits(flow, rules).entries()) {
      const months = pools.flat()[index] ?? [];
      let suppressed = false;
      for (const [position, limit] of limits.entries()) {
        const told = months[position];
        if (told === undefined) throw new Error(`${flowId}: more limits than months`);
        suppressed ||= told.suppressed;
        append(limit, told, suppressed);
      }
    }
  }
  appender.closeSync();

  function append(
    limit: ControlLimit,
    { flow_id, level, slice_id, month_number, volume }: FlowMonth,
    suppressed: boolean,
  ): void {
    for (const text of [flow_id, level, slice_id]) appender.appendVarchar(text);
    const first = Date.UTC(Math.floor(month_number / 12), month_number % 12, 1);
    appender.appendDate(new DuckDBDateValue(first / 86_400_000));
    appender.appendDouble(limit.observed);
    for (const value of [limit.expected, limit.low, limit.high]) {
      if (Number.isNaN(value)) appender.appendNull();
      else appender.appendDouble(value);
    }
    appender.appendInteger(volume);
    appender.appendVarchar(limit.verdict);
    appender.appendBoolean(limit.judged);
    appender.appendBoolean(suppressed);
    appender.endRow();
  }
}

function series(months: readonly FlowMonth[], firstMonth: number, length: number): FlowSeries {
  const untold = () => new Float64Array(length).fill(Number.NaN);
  const [first] = months;
  const told = {
    id: `${first?.level} ${first?.slice_id}`,
    numerator: untold(),
    denominator: untold(),
    volume: untold(),
  };
  for (const { month_number, numerator, denominator, volume } of months) {
    told.numerator[month_number - firstMonth] = numerator;
    told.denominator[month_number - firstMonth] = denominator;
    told.volume[month_number - firstMonth] = volume;
  }
  return told;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
