import { type Account, type Component, type Credit, type Debt, groupBy, sum } from "./account-reference.ts";

/** Where some euros of one day's credits went; `component` is null while nothing is due. In cents. */
export interface Part {
  readonly receivedOn: string;
  readonly component: Component | null;
  readonly dueOn: string | null;
  readonly isBooked: boolean;
  readonly cents: number;
}

/** A row of `contract.allocation` between two entries of one account. */
export interface Lettering {
  readonly paymentEntry: string;
  readonly debitEntry: string;
  readonly cents: number;
}

/** A lettering as far as account and debts bear it. */
export interface Pair {
  readonly credit: Credit;
  readonly debt: Debt;
  readonly cents: number;
}

/** Allocates an account's credits day after day, a queue of euros against a queue of debts, until the evening of `asOf`. */
export function allocate(
  debts: readonly Debt[],
  credits: readonly Credit[],
  ranking: readonly Component[],
  asOf: string,
): Part[] {
  const days = [...new Set([...debts.map((debt) => debt.dueOn), ...credits.map((credit) => credit.on)])];
  const queue: Debt[] = [];
  const waiting: { receivedOn: string; cents: number }[] = [];
  const parts: Part[] = [];
  for (const day of days.sort().filter((day) => day <= asOf)) {
    queue.push(
      ...debts.filter((debt) => debt.dueOn === day).map((debt) => ({ ...debt, unpaid: debt.cents })),
    );
    const today = credits.filter((credit) => credit.on === day);
    for (const credit of today) waiting.push({ receivedOn: day, cents: credit.cents });
    let free = sum(waiting.map(({ cents }) => cents));
    const paid = new Map<Debt, number>();
    const pay = (component: Component, atMost: number) => {
      let left = Math.min(atMost, free);
      for (const debt of queue.filter((debt) => debt.component === component)) {
        const cents = Math.min(left, debt.unpaid);
        debt.unpaid -= cents;
        left -= cents;
        free -= cents;
        if (cents > 0) paid.set(debt, (paid.get(debt) ?? 0) + cents);
      }
    };
    for (const credit of today) if (credit.only !== null) pay(credit.only, credit.cents);
    for (const component of ranking) pay(component, free);
    const inOrder = [...paid].sort(([a], [b]) =>
      `${a.component} ${a.dueOn}`.localeCompare(`${b.component} ${b.dueOn}`),
    );
    for (const [debt, cents] of inOrder) {
      let left = cents;
      while (left > 0) {
        const [first] = waiting;
        if (first === undefined) throw new Error("more was paid than received");
        const taken = Math.min(left, first.cents);
        const { component, dueOn } = debt;
        parts.push({ receivedOn: first.receivedOn, component, dueOn, isBooked: false, cents: taken });
        first.cents -= taken;
        left -= taken;
        if (first.cents === 0) waiting.shift();
      }
    }
  }
  const advance = waiting.map(({ receivedOn, cents }) => ({
    receivedOn,
    component: null,
    dueOn: null,
    isBooked: false,
    cents,
  }));
  return merge([...parts, ...advance]);
}

/**
 * What an account's letterings come to: no debt beyond its amount, no credit beyond its own, the earliest credits first.
 * `debtOf` tells the debt that a debit entry is part of.
 */
export function pairsOf(
  account: Account,
  letterings: readonly Lettering[],
  debtOf: (debitEntry: string) => Debt | undefined,
  isReceipt: (entryId: string) => boolean,
): Pair[] {
  const wished = letterings.flatMap(({ paymentEntry, debitEntry, cents }) => {
    const credit = account.credits.find(({ entryId }) => entryId === paymentEntry);
    const debt = debtOf(debitEntry);
    return credit === undefined || debt === undefined ? [] : [{ credit, debt, cents }];
  });
  const meantFor = (credit: Credit) => credit.only ?? "any";
  const stream = (credit: Credit) => `${credit.on} ${meantFor(credit)}`;
  const place = ({ credit }: Pair) => `${stream(credit)} ${isReceipt(credit.entryId ?? "")}`;
  const left = new Map(account.debts.map((debt) => [debt, debt.cents]));
  const borne: Pair[] = [];
  for (const pair of [...wished].sort((a, b) => place(a).localeCompare(place(b)))) {
    const cents = Math.min(pair.cents, left.get(pair.debt) ?? 0);
    left.set(pair.debt, (left.get(pair.debt) ?? 0) - cents);
    if (cents > 0) borne.push({ ...pair, cents });
  }
  const held = new Map<string, number>();
  for (const credit of account.credits)
    held.set(stream(credit), (held.get(stream(credit)) ?? 0) + credit.cents);
  const debtPlace = (pair: Pair) =>
    `${pair.debt.dueOn} ${pair.debt.component} ${isReceipt(pair.credit.entryId ?? "")}`;
  return [...borne]
    .sort((a, b) => debtPlace(a).localeCompare(debtPlace(b)))
    .flatMap((pair) => {
      const key = stream(pair.credit);
      const cents = Math.min(pair.cents, held.get(key) ?? 0);
      held.set(key, (held.get(key) ?? 0) - cents);
      return cents > 0 ? [{ ...pair, cents }] : [];
    });
}

/** What is left of an account's debts and credits once the pairs are taken out. */
export function withoutPairs(
  account: Account,
  pairs: readonly Pair[],
): { readonly debts: Debt[]; readonly credits: Credit[] } {
  const ofStream = (credit: Credit) =>
    pairs.filter((pair) => pair.credit.on === credit.on && pair.credit.only === credit.only);
  const streams = groupBy(account.credits, (credit) => `${credit.on} ${credit.only}`);
  return {
    debts: account.debts.map((debt) => {
      const cents = debt.cents - sum(pairs.filter((pair) => pair.debt === debt).map((pair) => pair.cents));
      return { ...debt, cents, unpaid: cents };
    }),
    credits: [...streams.values()].flatMap((credits) => {
      const [first] = credits;
      if (first === undefined) return [];
      const cents =
        sum(credits.map((credit) => credit.cents)) - sum(ofStream(first).map((pair) => pair.cents));
      return [{ ...first, cents }];
    }),
  };
}

/** The parts of an account under the landlord's own lettering; the rest follows `ranking`. */
export function allocateAsBooked(
  account: Account,
  pairs: readonly Pair[],
  ranking: readonly Component[],
  asOf: string,
): Part[] {
  const left = withoutPairs(account, pairs);
  const booked = pairs
    .filter(({ credit }) => credit.on <= asOf)
    .map(({ credit, debt, cents }) => ({
      receivedOn: credit.on,
      component: debt.component,
      dueOn: debt.dueOn,
      isBooked: true,
      cents,
    }));
  return merge([...allocate(left.debts, left.credits, ranking, asOf), ...booked]);
}

function merge(parts: readonly Part[]): Part[] {
  const key = (part: Part) => `${part.receivedOn} ${part.component} ${part.dueOn} ${part.isBooked}`;
  return [...groupBy(parts, key).values()].flatMap((same) => {
    const [first] = same;
    const cents = sum(same.map((part) => part.cents));
    return first === undefined || cents === 0 ? [] : [{ ...first, cents }];
  });
}
