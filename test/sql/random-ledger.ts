import fc from "fast-check";
import { addDays, addMonths, type Component, type LedgerEntry, monthOf } from "./account-reference.ts";
import type { Rows } from "./insert-rows.ts";

/** One tenancy of a random ledger. */
export interface Story {
  readonly agency: number;
  readonly use: "residential" | "parking";
  readonly startOn: string;
  readonly endOn: string | null;
  readonly entries: readonly Omit<LedgerEntry, "id" | "leaseId">[];
}

/** The same ledgers on every run; `SEED=7 npx vitest run test/sql` tries others. */
export const SEED = Number(process.env.SEED ?? 1);

const FIRST_MONTH = "2023-01-01";
const MONTHS = 20;

const month = fc.integer({ min: 0, max: MONTHS - 1 }).map((n) => addMonths(FIRST_MONTH, n));
const day = fc
  .record({ month, day: fc.oneof(fc.constantFrom(0, 4, 27, 28, 29, 30), fc.integer({ min: 0, max: 30 })) })
  .map((at) => addDays(at.month, at.day));
/** Few amounts, so that debts are often cleared exactly; some odd cents. */
const cents = fc.oneof(
  fc.constantFrom(1_000, 2_500, 5_000, 10_000, 30_000, 50_000),
  fc.integer({ min: 1, max: 90_000 }),
);
const component = fc.constantFrom<Component>("principal", "fee", "court_cost");
const blank = { dueOn: null, valueOn: null, component: null, termMonth: null, earmark: null } as const;

const debit = fc
  .record({
    kind: fc.constantFrom(
      ...[
        "fee",
        "fee",
        "fee",
        "court_cost",
        "court_cost",
        "repairs",
        "charges_adjustment",
        "rent_supplement",
      ],
      ...[
        "housing_benefit",
        "payment_rejected",
        "payment",
        "deposit",
        "adjustment",
        "opening_balance",
        "write_off",
      ],
    ),
    on: day,
    noticed: fc.integer({ min: 0, max: 40 }),
    cents,
    component,
    termMonth: fc.option(month),
  })
  .map(({ kind, on, noticed, cents, component, termMonth }) => ({
    ...blank,
    kind,
    bookedOn: on,
    dueOn: addDays(on, noticed),
    cents,
    component: kind === "fee" || kind === "court_cost" ? (kind as Component) : component,
    termMonth,
  }));

const credit = fc
  .record({
    kind: fc.constantFrom(
      ...[
        "payment",
        "payment",
        "payment",
        "payment",
        "guarantor_payment",
        "deposit",
        "housing_benefit",
        "rent_rebate",
      ],
      ...["fee", "court_cost", "rent", "charges_adjustment", "adjustment", "write_off", "opening_balance"],
    ),
    on: day,
    later: fc.integer({ min: -3, max: 10 }),
    dated: fc.boolean(),
    cents,
    component: fc.option(component),
    earmark: fc.option(component),
    termMonth: fc.option(month),
  })
  .map(({ kind, on, later, dated, cents, component, earmark, termMonth }) => ({
    ...blank,
    kind,
    bookedOn: addDays(on, later),
    valueOn: dated ? on : null,
    cents: -cents,
    component,
    earmark,
    termMonth,
  }));

/** A year or more of calls, payments on time, late, short, missing, and entries of every kind thrown in. */
export const story: fc.Arbitrary<Story> = fc
  .record({
    agency: fc.integer({ min: 0, max: 3 }),
    use: fc.constantFrom<Story["use"]>("residential", "residential", "residential", "parking"),
    start: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: MONTHS - 2 })),
    startDay: fc.constantFrom(0, 0, 14, 29),
    stay: fc.oneof(fc.constant(99), fc.integer({ min: 1, max: MONTHS })),
    rent: cents,
    charges: fc.option(cents),
    dueDay: fc.constantFrom(0, 4, 29, 30),
    inArrears: fc.boolean(),
    months: fc.array(
      fc.record({
        paid: fc.constantFrom("whole", "whole", "half", "twice", "nothing"),
        after: fc.integer({ min: -10, max: 45 }),
        benefit: fc.option(cents, { freq: 3 }),
        benefitAfter: fc.integer({ min: -5, max: 20 }),
        supplement: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 8 }),
      }),
      { minLength: MONTHS, maxLength: MONTHS },
    ),
    extras: fc.array(fc.oneof(debit, credit), { maxLength: 12 }),
  })
  .map(({ agency, use, start, startDay, stay, rent, charges, dueDay, inArrears, months, extras }) => {
    const startOn = addDays(addMonths(FIRST_MONTH, start), startDay);
    const lastMonth = addMonths(monthOf(startOn), stay);
    const endOn =
      start + stay < MONTHS ? addDays(addMonths(lastMonth, stay % 2), stay % 2 === 1 ? -1 : 19) : null;
    const entries: Omit<LedgerEntry, "id" | "leaseId">[] = [...extras];
    for (const [n, told] of months.entries()) {
      const termMonth = addMonths(FIRST_MONTH, n);
      if (termMonth < monthOf(startOn) || (endOn !== null && termMonth > endOn)) continue;
      const dueOn = addDays(inArrears ? addMonths(termMonth, 1) : termMonth, dueDay);
      const line = { ...blank, bookedOn: addDays(dueOn, -10), component: "principal" as const, termMonth };
      entries.push({ ...line, kind: "rent", dueOn, cents: rent });
      if (charges !== null) entries.push({ ...line, kind: "charges", dueOn, cents: charges });
      if (told.supplement !== null) {
        const supplementOn = addDays(dueOn, told.supplement);
        entries.push({ ...line, kind: "rent_supplement", dueOn: supplementOn, cents: 2_000 });
      }
      if (told.benefit !== null) {
        const valueOn = addDays(dueOn, told.benefitAfter);
        entries.push({ ...line, kind: "housing_benefit", component: null, valueOn, cents: -told.benefit });
      }
      const asked = Math.max(rent + (charges ?? 0) - (told.benefit ?? 0), 0);
      const paid = { whole: asked, half: Math.ceil(asked / 2), twice: 2 * asked, nothing: 0 }[told.paid];
      if (paid === 0) continue;
      const valueOn = addDays(dueOn, told.after);
      entries.push({ ...blank, kind: "payment", bookedOn: addDays(valueOn, 1), valueOn, cents: -paid });
    }
    return { agency, use, startOn, endOn, entries };
  });

/** The entries of a batch of stories, numbered; the n-th story is lease `L<n>`. */
export function entriesOf(stories: readonly Story[]): LedgerEntry[] {
  return stories.flatMap((told, n) =>
    told.entries.map((entry, i) => ({ ...entry, id: `E${n}-${i}`, leaseId: `L${n}` })),
  );
}

/** The contract's rows for a batch of stories and entries of theirs: agencies A0 and A1 in the north, A2 and A3 in the south. */
export function rowsOf(stories: readonly Story[], entries: readonly LedgerEntry[]): Rows {
  return {
    agency: [0, 1, 2, 3].map((n) => ({ id: `A${n}`, name: `Agence ${n}`, sector: n < 2 ? "Nord" : "Sud" })),
    dwelling: stories.map((told, n) => ({ id: `D${n}`, agency_id: `A${told.agency}`, use: told.use })),
    household: stories.map((_, n) => ({ id: `H${n}` })),
    lease: stories.map((told, n) => ({
      id: `L${n}`,
      household_id: `H${n}`,
      dwelling_id: `D${n}`,
      start_on: told.startOn,
      end_on: told.endOn,
    })),
    entry: entries.map((entry) => ({
      id: entry.id,
      lease_id: entry.leaseId,
      booked_on: entry.bookedOn,
      due_on: entry.dueOn,
      value_on: entry.valueOn,
      kind: entry.kind,
      component: entry.component,
      fee_kind: entry.kind === "fee" ? "other" : null,
      amount: (entry.cents / 100).toFixed(2),
      term_month: entry.termMonth,
      earmark: entry.earmark,
    })),
  };
}
