import { countsOn } from "../account.ts";
import { monthOf } from "../dates.ts";
import { flowOf } from "../entry-flow.ts";
import type { StartRecount } from "../recount.ts";

const RECEIPTS = ["payment", "guarantor_payment", "payment_rejected"];

/** What arrears cost over a year, and what departed tenants paid of what they owed. */
export const recountCost: StartRecount = ({ tally, closings, strategy }) => {
  const rates: Readonly<Record<string, number>> = { ...strategy.cost.depreciation };
  const rateOf = (ageMonths: number | null) => {
    if (ageMonths === null) return rates["0_1"] ?? 0;
    if (ageMonths >= 12) return 1;
    return rates[ageMonths < 1 ? "0_1" : ageMonths < 3 ? "1_3" : ageMonths < 6 ? "3_6" : "6_12"] ?? 0;
  };
  const months = closings.map(({ month }) => month);
  return {
    add({ lease, closings: lived }) {
      if (lease.use !== "residential") return;
      const { agencyId } = lease;
      const offset = months.length - lived.length;
      /** Adds to every year that holds the closing. */
      const inYears = (indicator: string, place: number, numerator: number, denominator: number) => {
        for (let n = Math.max(place, 12); n < Math.min(place + 12, months.length); n++)
          tally.addEuros(indicator, agencyId, months[n] ?? "", numerator, denominator);
      };
      for (const entry of lease.entries) {
        const place = months.indexOf(monthOf(entry.bookedOn));
        if (place < 0) continue;
        const flow = flowOf(entry);
        if (flow === "call" || flow === "billing") inYears("cost_of_arrears", place, 0, entry.cents);
        if (flow === "write_off") inYears("cost_of_arrears", place, -entry.cents, 0);
      }
      const paidIn = new Map<string, number>();
      for (const entry of lease.entries) {
        const month = monthOf(countsOn(entry));
        if (RECEIPTS.includes(entry.kind)) paidIn.set(month, (paidIn.get(month) ?? 0) - entry.cents);
      }
      let before = 0;
      for (const [i, { status, balance, ageMonths, month }] of lived.entries()) {
        const place = i + offset;
        if (balance > 0) {
          const depreciation = status === "departed" ? balance : Math.round(balance * rateOf(ageMonths));
          if (place >= 12) tally.addEuros("cost_of_arrears", agencyId, month, depreciation, 0);
          const yearLater = months[place + 12];
          if (yearLater !== undefined)
            tally.addEuros("cost_of_arrears", agencyId, yearLater, -depreciation, 0);
        }
        if (status !== "departed") continue;
        const debt = Math.max(balance, 0);
        const received = Math.min(paidIn.get(month) ?? 0, before);
        if (debt > 0 || before > 0) {
          inYears("departed_recovery_rate", place, received, Math.max(debt - before + received, 0));
          const yearEnd = months[place + 11];
          if (yearEnd !== undefined && place + 11 >= 12)
            tally.addEuros("departed_recovery_rate", agencyId, yearEnd, 0, before);
        }
        before = debt;
      }
    },
  };
};
