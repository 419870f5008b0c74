import { componentOf, countsOn } from "../account.ts";
import { addDays, monthOf } from "../dates.ts";
import { flowOf } from "../entry-flow.ts";
import type { OpenDebt } from "../evenings.ts";
import type { LeaseHistory } from "../lease-history.ts";
import { withoutPairs } from "../lettering.ts";
import { eveningsUnder, POLICIES, type Policy } from "../policy.ts";
import type { StartRecount } from "../recount.ts";

const READ_AFTER = [0, 1, 3, 6].map((months) => ({
  months,
  nameOf: {
    legal_default: `collection_m${months}.legal_default`,
    principal_first: `collection_m${months}.principal_first`,
    as_booked: `collection_m${months}.as_booked`,
  },
}));
const BENEFIT = new Set(["housing_benefit", "rent_rebate"]);
const PAYMENT = new Set(["payment", "payment_rejected", "guarantor_payment"]);

/** Where the euros received went: to which calls, and how much of them fees and court costs took. */
export const recountAllocation: StartRecount = ({ tally, closings, strategy }) => {
  const { allocation } = strategy;
  const days = closings.map(({ closingOn }) => closingOn);
  const eve = addDays(closings[0]?.month ?? "", -1);
  const placeOf = new Map(closings.map(({ month }, place) => [month, place]));
  for (const { nameOf } of READ_AFTER) tally.holdBack(nameOf.as_booked);
  tally.holdBack("principal_first_share.as_booked");

  function addCollection(
    history: LeaseHistory,
    policies: readonly Policy[],
    evenings: readonly (readonly OpenDebt[])[],
  ) {
    const { lease, account } = history;
    const pairs = policies.includes("as_booked") ? history.pairs : [];
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
    const placed = new Map<string, { left: number; asked: number; before: number }>();
    let askedSoFar = 0;
    for (const { dueOn, left, asked } of queue) {
      placed.set(dueOn, { left, asked, before: askedSoFar });
      askedSoFar += asked;
    }
    /** What the queue had received at each closing: all that it asked by then, but for what is still open. */
    let [next, due] = [0, 0];
    const paidAt = days.map((day, place) => {
      for (let debt = queue[next]; debt !== undefined && debt.dueOn <= day; debt = queue[++next])
        due += debt.asked;
      let paid = due;
      for (const debt of evenings[place] ?? []) if (debt.component === "principal") paid -= debt.unpaid;
      for (const { debt, receivedOn, cents } of pairs)
        if (debt.component === "principal" && debt.dueOn <= day && receivedOn > day) paid += cents;
      return paid;
    });
    for (const [dueOn, cents] of called) {
      const place = placeOf.get(monthOf(dueOn));
      const closing = place === undefined ? undefined : closings[place];
      if (cents === 0 || place === undefined || closing === undefined || dueOn > closing.closingOn) continue;
      if (closing.closingOn < lease.startOn) continue;
      if (lease.endOn !== null && lease.endOn <= closing.closingOn) continue;
      const whole = wholeOn.get(dueOn) ?? cents;
      const { left, asked, before } = placed.get(dueOn) ?? { left: 0, asked: 0, before: 0 };
      for (const { months, nameOf } of READ_AFTER) {
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
        const paid = Math.min(Math.max((paidAt[place + months] ?? 0) - before, 0), asked);
        const byQueue = asked <= 0 ? 0 : shareOf(paid, [cents, left], [whole, asked]);
        const received = Math.min(byQueue + Math.round(booked), cents);
        for (const policy of policies)
          tally.addEuros(nameOf[policy], lease.agencyId, read.month, received, cents);
        if (Math.round(booked) > 0) tally.tellIn(nameOf.as_booked, lease.agencyId, read.month);
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
      for (const policies of isPlain ? [POLICIES] : POLICIES.map((policy) => [policy])) {
        const [policy = "legal_default"] = policies;
        const evenings = eveningsUnder(policy, allocation, account, pairs, [eve, ...days]);
        addCollection(
          history,
          policies,
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
          for (const one of policies)
            tally.addEuros(`principal_first_share.${one}`, agencyId, month, euros - outside, euros);
          if (!policies.includes(allocation.policy)) continue;
          const charged = feesCharged.get(month) ?? 0;
          for (let n = Math.max(place, 11); n < Math.min(place + 12, closings.length); n++)
            tally.addEuros("fee_per_euro", agencyId, closings[n]?.month ?? "", charged, euros - outside);
        }
      }
      if (pairs.length === 0) {
        for (const { month, closingOn } of closings)
          if (isPresent(closingOn))
            tally.addEuros("lettered_share", agencyId, month, 0, received.get(month) ?? 0);
        return;
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

/** `cents` × up ÷ down, to the cent, halves up: counted in whole numbers, for a half told as a fraction may fall either way. */
function shareOf(cents: number, up: readonly [number, number], down: readonly [number, number]): number {
  const over = BigInt(up[0]) * BigInt(up[1]);
  const under = BigInt(down[0]) * BigInt(down[1]);
  return Number((2n * BigInt(cents) * over + under) / (2n * under));
}
