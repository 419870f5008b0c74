import { UserError } from "../../pipelines/user-error.ts";
import { type Day, dayOf, firstDay, type Month, parseMonth } from "./calendar.ts";
import { LIMITS } from "./parameters.ts";

/** The stretch of time that the files show. */
export interface Window {
  /** First month shown; what came before is in opening balances. */
  readonly firstMonth: Month;
  /** Last month shown, up to the as-of date only. */
  readonly lastMonth: Month;
  /** First month lived, before the window. */
  readonly birth: Month;
  readonly start: Day;
  readonly asOf: Day;
}

/**
 * The window of `months` months that ends with `lastMonth` (`yyyy-mm`).
 * Throws a UserError when either is out of range.
 */
export function windowOf(months: number, lastMonth: string = LIMITS.lastMonth): Window {
  if (!Number.isInteger(months) || months < 1 || months > LIMITS.maximumMonths) {
    throw new UserError(
      `${months} months cannot be simulated.`,
      `Ask for a whole number of months from 1 to ${LIMITS.maximumMonths}.`,
    );
  }
  const last = parseMonth(lastMonth);
  if (last === undefined) {
    throw new UserError(
      `"${lastMonth}" is not a month.`,
      "Write the last month as yyyy-mm, such as 2026-11.",
    );
  }
  const firstMonth = last - months + 1;
  return {
    firstMonth,
    lastMonth: last,
    birth: firstMonth - LIMITS.burnInMonths,
    start: firstDay(firstMonth),
    asOf: dayOf(last, LIMITS.asOfDay),
  };
}
