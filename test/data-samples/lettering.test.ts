import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { letterEntries } from "../../data-samples/simulator/exports/lettering.ts";
import type { EntryKind, EntryRecord } from "../../data-samples/simulator/landlord-records.ts";

const JANUARY = 2024 * 12;

describe("entries that clear one another bear one letter, put on the day of the last of them", () => {
  test("a term, net of its aid, with the payment of just that amount", () => {
    const entries = [
      entry(1, "rent", 500, { on: 10, term: JANUARY }),
      entry(2, "charges", 80, { on: 10, term: JANUARY }),
      entry(3, "housing_benefit", -200, { on: 32, term: JANUARY }),
      entry(4, "payment", -50, { on: 33 }),
      entry(5, "payment", -380, { on: 35 }),
    ];
    expect(lettersOf(entries)).toEqual(["AAA 35", "AAA 35", "AAA 35", null, "AAA 35"]);
  });

  test("a payment with its rejection, then oldest against oldest wherever the sums meet", () => {
    const entries = [
      entry(1, "rent", 500, { on: 10 }),
      entry(2, "payment", -500, { on: 32 }),
      entry(3, "payment_rejected", 500, { on: 36, reversalOf: 2 }),
      entry(4, "payment", -300, { on: 40 }),
      entry(5, "payment", -200, { on: 50 }),
      entry(6, "rent", 500, { on: 41 }),
    ];
    expect(lettersOf(entries)).toEqual(["AAB 50", "AAA 36", "AAA 36", "AAB 50", "AAB 50", null]);
  });
});

test("whatever the account: a letter sums to nothing and is never put before its entries are known", () => {
  const amount = fc.constantFrom(-700, -500, -200, 200, 500, 700);
  const line = fc.record({ cents: amount, on: fc.integer({ min: 0, max: 90 }), undoes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const entries = lines.map(({ cents, on, undoes }, index) =>
        entry(index + 1, cents > 0 ? "rent" : "payment", cents, {
          on,
          term: cents > 0 ? JANUARY + (on % 3) : null,
          reversalOf: undoes && index > 0 ? index : null,
        }),
      );
      const letters = letterEntries(entries, ({ bookedOn }) => bookedOn + 2);
      const sums = new Map<string, number>();
      for (const { rank, cents, bookedOn } of entries) {
        const letter = letters.get(rank);
        if (letter === undefined) continue;
        expect(letter.on).toBeGreaterThanOrEqual(bookedOn + 2);
        sums.set(letter.code, (sums.get(letter.code) ?? 0) + cents);
      }
      expect([...sums.values()].filter((sum) => sum !== 0)).toEqual([]);
    }),
  );
});

function lettersOf(entries: readonly EntryRecord[]): (string | null)[] {
  const letters = letterEntries(entries, ({ bookedOn }) => bookedOn);
  return entries.map(({ rank }) => {
    const letter = letters.get(rank);
    return letter === undefined ? null : `${letter.code} ${letter.on}`;
  });
}

function entry(
  rank: number,
  kind: EntryKind,
  cents: number,
  { on, term = null, reversalOf = null }: { on: number; term?: number | null; reversalOf?: number | null },
): EntryRecord {
  return {
    rank,
    kind,
    feeKind: null,
    rejection: null,
    cents,
    bookedOn: on,
    dueOn: cents > 0 ? on : null,
    valueOn: cents > 0 ? null : on,
    termMonth: term,
    payer: null,
    channel: null,
    reversalOf,
  };
}
