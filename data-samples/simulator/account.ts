import type { Day } from "./calendar.ts";
import { EntryBook, type EntryDetails } from "./entry-book.ts";
import type { EntryKind, EntryRecord } from "./landlord-records.ts";
import type { Setting } from "./setting.ts";

export type PaymentChannel = Exclude<EntryRecord["channel"], null>;

/** What one lease owes, in cents, with the ledger that shows it. */
export class Account {
  readonly book: EntryBook;
  /** Due and unpaid, once every payment already decided has come in; a credit is negative. */
  owed = 0;
  /** What the calls made so far will make due next month. */
  coming = 0;
  /** One term: the net call last due. */
  term = 0;
  /** Received from the tenant this month. */
  received = 0;
  readonly #setting: Setting;
  /** Payments decided and not yet come in. */
  #expected: { on: Day; cents: number }[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
    this.book = new EntryBook(setting.window.start, setting.window.asOf);
  }

  /** What is due and has not come in by that day. */
  owedOn(day: Day): number {
    let owed = this.owed;
    for (const { on, cents } of this.#expected) if (on > day) owed += cents;
    return owed;
  }

  /** Forgets the payments that have come in by that day. */
  turn(day: Day): void {
    this.received = 0;
    if (this.#expected.length > 0) this.#expected = this.#expected.filter(({ on }) => on > day);
  }

  /** A debit that is due at once. Returns its rank in the ledger, if the window shows it. */
  charge(kind: EntryKind, cents: number, bookedOn: Day, dueOn: Day, details?: EntryDetails): number | null {
    this.owed += cents;
    return this.book.debit(kind, cents, bookedOn, dueOn, details);
  }

  /** A debit that falls due with next month's call. */
  chargeLater(kind: EntryKind, cents: number, bookedOn: Day, dueOn: Day, details?: EntryDetails): void {
    this.coming += cents;
    this.book.debit(kind, cents, bookedOn, dueOn, details);
  }

  /** A credit that counts at once: benefit, a deposit, a write-off. */
  relieve(kind: EntryKind, cents: number, bookedOn: Day, valueOn: Day, details?: EntryDetails): void {
    this.owed -= cents;
    this.book.credit(kind, cents, bookedOn, valueOn, details);
  }

  /** Money that comes in on `on`, booked a little later, now and then weeks later. Returns its rank likewise. */
  receive(
    kind: "payment" | "guarantor_payment",
    cents: number,
    on: Day,
    channel: PaymentChannel,
    payer: "tenant" | "fsl" | "guarantor" = "tenant",
    bookedAfter: number = channel === "cheque" ? 4 : 1,
  ): number | null {
    if (cents <= 0) return null;
    const { chances, parameters } = this.#setting;
    const { bookedLate, bookedLateDays } = parameters.payment;
    const late = chances.chance(bookedLate, "bookedLate", on);
    const bookedOn = on + (late ? chances.integer(bookedLateDays, "bookedLateDays", on) : bookedAfter);
    this.owed -= cents;
    if (payer === "tenant") this.received += cents;
    this.#expected.push({ on, cents });
    return this.book.credit(kind, cents, bookedOn, on, { payer, channel });
  }
}
