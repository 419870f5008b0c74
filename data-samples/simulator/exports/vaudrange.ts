import { firstDay, isoDate, isoMonth, monthOf } from "../calendar.ts";
import type { DelimitedFile, DelimitedShape, Delivery } from "../delivery.ts";
import type { DwellingRecord, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import {
  agencyCodeIn,
  balanceOf,
  digits,
  type Export,
  mapValues,
  pointAmount,
  type Vocabulary,
} from "./writing.ts";

const LISTING: DelimitedShape = {
  encoding: "utf-8 with mark",
  separator: "\t",
  lineEnd: "\n",
  gzip: true,
};
const LEDGER: DelimitedShape = { encoding: "utf-8", separator: "|", lineEnd: "\n", gzip: true };

/** Days at the end of a quarter that the next quarter's file repeats. */
const REPEATED_DAYS = 3;

const MOVEMENTS: Vocabulary = {
  rent: { code: "loyer", label: "Loyer" },
  charges: { code: "charges", label: "Charges" },
  rent_supplement: { code: "supplement", label: "Supplément de loyer" },
  charges_adjustment: { code: "regularisation", label: "Régularisation des charges\neau | chauffage" },
  housing_benefit: { code: "apl", label: "APL" },
  rent_rebate: { code: "rls", label: "RLS" },
  payment: { code: "paiement", label: "Paiement" },
  payment_rejected: { code: "impaye_bancaire", label: "Prélèvement revenu impayé" },
  guarantor_payment: { code: "caution", label: "Paiement de la caution" },
  deposit: { code: "depot", label: "Dépôt de garantie" },
  fee: { code: "frais", label: "Frais" },
  court_cost: { code: "depens", label: "Dépens" },
  repairs: { code: "reparations", label: 'Réparations dites "locatives"' },
  adjustment: { code: "correction", label: "Correction" },
  write_off: { code: "perte", label: "Créance irrécouvrable" },
  opening_balance: { code: "report", label: "Report" },
};

/**
 * Foyer Vaudrange: an in-house system that writes tabs (listings) and pipes (ledger), ISO dates, signed amounts with a
 * decimal point, UTF-8, all compressed, one ledger file a quarter, delivered ten days after it, which repeats the last
 * days of the quarter before.
 */
export class VaudrangeExport implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #dwellings: DelimitedFile;
  readonly #households: DelimitedFile;
  readonly #leases: DelimitedFile;
  readonly #terms: DelimitedFile;
  readonly #balances: DelimitedFile;
  readonly #ledgers = new Map<number, DelimitedFile>();
  readonly #labels: Readonly<Record<EntryRecord["kind"], string>>;
  repeatedRows = 0;

  constructor(delivery: Delivery, window: Window) {
    this.#window = window;
    const delivered = isoDate(window.asOf);
    const open = (name: string, header: readonly string[]) =>
      delivery.delimited(`vaudrange/${name}_${delivered}.tsv.gz`, LISTING, header);
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
    this.#leases = open("contrats", ["contrat", "menage", "logement", "debut", "fin", "delai"]);
    this.#terms = open("historique", ["contrat", "debut", "connu_le", "prelevement", "apl_directe"]);
    this.#balances = open("soldes", ["contrat", "arrete", "solde"]);
    for (let quarter = quarterOf(window.firstMonth); quarter <= quarterOf(window.lastMonth); quarter++) {
      const on = isoDate(Math.min(window.asOf, firstDay((quarter + 1) * 3) + 9));
      const name = `${Math.floor(quarter / 4)}t${(quarter % 4) + 1}`;
      const file = delivery.delimited(`vaudrange/mouvements_${name}_${on}.txt.gz`, LEDGER, [
        "contrat",
        "ligne",
        "date",
        "exigible",
        "valeur",
        "type",
        "libelle",
        "terme",
        "montant",
        "payeur",
        "moyen",
        "frais",
        "annule",
      ]);
      this.#ledgers.set(quarter, file);
    }
    const [ledger] = this.#ledgers.values();
    this.#labels = mapValues(MOVEMENTS, ({ label }) => ledger?.quote(label) ?? label);
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

  async finish(): Promise<void> {}

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
    for (const entry of lease.entries) this.#writeEntry(contract, entry);
    this.#balances.addFields([contract, isoDate(this.#window.asOf), pointAmount(balanceOf(lease))]);
  }

  #writeEntry(contract: string, entry: EntryRecord): void {
    const quarter = quarterOf(monthOf(entry.bookedOn));
    const row = `${contract}|${entry.rank}|${isoDate(entry.bookedOn)}|${
      entry.dueOn === null ? "" : isoDate(entry.dueOn)
    }|${entry.valueOn === null ? "" : isoDate(entry.valueOn)}|${MOVEMENTS[entry.kind].code}|${this.#labels[entry.kind]}|${
      entry.termMonth === null ? "" : isoMonth(entry.termMonth)
    }|${pointAmount(entry.cents)}|${entry.payer ?? ""}|${entry.channel ?? ""}|${entry.feeKind ?? ""}|${entry.reversalOf ?? ""}`;
    this.#ledgers.get(quarter)?.add(row);
    const next = this.#ledgers.get(quarter + 1);
    if (next && entry.bookedOn >= firstDay((quarter + 1) * 3) - REPEATED_DAYS) {
      next.add(row);
      this.repeatedRows++;
    }
  }
}

function flag(value: boolean): string {
  return value ? "1" : "0";
}

function quarterOf(month: number): number {
  return Math.floor(month / 3);
}
