import { COMPONENTS, type Component, type Credit, type Debt } from "./account.ts";

/** A debt that has fallen due, with what of it is not paid, in cents. */
export interface OpenDebt extends Debt {
  readonly unpaid: number;
}

/** An account on one evening. */
export interface Evening {
  /** Debts fallen due and not wholly paid, oldest first within a component. */
  readonly unpaid: readonly OpenDebt[];
  /** Euros received that no due debt has used yet, in cents. */
  readonly advance: number;
}

/** What an account asks and receives, oldest first. */
export interface AskedAndReceived {
  readonly debts: readonly Debt[];
  readonly credits: readonly Credit[];
}

/**
 * Lives an account day after day up to each of `days` (ascending), with a queue of debts and an advance, and tells how it
 * stands on each evening. What the debtor chose to pay is paid first; the rest of a credit pays the due debts by
 * component, in the order of `ranking`, the oldest of each first, or waits for the next.
 */
export function eveningsOf(
  { debts, credits }: AskedAndReceived,
  ranking: readonly Component[],
  days: readonly string[],
): Evening[] {
  const queues: Record<Component, { readonly debts: OpenDebt[]; head: number }> = {
    principal: { debts: [], head: 0 },
    fee: { debts: [], head: 0 },
    court_cost: { debts: [], head: 0 },
  };
  const serve = (component: Component, cents: number) => {
    const queue = queues[component];
    let left = cents;
    for (
      let first = queue.debts[queue.head];
      first !== undefined && left > 0;
      first = queue.debts[queue.head]
    ) {
      const paid = Math.min(left, first.unpaid);
      left -= paid;
      if (paid === first.unpaid) queue.head++;
      else queue.debts[queue.head] = open(first, first.unpaid - paid);
    }
    return left;
  };
  let advance = 0;
  let nextDebt = 0;
  let nextCredit = 0;
  return days.map((evening) => {
    for (;;) {
      const debtDay = debts[nextDebt]?.dueOn;
      const creditDay = credits[nextCredit]?.on;
      const day =
        debtDay === undefined || (creditDay !== undefined && creditDay < debtDay) ? creditDay : debtDay;
      if (day === undefined || day > evening) break;
      for (let debt = debts[nextDebt]; debt?.dueOn === day; debt = debts[++nextDebt])
        queues[debt.component].debts.push(open(debt, debt.cents));
      for (let credit = credits[nextCredit]; credit?.on === day; credit = credits[++nextCredit])
        advance += credit.only === null ? credit.cents : serve(credit.only, credit.cents);
      for (const component of ranking) advance = serve(component, advance);
    }
    const unpaid: OpenDebt[] = [];
    for (const component of COMPONENTS) {
      const { debts: queue, head } = queues[component];
      for (let n = head; n < queue.length; n++) {
        const debt = queue[n];
        if (debt !== undefined) unpaid.push(debt);
      }
    }
    return { unpaid, advance };
  });
}

function open({ component, dueOn, termMonth, cents, terms }: Debt, unpaid: number): OpenDebt {
  return { component, dueOn, termMonth, cents, terms, unpaid };
}
