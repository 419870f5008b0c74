import type { Day, Month } from "./calendar.ts";
import type { EntryKind, EntryRecord } from "./landlord-records.ts";

/** What an entry says beyond its kind, its amount and its dates. */
export interface EntryDetails {
  readonly feeKind?: EntryRecord["feeKind"];
  readonly rejection?: EntryRecord["rejection"];
  readonly termMonth?: Month;
  readonly payer?: EntryRecord["payer"];
  readonly channel?: EntryRecord["channel"];
  readonly reversalOf?: number | null;
}

const NO_DETAILS: EntryDetails = {};

/**
 * The account of one lease as the landlord's ledger will show it: entries booked before the window become opening
 * balances, those booked after the as-of date are not yet known and are left out.
 */
export class EntryBook {
  readonly entries: EntryRecord[] = [];
  readonly #windowStart: Day;
  readonly #asOf: Day;
  #openingDue = 0;
  readonly #openingToCome = new Map<Day, { cents: number; term: Month }>();
  #opened = false;
  #rank = 0;

  constructor(windowStart: Day, asOf: Day) {
    this.#windowStart = windowStart;
    this.#asOf = asOf;
  }

  /** Books a debit, due on the given day. Returns its rank, or null when the window does not show it. */
  debit(
    kind: EntryKind,
    cents: number,
    bookedOn: Day,
    dueOn: Day,
    details: EntryDetails = NO_DETAILS,
  ): number | null {
    return cents > 0 ? this.#book(kind, cents, bookedOn, dueOn, null, details) : null;
  }

  /** Books a credit of `cents` (given positive), valued on the given day. Returns its rank, or null likewise. */
  credit(
    kind: EntryKind,
    cents: number,
    bookedOn: Day,
    valueOn: Day,
    details: EntryDetails = NO_DETAILS,
  ): number | null {
    return cents > 0 ? this.#book(kind, -cents, bookedOn, null, valueOn, details) : null;
  }

  /** Writes what was booked before the window as opening balances: one for what was due, one for each later due date. */
  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    const start = this.#windowStart;
    this.#openWith(this.#openingDue, start, NO_DETAILS);
    for (const [dueOn, { cents, term }] of this.#openingToCome) {
      this.#openWith(cents, dueOn, { termMonth: term });
    }
  }

  #openWith(cents: number, on: Day, details: EntryDetails): void {
    const bookedOn = this.#windowStart;
    if (cents > 0) this.debit("opening_balance", cents, bookedOn, on, details);
    else this.credit("opening_balance", -cents, bookedOn, on, details);
  }

  #book(
    kind: EntryKind,
    cents: number,
    bookedOn: Day,
    dueOn: Day | null,
    valueOn: Day | null,
    details: EntryDetails,
  ): number | null {
    if (bookedOn < this.#windowStart) {
      if (this.#opened) throw new Error("an entry booked before the window came after its opening balance");
      const on = dueOn ?? valueOn ?? bookedOn;
      if (on > this.#windowStart && details.termMonth !== undefined) {
        const waiting = this.#openingToCome.get(on);
        if (waiting) waiting.cents += cents;
        else this.#openingToCome.set(on, { cents, term: details.termMonth });
      } else this.#openingDue += cents;
      return null;
    }
    if (bookedOn > this.#asOf) return null;
    this.#rank++;
    this.entries.push({
      rank: this.#rank,
      kind,
      feeKind: details.feeKind ?? null,
      rejection: details.rejection ?? null,
      cents,
      bookedOn,
      dueOn,
      valueOn,
      termMonth: details.termMonth ?? null,
      payer: details.payer ?? null,
      channel: details.channel ?? null,
      reversalOf: details.reversalOf ?? null,
    });
    return this.#rank;
  }
}
