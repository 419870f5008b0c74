import { componentOf, countsOn } from "../account.ts";
import { monthOf } from "../dates.ts";
import { flowOf } from "../entry-flow.ts";
import type { Closing } from "../lease-history.ts";
import type { StartRecount } from "../recount.ts";

/** What can be collected, due or not: the days of billing that stand unpaid, and the month's effectiveness. */
export const recountReceivables: StartRecount = ({ tally, closings }) => ({
  add({ lease, account, closings: lived }) {
    if (lease.use !== "residential") return;
    const { agencyId } = lease;
    const lastClosing = closings.at(-1);
    const firstBooked = new Map<string, string>();
    for (const entry of lease.entries) {
      if (flowOf(entry) !== "call" || entry.cents <= 0) continue;
      const termMonth = entry.termMonth ?? monthOf(countsOn(entry));
      const first = firstBooked.get(termMonth);
      if (first === undefined || entry.bookedOn < first) firstBooked.set(termMonth, entry.bookedOn);
    }
    const asked = [
      ...account.calls.map((call) => {
        const bookedOn = firstBooked.get(call.termMonth) ?? call.dueOn;
        return { bookedOn, dueOn: call.dueOn, cents: call.gross, billed: call.gross };
      }),
      ...lease.entries.flatMap((entry) => {
        const flow = flowOf(entry);
        if ((flow !== "billing" && flow !== "opening") || componentOf(entry) !== "principal") return [];
        const billed = flow === "billing" ? entry.cents : 0;
        return [{ bookedOn: entry.bookedOn, dueOn: countsOn(entry), cents: entry.cents, billed }];
      }),
    ].map((one) => ({ ...one, month: monthOf(laterOf(one.bookedOn, lease.startOn)) }));
    const isAhead = (one: (typeof asked)[number], { month }: Closing) =>
      one.month <= month &&
      (monthOf(one.dueOn) > month || (month === lastClosing?.month && one.dueOn > lastClosing.closingOn));
    const grossOf = new Map(account.calls.map(({ termMonth, gross }) => [termMonth, gross]));
    const firstYear = closings[11]?.month;
    let before = 0;
    for (const [i, closing] of lived.entries()) {
      const isPresent = closing.status === "present";
      const ahead = asked.reduce(
        (sum, one) => sum + (one.cents > 0 && isAhead(one, closing) ? one.cents : 0),
        0,
      );
      const overdue = Math.max(closing.principal, 0);
      const notYetDue = ahead - Math.min(Math.max(-closing.principal, 0), ahead);
      const receivable = isPresent ? overdue + notYetDue : 0;
      if (isPresent && closing.month !== closings[0]?.month) {
        const booked = asked.filter(({ month }) => month === closing.month);
        const billed = booked.reduce((sum, one) => sum + one.billed, 0);
        const carried = booked.reduce((sum, one) => sum + one.cents - one.billed, 0);
        const opening = before + carried;
        tally.addEuros(
          "cei",
          agencyId,
          closing.month,
          opening + billed - receivable,
          opening + billed - notYetDue,
        );
      }
      before = receivable;
      if (!isPresent || firstYear === undefined || closing.month < firstYear) continue;
      let billing = 0;
      for (const { month } of lived.slice(Math.max(i - 11, 0), i + 1)) billing += grossOf.get(month) ?? 0;
      tally.addEuros("dso", agencyId, closing.month, 365 * receivable, billing);
      tally.addEuros("dso.best_possible", agencyId, closing.month, 365 * notYetDue, billing);
    }
  },
});

function laterOf(one: string, other: string): string {
  return one < other ? other : one;
}
