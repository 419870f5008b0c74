import type { Account } from "./account.ts";

/** What an account had asked and received by one evening, in cents. */
export interface Standing {
  /** The last day on which something changed. */
  readonly since: string;
  /** Due and not received; credit negative. */
  readonly due: number;
  readonly principalAsked: number;
  readonly received: number;
}

const NOTHING: Standing = { since: "", due: 0, principalAsked: 0, received: 0 };

/** How an account stands after each day on which something is asked or received, whoever is paid first. */
export class Balances {
  /** One a day, oldest first. */
  readonly days: readonly Standing[];

  constructor({ debts, credits }: Account) {
    const changes = [
      ...debts.map(({ dueOn, component, cents }) => ({ on: dueOn, component, asked: cents, received: 0 })),
      ...credits.map(({ on, cents }) => ({ on, component: null, asked: 0, received: cents })),
    ].sort((one, other) => (one.on < other.on ? -1 : one.on > other.on ? 1 : 0));
    const days: Standing[] = [];
    let last = NOTHING;
    for (const { on, component, asked, received } of changes) {
      const next = {
        since: on,
        due: last.due + asked - received,
        principalAsked: last.principalAsked + (component === "principal" ? asked : 0),
        received: last.received + received,
      };
      if (last.since === on) days.pop();
      days.push(next);
      last = next;
    }
    this.days = days;
  }

  /** How the account stood on the evening of a day. */
  on(day: string): Standing {
    let [low, high] = [0, this.days.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.days[middle]?.since ?? "") <= day) low = middle + 1;
      else high = middle;
    }
    return this.days[low - 1] ?? NOTHING;
  }

  /** Whether anything had been asked or received by a day: before that, nobody knows what was owed. */
  isTold(day: string): boolean {
    const [first] = this.days;
    return first !== undefined && first.since <= day;
  }

  /** The first day from `from` on whose evening nothing is owed; null while something is, or nobody knows. */
  settledFrom(from: string): string | null {
    if (this.isTold(from) && this.on(from).due <= 0) return from;
    return this.days.find(({ since, due }) => since > from && due <= 0)?.since ?? null;
  }
}
