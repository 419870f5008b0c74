import fc from "fast-check";
import { creditorReference } from "../../data-samples/simulator/exports/creditor-reference.ts";
import type { Rows } from "./insert-rows.ts";

/** A landlord's leases and a bank's receipts, with the lease that each receipt is truly for. */
export interface Receipts {
  readonly rows: Rows;
  /** By receipt: its lease; none when it is for a lease that the landlord's list lacks. */
  readonly truth: ReadonlyMap<string, string | null>;
}

/** A home left: the account that paid for it, its reference, the month from which its payer may live elsewhere. */
interface Left {
  readonly account: string;
  readonly reference: string;
  readonly month: number;
}

const MONTHS = 18;

/** Rents are few, so that many leases are asked alike. */
const RENTS = [45, 45.5, 450, 450, 450.25, 480];

const tenancy = fc.record({
  rent: fc.nat(RENTS.length - 1),
  rises: fc.boolean(),
  /** Who pays: the household's own account, that of the lease before (a parent, a spouse), or of one that has ended. */
  payer: fc.constantFrom("own", "own", "own", "lease before", "moved"),
  household: fc.constantFrom("own", "own", "own", "lease before"),
  endsAfter: fc.option(fc.integer({ min: 4, max: 14 }), { freq: 4 }),
  isKnownAccount: fc.boolean(),
  isListed: fc.integer({ min: 0, max: 7 }).map((number) => number > 0),
  writes: fc.constantFrom("right", "right", "right", "sometimes", "never"),
});

const month = fc.record({
  pays: fc.constantFrom("asked", "asked", "asked", "asked", "part", "round", "nothing"),
  part: fc.integer({ min: 10, max: 440 }),
  day: fc.integer({ min: 1, max: 28 }),
  reference: fc.constantFrom("right", "right", "right", "none", "typo", "cut", "old", "spaced"),
  place: fc.integer({ min: 4, max: 11 }),
  step: fc.integer({ min: 1, max: 9 }),
});

/**
 * Leases asked alike, accounts that pay for two, payers who moved and keep their old reference, references mistyped, cut
 * or missing, and leases that the landlord's list lacks: all that may lead a receipt astray.
 */
export const receipts: fc.Arbitrary<Receipts> = fc
  .array(fc.tuple(tenancy, fc.array(month, { minLength: MONTHS, maxLength: MONTHS })), {
    minLength: 8,
    maxLength: 24,
  })
  .map((drawn) => {
    const leases: Record<string, string | null>[] = [];
    const references: Record<string, string | null>[] = [];
    const entries: Record<string, string | null>[] = [];
    const bank: Record<string, string | null>[] = [];
    const truth = new Map<string, string | null>();
    let before = { household: "", account: "", reference: "" };
    let left: Left | null = null;
    for (const [index, [ways, months]] of drawn.entries()) {
      const id = `L${index}`;
      const reference = creditorReference(40_000_101 + index * 100);
      const household =
        ways.household === "lease before" && before.household ? before.household : `H${index}`;
      const moved: Left | null = ways.payer === "moved" ? left : null;
      const mayKeepOld = ways.isListed && ways.writes === "right";
      if (moved) left = null;
      const account: string =
        moved?.account ??
        (ways.payer === "lease before" && before.account ? before.account : `FR76999990000${1000 + index}`);
      const from = moved ? moved.month : 0;
      const to = Math.min(MONTHS, ways.endsAfter === null ? MONTHS : Math.max(from + 1, ways.endsAfter));
      if (ways.isListed) {
        leases.push({
          id,
          household_id: household,
          start_on: dayOf(from, 1),
          end_on: to < MONTHS ? dayOf(to, 28) : null,
        });
        references.push({ kind: "reference", reference, lease_id: id });
        if (ways.isKnownAccount && ways.payer === "own") {
          references.push({ kind: "payer_account", reference: account, lease_id: id });
        }
      }
      for (const [at, told] of months.entries()) {
        if (at < from || at > to) continue;
        const rent = (RENTS[ways.rent] ?? 0) * (ways.rises && Math.min(at, to - 1) > 9 ? 1.02 : 1);
        if (ways.isListed && at < to) {
          const due = dayOf(at, 5);
          entries.push({
            id: `${id}-${at}`,
            lease_id: id,
            booked_on: due,
            due_on: due,
            kind: "rent",
            component: "principal",
            amount: rent.toFixed(2),
          });
        }
        if (told.pays === "nothing") continue;
        const amount =
          told.pays === "asked" ? rent : told.pays === "part" ? told.part : Math.ceil(rent / 50) * 50;
        // Part of a rent, with the reference of a home left that still owes, nobody could tell from a debt paid.
        const keepsOld = mayKeepOld && told.pays === "asked";
        const silent = ways.writes === "never" || (ways.writes === "sometimes" && told.part % 2 === 0);
        const receipt = `${id}/${at}`;
        bank.push({
          id: receipt,
          account: "0417",
          booked_on: dayOf(at, told.day),
          value_on: dayOf(at, told.day),
          amount: amount.toFixed(2),
          channel: "transfer",
          reference: silent
            ? "LOYER"
            : written(told, reference, keepsOld ? (moved?.reference ?? null) : null),
          payer_account: account,
        });
        truth.set(receipt, ways.isListed ? id : null);
      }
      before = { household, account, reference };
      if (to < MONTHS - 2) left = { account, reference, month: to + 1 };
    }
    return {
      rows: { lease: leases, bank_reference: references, entry: entries, bank_receipt: bank },
      truth,
    };
  });

function written(
  { reference: how, place, step }: { reference: string; place: number; step: number },
  right: string,
  old: string | null,
): string {
  switch (how) {
    case "none":
      return "LOYER";
    case "typo":
      return `${right.slice(0, place)}${(Number(right[place]) + step) % 10}${right.slice(place + 1)}`;
    case "cut":
      return right.slice(0, -((place % 4) + 1));
    case "old":
      return old ?? right;
    case "spaced":
      return `loyer ${right.toLowerCase().replaceAll(/(.{4})(?=.)/g, "$1 ")} merci`;
    default:
      return right;
  }
}

/** A day of the `month`th month from January 2024. */
function dayOf(month: number, day: number): string {
  return new Date(Date.UTC(2024, month, day)).toISOString().slice(0, 10);
}
