import type { EntryRecord, HouseholdRecord, LeaseRecord } from "../landlord-records.ts";
import { bankText } from "./cfonb120.ts";
import { creditorReference } from "./creditor-reference.ts";
import { KeyedStream } from "./keyed-stream.ts";
import { digits } from "./writing.ts";

/** How a household tells the bank what it pays for. */
type Habit = "exact" | "spaced" | "in a sentence" | "often nothing" | "never";

/** Shares and probabilities of what stands in bank files: presentation only, no payment depends on them. */
const WAYS = {
  habit: { exact: 0.52, spaced: 0.14, "in a sentence": 0.26, "often nothing": 0.05, never: 0.03 },
  oftenNothing: 0.6,
  mistyped: 0.008,
  cutOff: 0.01,
  forgotten: 0.012,
  /** Cheques and cash bear what the counter wrote down. */
  counterForgot: 0.012,
  counterMistyped: 0.006,
  secondAccount: 0.09,
  fromSecondAccount: 0.3,
  /** Share of leases paid for by whoever pays for the lease before. */
  paidByAParent: 0.012,
  /** Share of homes whose household, as the bank sees it, left another home of the landlord a month before. */
  moved: 0.35,
  oldReferenceFor: 2,
  oldReference: 0.3,
  namedAlike: 0.01,
  /** Share of households whose account the landlord knows, and of those who never write anything: it had to ask. */
  knownAccount: 0.55,
  knownAccountOfSilent: 0.9,
  /** Share of rejected collections that never reached the account. */
  refusedBeforeSettlement: 0.25,
} as const;

/** Who pays for a lease, as the bank sees it. */
export interface Payer {
  readonly lease: LeaseRecord;
  readonly reference: string;
  readonly mandate: string;
  readonly name: string;
  /** The accounts that pay, the usual one first. */
  readonly accounts: readonly [string, ...string[]];
  /** The landlord knows the usual account. */
  readonly isKnown: boolean;
  /** The reference of the home left before, used by mistake for the first payments. */
  readonly oldReference: string | null;
  readonly habit: Habit;
}

/** What the bank tells of one receipt. */
export interface ToldReceipt {
  readonly name: string;
  /** Empty for cheques and cash. */
  readonly account: string;
  readonly remittance: string;
}

interface Departure {
  readonly end: number;
  readonly accounts: readonly [string, ...string[]];
  readonly reference: string;
}

const DEPARTURES_KEPT = 60;
const FUND = "FR7699999000010000000000101";

/**
 * Who pays, from which account, with which words. Everything is drawn from streams of its own, keyed by seed, lease and
 * rank; leases are told in the order in which they are written.
 */
export class Payers {
  readonly #seed: number;
  readonly #departures: Departure[] = [];
  #before: Payer | null = null;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Who pays for the lease; `number` is the lease's in the landlord's files. */
  of(lease: LeaseRecord, number: number): Payer {
    const { household } = lease;
    const draw = this.#stream(household.id, 0, 1);
    const own: [string, ...string[]] = [accountOf(draw)];
    if (draw.chance(WAYS.secondAccount)) own.push(accountOf(draw));
    const habit = draw.choose(WAYS.habit);
    const isKnown = draw.chance(habit === "never" ? WAYS.knownAccountOfSilent : WAYS.knownAccount);
    const leaseDraw = this.#stream(lease.id, 0, 2);
    const before = this.#before;
    const byParent =
      leaseDraw.chance(WAYS.paidByAParent) && before !== null && before.lease.household.id !== household.id;
    const moved = leaseDraw.chance(WAYS.moved) ? this.#departureBefore(lease) : undefined;
    const reference = creditorReference(number);
    const payer: Payer = {
      lease,
      reference,
      mandate: `SAUVELLE-${digits(number, 9)}-${digits(leaseDraw.integer(0, 99), 2)}`,
      name: leaseDraw.chance(WAYS.namedAlike) && before !== null ? before.name : nameOf(household),
      accounts: moved?.accounts ?? (byParent ? before.accounts : own),
      isKnown: isKnown && !byParent,
      oldReference: moved !== undefined && leaseDraw.chance(WAYS.oldReference) ? moved.reference : null,
      habit: byParent && leaseDraw.chance(0.3) ? "never" : habit,
    };
    this.#before = payer;
    if (lease.end !== null) {
      this.#departures.push({ end: lease.end, accounts: payer.accounts, reference });
      if (this.#departures.length > DEPARTURES_KEPT) this.#departures.shift();
    }
    return payer;
  }

  /** What the bank tells of a receipt; `earlier` is how many the payer has sent before. */
  tell(payer: Payer, entry: EntryRecord, earlier: number): ToldReceipt {
    const draw = this.#stream(payer.lease.id, entry.rank, 3);
    if (entry.payer === "fsl") {
      return {
        name: "DEPARTEMENT FONDS SOLIDARITE LOGEMENT",
        account: FUND,
        remittance: `FSL AIDE ${payer.reference} ${payer.name}`,
      };
    }
    if (entry.payer === "guarantor") {
      const account = accountOf(this.#stream(payer.lease.id, 0, 4));
      return {
        name: `${payer.name} CAUTION`,
        account,
        remittance: this.#words(payer, payer.reference, draw),
      };
    }
    if (entry.channel === "cheque" || entry.channel === "cash") {
      const written = draw.chance(WAYS.counterForgot)
        ? ""
        : draw.chance(WAYS.counterMistyped)
          ? mistyped(payer.reference, draw)
          : payer.reference;
      return { name: payer.name, account: "", remittance: written };
    }
    const second = payer.accounts[1];
    const account = second !== undefined && draw.chance(WAYS.fromSecondAccount) ? second : payer.accounts[0];
    const old = payer.oldReference !== null && earlier < WAYS.oldReferenceFor ? payer.oldReference : null;
    return {
      name: payer.name,
      account,
      remittance: this.#words(payer, old ?? payer.reference, draw),
    };
  }

  /** Whether a collection that came back was refused before it ever reached the account. */
  refusedBeforeSettlement(lease: LeaseRecord, entry: EntryRecord): boolean {
    return this.#stream(lease.id, entry.rank, 5).chance(WAYS.refusedBeforeSettlement);
  }

  #words(payer: Payer, reference: string, draw: KeyedStream): string {
    const silent =
      payer.habit === "never" ||
      (payer.habit === "often nothing" && draw.chance(WAYS.oftenNothing)) ||
      draw.chance(WAYS.forgotten);
    if (silent) return draw.choose({ LOYER: 0.6, "VIREMENT LOYER": 0.2, "": 0.2 });
    if (draw.chance(WAYS.cutOff)) return `loyer ${reference.slice(0, -draw.integer(1, 4))}`;
    const written = draw.chance(WAYS.mistyped) ? mistyped(reference, draw) : reference;
    switch (payer.habit) {
      case "spaced":
        return written.replaceAll(/(.{4})(?=.)/g, "$1 ");
      case "in a sentence":
        return `Loyer ${written.toLowerCase()} merci, ${payer.name}`;
      default:
        return written;
    }
  }

  #departureBefore({ start }: LeaseRecord): Departure | undefined {
    const at = this.#departures.findIndex(({ end }) => end > start - 40 && end <= start + 5);
    return at < 0 ? undefined : this.#departures.splice(at, 1)[0];
  }

  #stream(lease: number, rank: number, purpose: number): KeyedStream {
    return new KeyedStream(this.#seed, lease, rank, purpose);
  }
}

/** One character changed, two swapped, or one left out. */
function mistyped(reference: string, draw: KeyedStream): string {
  const place = draw.integer(4, reference.length - 2);
  const [one = "", two = ""] = reference.slice(place, place + 2);
  const how = draw.choose({ changed: 0.5, swapped: 0.3, left: 0.2 });
  if (how === "left") return reference.slice(0, place) + reference.slice(place + 1);
  const changed = String((Number(one) + draw.integer(1, 9)) % 10);
  const middle = how === "swapped" && one !== two ? two + one : changed + two;
  return reference.slice(0, place) + middle + reference.slice(place + 2);
}

/** An account of a bank that does not exist. */
function accountOf(draw: KeyedStream): string {
  return `FR7699999${digits(draw.integer(0, 99_999), 5)}${digits(draw.integer(0, 99_999), 5)}${digits(draw.integer(0, 999_999), 6)}${digits(draw.integer(0, 99), 2)}`;
}

function nameOf({ contact }: HouseholdRecord): string {
  return bankText(contact.name).slice(0, 35).trim();
}
