import { isoDate, isoMonth, monthOf } from "../calendar.ts";
import type { DelimitedFile, DelimitedShape, Delivery } from "../delivery.ts";
import type { DwellingRecord, LeaseRecord } from "../landlord-records.ts";
import { LANDLORDS } from "../parameters.ts";
import type { Window } from "../window.ts";
import type { TenantAccount } from "./fec.ts";
import { tenantAccount, VaudrangeLedger } from "./vaudrange-ledger.ts";
import { agencyCodeIn, balanceOf, digits, type Export, pointAmount } from "./writing.ts";

const LISTING: DelimitedShape = {
  encoding: "utf-8 with mark",
  separator: "\t",
  lineEnd: "\n",
  gzip: true,
};

/**
 * Foyer Vaudrange: an accounting department that gives its ledger as a FEC, one file a fiscal year, and beside it what
 * a FEC does not tell, from an in-house system: listings with tabs, ISO dates and a decimal point, UTF-8, compressed.
 * The day on which calls fall due stands in the lease list only.
 */
export class VaudrangeExport implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #dwellings: DelimitedFile;
  readonly #households: DelimitedFile;
  readonly #leases: DelimitedFile;
  readonly #terms: DelimitedFile;
  readonly #balances: DelimitedFile;
  readonly #accountMonths: DelimitedFile;
  readonly #ledger: VaudrangeLedger;
  readonly #totals: Readonly<Record<TenantAccount, { debit: number; credit: number }[]>>;

  /** `drafts` is a place for ledger lines that wait to be put in the order of their dates. */
  constructor(delivery: Delivery, drafts: Delivery, window: Window) {
    this.#window = window;
    const open = (name: string, header: readonly string[]) =>
      delivery.delimited(`vaudrange/${name}_${isoDate(window.asOf)}.tsv.gz`, LISTING, header);
    this.#dwellings = open("logements", [
      "logement",
      "agence",
      "usage",
      "type",
      "surface",
      "immeuble",
      "annee",
      "vacant",
    ]);
    this.#households = open("menages", [
      "menage",
      "personnes",
      "adultes",
      "enfants",
      "tranche",
      "revenu",
      "accord_numerique",
      "canal",
    ]);
    this.#leases = open("contrats", [
      "contrat",
      "menage",
      "logement",
      "debut",
      "fin",
      "delai",
      "jour_echeance",
    ]);
    this.#terms = open("historique", ["contrat", "debut", "connu_le", "prelevement", "apl_directe"]);
    this.#balances = open("soldes", ["contrat", "arrete", "solde"]);
    this.#accountMonths = open("mouvements_comptes", ["compte", "mois", "debit", "credit"]);
    this.#ledger = new VaudrangeLedger(delivery, drafts, window);
    const months = window.lastMonth - window.firstMonth + 1;
    const noTotals = () => Array.from({ length: months }, () => ({ debit: 0, credit: 0 }));
    this.#totals = { "411000": noTotals(), "416000": noTotals() };
  }

  write(dwelling: DwellingRecord): void {
    const place = `VL${digits(dwelling.number, 6)}`;
    this.#dwellings.addFields([
      place,
      dwelling.agency.recoded && dwelling.use === "residential"
        ? agencyCodeIn(dwelling.agency, this.#window.lastMonth, this.#window)
        : dwelling.agency.code,
      dwelling.use,
      dwelling.type ?? "",
      dwelling.surface === null ? "" : `${Math.floor(dwelling.surface / 10)}.${dwelling.surface % 10}`,
      dwelling.building ?? "",
      `${dwelling.constructionYear}`,
      flag(dwelling.vacant),
    ]);
    for (const lease of dwelling.leases) this.#writeLease(place, lease);
  }

  async finish(): Promise<void> {
    for (const [account, months] of Object.entries(this.#totals)) {
      months.forEach(({ debit, credit }, index) => {
        if (debit === 0 && credit === 0) return;
        const month = isoMonth(this.#window.firstMonth + index);
        this.#accountMonths.addFields([account, month, pointAmount(debit), pointAmount(credit)]);
      });
    }
    await this.#ledger.finish();
  }

  #writeLease(place: string, lease: LeaseRecord): void {
    const { household } = lease;
    const contract = digits(lease.id, 8);
    const menage = `M${digits(household.id, 8)}`;
    if (household.id === lease.id) {
      this.#households.addFields([
        menage,
        `${household.size}`,
        `${household.adults}`,
        `${household.children}`,
        `${household.incomeBand}`,
        pointAmount(household.referenceIncome),
        flag(household.digitalConsent),
        household.preferredChannel,
      ]);
    }
    this.#leases.addFields([
      contract,
      menage,
      place,
      isoDate(lease.start),
      lease.end === null ? "" : isoDate(lease.end),
      lease.noticeClauseDays === null ? "" : `${lease.noticeClauseDays}`,
      `${LANDLORDS.vaudrange.dueDay}`,
    ]);
    for (const terms of lease.terms) {
      this.#terms.addFields([
        contract,
        isoDate(terms.validFrom),
        isoDate(terms.knownOn),
        flag(terms.directDebit),
        flag(terms.benefitToLandlord),
      ]);
    }
    this.#ledger.write(contract, lease);
    for (const entry of lease.entries) {
      const total =
        this.#totals[tenantAccount(lease, entry)][monthOf(entry.bookedOn) - this.#window.firstMonth];
      if (total === undefined) continue;
      if (entry.cents > 0) total.debit += entry.cents;
      else total.credit -= entry.cents;
    }
    this.#balances.addFields([contract, isoDate(this.#window.asOf), pointAmount(balanceOf(lease))]);
  }
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}
