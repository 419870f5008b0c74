import { type Day, dayOf, firstDay, frenchMonth, monthOf, yearOf } from "../calendar.ts";
import type { Delivery } from "../delivery.ts";
import type { EntryKind, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import { LIMITS } from "../parameters.ts";
import type { Window } from "../window.ts";
import { type Account, FecYear, type Journal, type TenantAccount } from "./fec.ts";
import { type Letter, letterEntries } from "./lettering.ts";
import { compactDate, isDeparted } from "./writing.ts";

/** An invented company number: its check digit is wrong, so that it can be nobody's. */
const SIREN = "480517263";

interface Way {
  readonly journal: Journal;
  readonly wording: string;
  /** The account that balances the tenant's; what is paid takes that of its channel. */
  readonly counterpart: Account;
}

const WAYS: Readonly<Record<EntryKind, Way>> = {
  rent: { journal: "VE", wording: "LOYER", counterpart: "704300" },
  charges: { journal: "VE", wording: "PROVISION CHARGES", counterpart: "703000" },
  rent_supplement: { journal: "VE", wording: "SLS", counterpart: "704200" },
  charges_adjustment: { journal: "VE", wording: "REGUL CHARGES", counterpart: "703000" },
  rent_rebate: { journal: "VE", wording: "RLS", counterpart: "704900" },
  housing_benefit: { journal: "BQ", wording: "APL", counterpart: "512000" },
  payment: { journal: "BQ", wording: "REGLEMENT", counterpart: "512000" },
  payment_rejected: { journal: "BQ", wording: "REJET", counterpart: "512000" },
  guarantor_payment: { journal: "BQ", wording: "VERSEMENT CAUTION", counterpart: "512000" },
  deposit: { journal: "OD", wording: "RESTITUTION DEPOT GARANTIE", counterpart: "165000" },
  fee: { journal: "VE", wording: "FRAIS RELANCE", counterpart: "708800" },
  court_cost: { journal: "OD", wording: "DEPENS", counterpart: "622700" },
  repairs: { journal: "VE", wording: "REPARATIONS LOCATIVES", counterpart: "708800" },
  adjustment: { journal: "OD", wording: "REGULARISATION COMPTE", counterpart: "471000" },
  write_off: { journal: "OD", wording: "ANV CREANCE IRRECOUVRABLE", counterpart: "654100" },
  opening_balance: { journal: "AN", wording: "A NOUVEAU", counterpart: "890000" },
};
const REJECTION_FEE = "FRAIS REJET";
const CHANNELS = {
  direct_debit: { wording: "PRLV", counterpart: "512000" },
  transfer: { wording: "VIR", counterpart: "512000" },
  card: { wording: "CB", counterpart: "511500" },
  cheque: { wording: "CHQ", counterpart: "511200" },
  cash: { wording: "ESP", counterpart: "530000" },
} as const;
const PAYERS = { tenant: "LOCATAIRE", caf: "CAF", fsl: "FSL", guarantor: "GARANT" } as const;
/** What falls due with the call of its term: on the day that the lease list tells, the month after. */
const CALLED: ReadonlySet<EntryKind> = new Set([
  "rent",
  "charges",
  "rent_supplement",
  "charges_adjustment",
  "rent_rebate",
]);

/** One day's delivery: what the accountants knew of the ledger then, and the fiscal years that they gave. */
interface GivenLedger {
  readonly knownUntil: Day;
  readonly corrected: boolean;
  readonly years: ReadonlyMap<number, FecYear>;
}

/**
 * Vaudrange's ledger as a FEC. The history comes a month before the end, every year so far; with the rest, on the as-of
 * date, come the current year, entire again, and the year before it, whose last cheques have been mended since.
 * Software changed with the year before the current one: tabs and ISO-8859-15 until then, bars and UTF-8 after.
 */
export class VaudrangeLedger {
  readonly #window: Window;
  readonly #firstYear: number;
  readonly #closedYear: number;
  readonly #historyKnownUntil: Day;
  readonly #given: readonly GivenLedger[];

  constructor(delivery: Delivery, drafts: Delivery, window: Window) {
    this.#window = window;
    this.#firstYear = yearOf(window.firstMonth);
    this.#closedYear = yearOf(window.lastMonth) - 1;
    this.#historyKnownUntil = dayOf(window.lastMonth - 1, LIMITS.asOfDay);
    const give = (from: number, knownUntil: Day, corrected: boolean): GivenLedger => {
      const years = new Map<number, FecYear>();
      for (let year = Math.max(from, this.#firstYear); year <= yearOf(monthOf(knownUntil)); year++) {
        const recent = year >= this.#closedYear;
        years.set(
          year,
          new FecYear(
            delivery,
            drafts,
            `vaudrange/${SIREN}FEC${year}1231_${compactDate(knownUntil)}.txt`,
            recent ? { encoding: "utf-8", separator: "|" } : { encoding: "iso-8859-15", separator: "\t" },
          ),
        );
      }
      return { knownUntil, corrected, years };
    };
    const entire = give(this.#closedYear, window.asOf, true);
    const hasHistory = this.#historyKnownUntil >= window.start;
    this.#given = hasHistory ? [give(this.#firstYear, this.#historyKnownUntil, false), entire] : [entire];
  }

  /** Adds all that a lease's account shows, in every year and delivery. */
  write(contract: string, lease: LeaseRecord): void {
    const name = lineText(lease.household.contact.name);
    const mendedOn = this.#historyKnownUntil + 10;
    const letters = letterEntries(lease.entries, (entry) =>
      this.#mistake(lease, entry) === "none" ? entry.bookedOn : Math.max(entry.bookedOn, mendedOn),
    );
    for (const given of this.#given) this.#writeAccount(contract, name, lease, letters, given);
  }

  /** Puts every year in the order of its dates. */
  async finish(): Promise<void> {
    for (const { years } of this.#given) {
      for (const year of years.values()) await year.finish();
    }
  }

  #writeAccount(
    contract: string,
    name: string,
    lease: LeaseRecord,
    letters: ReadonlyMap<number, Letter>,
    { knownUntil, corrected, years }: GivenLedger,
  ): void {
    const byYear = new Array<number>(yearOf(this.#window.lastMonth) - this.#firstYear + 1).fill(0);
    let owedAtEnd = 0;
    for (const entry of lease.entries) {
      const mistake = corrected ? "none" : this.#mistake(lease, entry);
      if (entry.bookedOn > knownUntil || mistake === "missing") continue;
      const cents = mistake === "mistyped" ? mistyped(entry.cents) : entry.cents;
      const year = yearOf(monthOf(entry.bookedOn));
      byYear[year - this.#firstYear] = (byYear[year - this.#firstYear] ?? 0) + cents;
      const account = tenantAccount(lease, entry);
      if (account === "411000") owedAtEnd += cents;
      const letter = letters.get(entry.rank);
      years.get(year)?.add(
        {
          journal: WAYS[entry.kind].journal,
          bookedOn: entry.bookedOn,
          account,
          tenant: contract,
          tenantName: name,
          piece: `${contract}-${entry.rank}`,
          pieceDate: CALLED.has(entry.kind)
            ? entry.bookedOn
            : (entry.dueOn ?? entry.valueOn ?? entry.bookedOn),
          wording: wordingOf(contract, entry),
          cents,
          letter: letter !== undefined && letter.on <= knownUntil ? letter : null,
        },
        counterpartOf(entry),
      );
    }

    const transferOn = lease.end === null ? null : lease.end + 1;
    if (transferOn !== null && transferOn <= knownUntil && owedAtEnd !== 0) {
      const transfer = {
        journal: "OD",
        bookedOn: transferOn,
        tenant: contract,
        tenantName: name,
        piece: `${contract}-SORTIE`,
        pieceDate: transferOn,
        wording: "VIREMENT 411/416 LOCATAIRE SORTI",
        letter: null,
      } as const;
      const year = years.get(yearOf(monthOf(transferOn)));
      year?.add({ ...transfer, account: "411000", cents: -owedAtEnd }, null);
      year?.add({ ...transfer, account: "416000", cents: owedAtEnd }, null);
    }

    let owed = 0;
    for (const [index, cents] of byYear.entries()) {
      const opens = firstDay((this.#firstYear + index) * 12);
      if (index > 0 && owed !== 0) {
        years.get(this.#firstYear + index)?.add(
          {
            journal: "AN",
            bookedOn: opens,
            account: transferOn !== null && transferOn < opens ? "416000" : "411000",
            tenant: contract,
            tenantName: name,
            piece: `${contract}-AN${this.#firstYear + index}`,
            pieceDate: opens,
            wording: WAYS.opening_balance.wording,
            cents: owed,
            letter: null,
          },
          WAYS.opening_balance.counterpart,
        );
      }
      owed += cents;
    }
  }

  /** What the closed year's first export got wrong: of three cheques of its last quarter one is missing, one mistyped. */
  #mistake(lease: LeaseRecord, entry: EntryRecord): "none" | "missing" | "mistyped" {
    if (entry.kind !== "payment" || entry.channel !== "cheque" || entry.cents > 0) return "none";
    const month = monthOf(entry.bookedOn);
    if (yearOf(month) !== this.#closedYear || month % 12 < 9) return "none";
    const third = (lease.id + entry.rank) % 3;
    return third === 0 ? "missing" : third === 1 ? "mistyped" : "none";
  }
}

/** The account that an entry stands on: departed tenants have theirs. */
export function tenantAccount(lease: LeaseRecord, entry: EntryRecord): TenantAccount {
  return isDeparted(lease, entry) ? "416000" : "411000";
}

/** What an entry is, how and by whom it was paid, why the bank refused it, its term and the piece that it takes back. */
function wordingOf(contract: string, entry: EntryRecord): string {
  let words = entry.feeKind === "rejection" ? REJECTION_FEE : WAYS[entry.kind].wording;
  if (entry.channel !== null) words += ` ${CHANNELS[entry.channel].wording}`;
  if (entry.payer !== null) words += ` ${PAYERS[entry.payer]}`;
  if (entry.rejection !== null) words += ` ${entry.rejection}`;
  if (entry.termMonth !== null) words += ` ${frenchMonth(entry.termMonth)}`;
  if (entry.reversalOf !== null) words += ` S/ ${contract}-${entry.reversalOf}`;
  return words;
}

function counterpartOf(entry: EntryRecord): Account {
  const { journal, counterpart } = WAYS[entry.kind];
  return journal === "BQ" && entry.channel !== null ? CHANNELS[entry.channel].counterpart : counterpart;
}

/** The same amount with its last two figures of euros the wrong way round. */
function mistyped(cents: number): number {
  const euros = Math.floor(Math.abs(cents) / 100);
  const swapped = euros - (euros % 100) + (euros % 10) * 10 + Math.floor((euros % 100) / 10);
  return Math.sign(cents) * (swapped * 100 + (Math.abs(cents) % 100));
}

/** A name as one field of a FEC, which knows neither quotes nor escapes. */
function lineText(text: string): string {
  return text
    .replaceAll(/[\t|\r\n]+/g, " ")
    .replaceAll("’", "'")
    .toUpperCase();
}
