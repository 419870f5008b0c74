import { z } from "zod";
import { readStrategy } from "../strategy/read-strategy.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import { openDatabase, queryRows } from "../warehouse/connection.ts";
import { currentNight, openWorkspace } from "../workspace.ts";
import { type Comparison, compareFigures } from "./compare.ts";
import { readConduct } from "./conduct.ts";
import { addMonths, lastDayOf } from "./dates.ts";
import { type HistoryRules, tellHistory } from "./lease-history.ts";
import { readAgencies, readLeases } from "./read-leases.ts";
import { RECOUNTS } from "./recounts.ts";
import { Tally } from "./tally.ts";

const nightRow = z.object({ as_of: z.string(), first_month: z.string(), last_month: z.string() });
const sliceRow = z.object({ slice: z.string(), agency_id: z.string() });

/**
 * Counts every indicator of the current night again, in another way, straight from the landlord's entries, and holds the
 * two against each other: for an auditor, and for ourselves.
 *
 * @throws UserError where no night has been published, or the strategy has changed into what cannot be counted again.
 */
export async function checkNight(folder: string): Promise<Comparison & { readonly asOf: string }> {
  const workspace = openWorkspace(folder);
  const night = await currentNight(workspace);
  if (night === undefined)
    throw new UserError(`${folder}: no night has been published yet`, "Run npm run nightly first.");
  const strategy = await readStrategy(workspace.strategyFile);
  const database = await openDatabase(night.warehouse, { readOnly: true });
  try {
    const { connection } = database;
    const [told] = await queryRows(
      connection,
      `select as_of::varchar as as_of, (select min(month)::varchar from arrears.closing) as first_month,
         date_trunc('month', as_of)::date::varchar as last_month from strategy.night`,
      nightRow,
    );
    if (told === undefined) throw new Error("the night has no date");
    const closings = closingsOf(told.first_month, told.last_month, told.as_of);
    const slicesOf = new Map<string, string[]>();
    for (const { slice, agency_id } of await queryRows(
      connection,
      "select level || '/' || slice_id as slice, agency_id from kpi.slice order by all",
      sliceRow,
    ))
      slicesOf.set(agency_id, [...(slicesOf.get(agency_id) ?? []), slice]);
    const tally = new Tally(slicesOf);
    const agencyToday = await readAgencies(connection, told.as_of);
    const conduct = await readConduct(connection, told.as_of);
    const context = { connection, strategy, asOf: told.as_of, closings, tally, agencyToday, conduct };
    const recounts = [];
    for (const start of RECOUNTS) recounts.push(await start(context));
    const rules = rulesOf(strategy);
    for await (const lease of readLeases(connection, told.as_of, agencyToday)) {
      const history = tellHistory(lease, closings, rules);
      for (const recount of recounts) recount.add(history);
    }
    for (const recount of recounts) await recount.finish?.();
    return { ...(await compareFigures(connection, tally.figures())), asOf: told.as_of };
  } finally {
    database.close();
  }
}

function rulesOf({ arrears, allocation }: Strategy): HistoryRules {
  return {
    allocation,
    graceDays: arrears.grace_days,
    netCallFloorShare: arrears.net_call_floor_share,
    newEntrantMonths: arrears.new_entrant_months,
    repeatWindowMonths: arrears.repeat_window_months,
  };
}

/** Every month end from the first month told to the as-of date. */
function closingsOf(firstMonth: string, lastMonth: string, asOf: string) {
  const closings = [];
  for (let month = firstMonth; month <= lastMonth; month = addMonths(month, 1)) {
    const last = lastDayOf(month);
    closings.push({ month, closingOn: last < asOf ? last : asOf, isPartial: last > asOf });
  }
  return closings;
}
