import {
  type Account,
  type AccountEntry,
  type Component,
  componentOf,
  countsOn,
  type Debt,
} from "./account.ts";
import { flowOf } from "./entry-flow.ts";
import { type AskedAndReceived, type Evening, eveningsOf, type OpenDebt } from "./evenings.ts";

/** What the landlord's books set of a payment against a debit, in cents. */
export interface Lettering {
  readonly paymentEntry: string;
  readonly debitEntry: string;
  readonly cents: number;
}

/** A lettering as far as account and debt bear it. */
export interface Pair {
  readonly receivedOn: string;
  readonly only: Component | null;
  /** Money received, housing benefit and rent rebate apart. */
  readonly isReceipt: boolean;
  readonly debt: Debt;
  readonly cents: number;
}

/**
 * What an account's letterings come to: no debt is lettered beyond its amount and no credit beyond its own, the earliest
 * credits count first, and what exceeds is as if it had not been lettered. Benefit that reduced its call in time is no
 * credit of the account, so that its lettering says nothing.
 */
export function pairsOf(
  account: Account,
  entries: readonly AccountEntry[],
  letterings: readonly Lettering[],
): Pair[] {
  if (letterings.length === 0) return [];
  const entryOf = new Map(entries.map((entry) => [entry.id, entry]));
  const creditOf = new Map(account.credits.map((credit) => [credit.entryId, credit]));
  const debtOf = new Map(account.debts.map((debt) => [`${debt.component} ${debt.dueOn}`, debt]));
  const wished = letterings.flatMap(({ paymentEntry, debitEntry, cents }): Pair[] => {
    const payment = entryOf.get(paymentEntry);
    const credit = creditOf.get(paymentEntry);
    const asked = entryOf.get(debitEntry);
    if (payment === undefined || credit === undefined || asked === undefined || asked.cents <= 0) return [];
    const debt = debtOf.get(`${componentOf(asked) ?? "principal"} ${countsOn(asked)}`);
    if (debt === undefined) return [];
    const isReceipt = flowOf(payment) === "receipt";
    return [{ receivedOn: credit.on, only: credit.only, isReceipt, debt, cents }];
  });
  const streamOf = (on: string, only: Component | null) => `${on} ${only ?? "any"}`;
  const ofDebt = new Map(account.debts.map((debt) => [debt, debt.cents]));
  const ofCredit = new Map<string, number>();
  for (const { on, only, cents } of account.credits)
    ofCredit.set(streamOf(on, only), (ofCredit.get(streamOf(on, only)) ?? 0) + cents);
  const borne = cutTo(
    ofDebt,
    wished,
    ({ debt }) => debt,
    (pair) => `${streamOf(pair.receivedOn, pair.only)} ${pair.isReceipt}`,
  );
  return cutTo(
    ofCredit,
    borne,
    ({ receivedOn, only }) => streamOf(receivedOn, only),
    ({ debt, isReceipt }) => `${debt.dueOn} ${debt.component} ${isReceipt}`,
  );
}

/** Takes pairs in the order of `placeOf` for as long as what `ofWhat` names has cents left, and cuts the last one short. */
function cutTo<Key>(
  left: Map<Key, number>,
  pairs: readonly Pair[],
  ofWhat: (pair: Pair) => Key,
  placeOf: (pair: Pair) => string,
): Pair[] {
  const placed = pairs.map((pair) => ({ pair, place: placeOf(pair) }));
  return placed
    .sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0))
    .flatMap(({ pair }) => {
      const key = ofWhat(pair);
      const cents = Math.min(pair.cents, left.get(key) ?? 0);
      left.set(key, (left.get(key) ?? 0) - cents);
      return cents > 0 ? [{ ...pair, cents }] : [];
    });
}

/** What is left of an account's debts and credits once the lettered euros are taken out. */
export function withoutPairs(account: AskedAndReceived, pairs: readonly Pair[]): AskedAndReceived {
  const letteredOf = new Map<Debt, number>();
  const taken = new Map<string, number>();
  for (const { debt, receivedOn, only, cents } of pairs) {
    letteredOf.set(debt, (letteredOf.get(debt) ?? 0) + cents);
    const stream = `${receivedOn} ${only}`;
    taken.set(stream, (taken.get(stream) ?? 0) + cents);
  }
  return {
    debts: account.debts.flatMap((debt) => {
      const cents = debt.cents - (letteredOf.get(debt) ?? 0);
      const terms = debt.terms === null ? null : (debt.terms * cents) / debt.cents;
      return cents > 0 ? [{ ...debt, cents, terms }] : [];
    }),
    credits: account.credits.flatMap((credit) => {
      const stream = `${credit.on} ${credit.only}`;
      const used = Math.min(taken.get(stream) ?? 0, credit.cents);
      if (used === 0) return [credit];
      taken.set(stream, (taken.get(stream) ?? 0) - used);
      return used < credit.cents ? [{ ...credit, cents: credit.cents - used }] : [];
    }),
  };
}

/**
 * The evenings of an account under the landlord's own lettering: what is lettered waits for its own counterpart, a debt
 * for its credit or a credit for its debt; all else goes by `ranking`.
 */
export function bookedEvenings(
  account: AskedAndReceived,
  pairs: readonly Pair[],
  ranking: readonly Component[],
  days: readonly string[],
): Evening[] {
  const evenings = eveningsOf(withoutPairs(account, pairs), ranking, days);
  return evenings.map(({ unpaid, advance }, i) => {
    const day = days[i] ?? "";
    const waiting = new Map<string, OpenDebt>();
    let early = 0;
    for (const { debt, receivedOn, cents } of pairs) {
      if (receivedOn <= day && debt.dueOn > day) early += cents;
      if (debt.dueOn > day || receivedOn <= day) continue;
      const place = `${debt.component} ${debt.dueOn}`;
      waiting.set(place, { ...debt, unpaid: (waiting.get(place)?.unpaid ?? 0) + cents });
    }
    if (waiting.size === 0) return { unpaid, advance: advance + early };
    const wholeOf = new Map(account.debts.map((debt) => [`${debt.component} ${debt.dueOn}`, debt]));
    for (const open of unpaid) {
      const place = `${open.component} ${open.dueOn}`;
      const whole = wholeOf.get(place) ?? open;
      waiting.set(place, { ...whole, unpaid: open.unpaid + (waiting.get(place)?.unpaid ?? 0) });
    }
    const all = [...waiting.values()];
    return {
      unpaid: all.sort((one, other) => (one.dueOn < other.dueOn ? -1 : one.dueOn > other.dueOn ? 1 : 0)),
      advance: advance + early,
    };
  });
}
