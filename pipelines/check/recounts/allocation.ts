import { componentOf, countsOn } from "../account.ts";
import { addDays, monthOf } from "../dates.ts";
import { flowOf } from "../entry-flow.ts";
import type { OpenDebt } from "../evenings.ts";
import type { LeaseHistory } from "../lease-history.ts";
import { withoutPairs } from "../lettering.ts";
import { eveningsUnder, POLICIES, type Policy } from "../policy.ts";
import type { StartRecount } from "../recount.ts";

const READ_AFTER = [0, 1, 3, 6];
const BENEFIT = new Set(["housing_benefit", "rent_rebate"]);
const PAYMENT = new Set(["payment", "payment_rejected", "guarantor_payment"]);

/** Where the euros received went: to which calls, and how much of them fees and court costs took. */
export const recountAllocation: StartRecount = ({ tally, closings, strategy }) => {
  const { allocation } = strategy;
  const days = closings.map(({ closingOn }) => closingOn);
  const eve = addDays(closings[0]?.month ?? "", -1);
  const placeOf = new Map(closings.map(({ month }, place) => [month, place]));
  for (const months of READ_AFTER) tally.holdBack(`collection_m${months}.as_booked`);
  tally.holdBack("principal_first_share.as_booked");

  function addCollection(history: LeaseHistory, policy: Policy, evenings: readonly (readonly OpenDebt[])[]) {
    const { lease, account } = history;
    const pairs = policy === "as_booked" ? history.pairs : [];
    const called = new Map<string, number>();
    for (const call of account.calls)
      for (const { dueOn, cents } of call.parts) called.set(dueOn, (called.get(dueOn) ?? 0) + cents);
    const wholeOn = new Map(
      account.debts.flatMap((debt) => (debt.component === "principal" ? [[debt.dueOn, debt.cents]] : [])),
    );
    const takenBack = new Map<string, number>();
    for (const entry of lease.entries) {
      if (!PAYMENT.has(entry.kind) || entry.cents <= 0 || componentOf(entry) !== "principal") continue;
      takenBack.set(countsOn(entry), (takenBack.get(countsOn(entry)) ?? 0) + entry.cents);
    }
    const queue = withoutPairs(account, pairs).debts.flatMap(({ component, dueOn, cents }) => {
      if (component !== "principal") return [];
      const back = ((takenBack.get(dueOn) ?? 0) * cents) / (wholeOn.get(dueOn) ?? cents);
      return [{ dueOn, left: cents, asked: cents - Math.round(back) }];
    });
    const leftOn = new Map(queue.map(({ dueOn, left }) => [dueOn, left]));
    /** What each due date of the queue has received at a closing, in the order of the queue. */
    const filled = days.map((day, place) => {
      const due = queue.filter(({ dueOn }) => dueOn <= day);
      const open = (evenings[place] ?? []).reduce(
        (sum, debt) => sum + (debt.component === "principal" ? debt.unpaid : 0),
        0,
      );
      const waiting = pairs.reduce(
        (sum, { debt, receivedOn, cents }) =>
          sum + (debt.component === "principal" && debt.dueOn <= day && receivedOn > day ? cents : 0),
        0,
      );
      let paid = due.reduce((sum, { asked }) => sum + asked, 0) - (open - waiting);
      const received = new Map<string, number>();
      for (const { dueOn, asked } of due) {
        const share = Math.min(Math.max(paid, 0), asked);
        paid -= asked;
        received.set(dueOn, share);
      }
      return received;
    });
    const askedOn = new Map(queue.map(({ dueOn, asked }) => [dueOn, asked]));
    for (const [dueOn, cents] of called) {
      const place = placeOf.get(monthOf(dueOn));
      const closing = place === undefined ? undefined : closings[place];
      if (cents === 0 || place === undefined || closing === undefined || dueOn > closing.closingOn) continue;
      if (closing.closingOn < lease.startOn) continue;
      if (lease.endOn !== null && lease.endOn <= closing.closingOn) continue;
      const whole = wholeOn.get(dueOn) ?? cents;
      const asked = askedOn.get(dueOn) ?? 0;
      const share = cents === whole || asked <= 0 ? 1 : (cents * (leftOn.get(dueOn) ?? 0)) / (whole * asked);
      for (const months of READ_AFTER) {
        const read = closings[place + months];
        if (read === undefined) continue;
        const booked = pairs.reduce(
          (sum, pair) =>
            sum +
            (pair.debt.component === "principal" &&
            pair.debt.dueOn === dueOn &&
            pair.receivedOn <= read.closingOn
              ? (pair.cents * cents) / whole
              : 0),
          0,
        );
        const byQueue = Math.round((filled[place + months]?.get(dueOn) ?? 0) * share);
        const received = Math.min(byQueue + Math.round(booked), cents);
        tally.addEuros(`collection_m${months}.${policy}`, lease.agencyId, read.month, received, cents);
        if (Math.round(booked) > 0)
          tally.tellIn(`collection_m${months}.as_booked`, lease.agencyId, read.month);
      }
    }
  }

  return {
    add(history) {
      const { lease, account, pairs } = history;
      if (lease.use !== "residential") return;
      const { agencyId } = lease;
      const isPresent = (closingOn: string) => lease.endOn === null || lease.endOn > closingOn;

      const received = new Map<string, number>();
      const feesCharged = new Map<string, number>();
      const outsideAsked = [eve, ...days].map(() => 0);
      for (const entry of lease.entries) {
        const on = countsOn(entry);
        const flow = flowOf(entry);
        const component = componentOf(entry);
        const place = placeOf.get(monthOf(on));
        const isTold = place !== undefined && on <= (days[place] ?? "");
        if (isTold && flow === "receipt" && !BENEFIT.has(entry.kind))
          received.set(monthOf(on), (received.get(monthOf(on)) ?? 0) - entry.cents);
        if (isTold && flow === "fee" && component === "fee")
          feesCharged.set(monthOf(on), (feesCharged.get(monthOf(on)) ?? 0) + entry.cents);
        if (flow !== "receipt" && (component === "fee" || component === "court_cost"))
          for (const [n, day] of [eve, ...days].entries())
            if (on <= day) outsideAsked[n] = (outsideAsked[n] ?? 0) + entry.cents;
      }
      const isPlain = pairs.length === 0 && account.debts.every(({ component }) => component === "principal");
      let plain: { unpaid: readonly OpenDebt[] }[] | undefined;
      for (const policy of POLICIES) {
        const evenings = plain ?? eveningsUnder(policy, allocation, account, pairs, [eve, ...days]);
        if (isPlain) plain = [...evenings];
        addCollection(
          history,
          policy,
          evenings.slice(1).map(({ unpaid }) => unpaid),
        );
        const took = evenings.map(
          ({ unpaid }, n) =>
            (outsideAsked[n] ?? 0) -
            unpaid.reduce((sum, debt) => sum + (debt.component === "principal" ? 0 : debt.unpaid), 0),
        );
        for (const [place, { month, closingOn }] of closings.entries()) {
          if (!isPresent(closingOn)) continue;
          const euros = received.get(month) ?? 0;
          const outside = (took[place + 1] ?? 0) - (took[place] ?? 0);
          tally.addEuros(`principal_first_share.${policy}`, agencyId, month, euros - outside, euros);
          if (policy !== allocation.policy) continue;
          for (let n = Math.max(place, 11); n < Math.min(place + 12, closings.length); n++) {
            const charged = feesCharged.get(month) ?? 0;
            tally.addEuros("fee_per_euro", agencyId, closings[n]?.month ?? "", charged, euros - outside);
          }
        }
      }
      for (const { month, closingOn } of closings) {
        if (!isPresent(closingOn)) continue;
        const lettered = pairs.reduce(
          (sum, pair) => sum + (pair.isReceipt && monthOf(pair.receivedOn) === month ? pair.cents : 0),
          0,
        );
        tally.addEuros("lettered_share", agencyId, month, lettered, received.get(month) ?? 0);
        if (lettered > 0) tally.tellIn("principal_first_share.as_booked", agencyId, month);
      }
    },
  };
};
