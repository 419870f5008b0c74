import { firstDay, frenchDate, frenchMonth, type Month, monthOf, yearOf } from "../calendar.ts";
import type { DelimitedFile, DelimitedShape, Delivery } from "../delivery.ts";
import type { DwellingRecord, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import {
  agencyCodeIn,
  balanceOf,
  commaAmount,
  compactDate,
  digits,
  type Export,
  isDeparted,
  mapValues,
  type Vocabulary,
} from "./writing.ts";

const OLD: DelimitedShape = { encoding: "windows-1252", separator: ";", lineEnd: "\r\n" };
const NEW: DelimitedShape = { encoding: "utf-8 with mark", separator: ";", lineEnd: "\r\n" };
/** Every so many leases, the list has one twice. */
const LEASE_LISTED_TWICE = 499;
const NO_BREAK_SPACE = "\u00A0";

const OPERATIONS: Vocabulary = {
  rent: { code: "LOY", label: "Loyer principal" },
  charges: { code: "CHG", label: "Provision pour charges" },
  rent_supplement: { code: "SLS", label: "Supplément de loyer de solidarité" },
  charges_adjustment: { code: "RGC", label: "Régularisation de charges ; eau, chauffage" },
  housing_benefit: { code: "APL", label: "Aide au logement" },
  rent_rebate: { code: "RLS", label: "Réduction de loyer de solidarité" },
  payment: { code: "ENC", label: "Encaissement" },
  payment_rejected: { code: "REJ", label: "Rejet de prélèvement" },
  guarantor_payment: { code: "ENG", label: "Versement du garant" },
  deposit: { code: "DGA", label: "Dépôt de garantie" },
  fee: { code: "FRA", label: "Frais de relance" },
  court_cost: { code: "DEP", label: 'Dépens "commandement de payer"' },
  repairs: { code: "REP", label: "Réparations locatives" },
  adjustment: { code: "OD", label: "Opération diverse" },
  write_off: { code: "ANV", label: "Admission en non-valeur" },
  opening_balance: { code: "AN", label: "À-nouveau" },
};
const PAYERS = { tenant: "Locataire", caf: "CAF", fsl: "FSL", guarantor: "Garant" } as const;
const CHANNELS = {
  direct_debit: "Prélèvement",
  transfer: "Virement",
  card: "Carte",
  cheque: "Chèque",
  cash: "Espèces",
} as const;
const PREFERENCES = {
  letter: "Courrier",
  email: "Courriel",
  sms: "SMS",
  phone: "Téléphone",
  visit: "Visite",
} as const;
const USES = {
  residential: "Logement",
  parking: "Stationnement",
  garage: "Garage",
  commercial: "Commerce",
} as const;

/** Tenants present and departed tenants. */
type Account = "411000" | "416000";

interface AccountMonth {
  readonly month: Month;
  debit: number;
  credit: number;
}

/**
 * Logis de l’Ormois: an accounting package that writes semicolons, decimal commas, dd/mm/yyyy and separate debit and
 * credit columns, in Windows-1252 until its last change of version, one ledger file a year. Each year's file is
 * delivered the January after; the current year's also repeats the December before.
 */
export class OrmoisExport implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #dwellings: DelimitedFile;
  readonly #households: DelimitedFile;
  readonly #leases: DelimitedFile;
  readonly #terms: DelimitedFile;
  readonly #balances: DelimitedFile;
  readonly #totals: DelimitedFile;
  readonly #rejections: DelimitedFile;
  readonly #ledgers = new Map<number, { readonly file: DelimitedFile; readonly hasChannel: boolean }>();
  readonly #accounts: Readonly<Record<Account, AccountMonth[]>>;
  readonly #labels: Readonly<Record<EntryRecord["kind"], string>>;

  constructor(delivery: Delivery, window: Window) {
    this.#window = window;
    const delivered = compactDate(window.asOf);
    const open = (name: string, header: readonly string[]) =>
      delivery.delimited(`ormois/${name}_${delivered}.csv`, OLD, header);
    this.#dwellings = open("patrimoine", [
      "N° lot",
      "Agence",
      "Nature",
      "Type",
      "Surface habitable",
      "Bâti",
      "Année de construction",
      "Vacant",
    ]);
    this.#households = open("locataires", [
      "N° locataire",
      "Personnes",
      "Adultes",
      "Enfants",
      "Tranche de revenus",
      "Revenu de référence (€)",
      "Accord numérique",
      "Canal préféré",
    ]);
    this.#leases = open("baux", [
      "N° bail",
      "N° locataire",
      "N° lot",
      "Date d’entrée",
      "Date de sortie",
      "Délai du commandement (jours)",
    ]);
    this.#terms = open("conditions", [
      "N° bail",
      "Date d’effet",
      "Date de saisie",
      "Prélèvement",
      "Tiers payant",
    ]);
    this.#balances = open("soldes", ["N° bail", "Date d’arrêté", "Solde (€)"]);
    this.#totals = open("balance_comptes", ["Compte", "Période", "Débit (€)", "Crédit (€)"]);
    this.#rejections = open("rejets", ["N° écriture", "Motif"]);
    for (let year = yearOf(window.firstMonth); year <= yearOf(window.lastMonth); year++) {
      const hasChannel = year >= yearOf(window.lastMonth) - 2;
      const isCurrent = year === yearOf(window.lastMonth);
      const on = compactDate(Math.min(window.asOf, firstDay((year + 1) * 12) + 14));
      const header = [
        "N° écriture",
        "Agence",
        "Compte",
        "N° bail",
        "Date comptable",
        "Date d’échéance",
        "Date de valeur",
        "Code opération",
        "Libellé",
        "Mois du terme",
        "Débit (€)",
        "Crédit (€)",
        "Payeur",
        ...(hasChannel ? ["Mode de règlement"] : []),
        "Contre-passation",
      ];
      const file = delivery.delimited(`ormois/ecritures_${year}_${on}.csv`, isCurrent ? NEW : OLD, header);
      this.#ledgers.set(year, { file, hasChannel });
    }
    const months = (): AccountMonth[] =>
      Array.from({ length: window.lastMonth - window.firstMonth + 1 }, (_, index) => ({
        month: window.firstMonth + index,
        debit: 0,
        credit: 0,
      }));
    this.#accounts = { "411000": months(), "416000": months() };
    const ledger = this.#dwellings;
    this.#labels = mapValues(OPERATIONS, ({ label }) => ledger.quote(label));
  }

  write(dwelling: DwellingRecord): void {
    const lot = `L${digits(dwelling.number, 6)}`;
    this.#dwellings.addFields([
      lot,
      dwelling.agency.recoded && dwelling.use === "residential"
        ? agencyCodeIn(dwelling.agency, this.#window.lastMonth, this.#window)
        : dwelling.agency.code,
      USES[dwelling.use],
      dwelling.type ?? "",
      dwelling.surface === null ? "" : `${Math.floor(dwelling.surface / 10)},${dwelling.surface % 10}`,
      dwelling.building === null ? "" : dwelling.building === "collective" ? "Collectif" : "Individuel",
      `${dwelling.constructionYear}`,
      dwelling.vacant ? "Oui" : "Non",
    ]);
    for (const lease of dwelling.leases) this.#writeLease(dwelling, lot, lease);
  }

  async finish(): Promise<void> {
    for (const [account, months] of Object.entries(this.#accounts)) {
      for (const { month, debit, credit } of months) {
        if (debit === 0 && credit === 0) continue;
        this.#totals.addFields([account, frenchMonth(month), euros(debit), euros(credit)]);
      }
    }
  }

  #writeLease(dwelling: DwellingRecord, lot: string, lease: LeaseRecord): void {
    const { household } = lease;
    const number = `B${digits(lease.id, 8)}`;
    const tenant = `T${digits(household.id, 8)}`;
    if (household.id === lease.id) {
      this.#households.addFields([
        tenant,
        `${household.size}`,
        `${household.adults}`,
        `${household.children}`,
        `${household.incomeBand}`,
        euros(household.referenceIncome),
        household.digitalConsent ? "Oui" : "Non",
        PREFERENCES[household.preferredChannel],
      ]);
    }
    const row = [
      number,
      tenant,
      lot,
      frenchDate(lease.start),
      lease.end === null ? "" : frenchDate(lease.end),
      lease.noticeClauseDays === null ? "" : `${lease.noticeClauseDays}`,
    ];
    this.#leases.addFields(row);
    if (dwelling.number % LEASE_LISTED_TWICE === 0) {
      this.#leases.addFields(row);
    }
    for (const terms of lease.terms) {
      this.#terms.addFields([
        number,
        frenchDate(terms.validFrom),
        frenchDate(terms.knownOn),
        terms.directDebit ? "Oui" : "Non",
        terms.benefitToLandlord ? "Oui" : "Non",
      ]);
    }
    for (const entry of lease.entries) this.#writeEntry(dwelling, lease, number, entry);
    this.#balances.addFields([number, frenchDate(this.#window.asOf), euros(balanceOf(lease))]);
  }

  #writeEntry(dwelling: DwellingRecord, lease: LeaseRecord, number: string, entry: EntryRecord): void {
    const month = monthOf(entry.bookedOn);
    const year = yearOf(month);
    const account: Account = isDeparted(lease, entry) ? "416000" : "411000";
    const amount = commaAmount(Math.abs(entry.cents), NO_BREAK_SPACE);
    const prefix = digits(lease.id, 8);
    const start = `${prefix}${digits(entry.rank, 4)};${agencyCodeIn(dwelling.agency, month, this.#window)};${account};${number};${frenchDate(entry.bookedOn)};${
      entry.dueOn === null ? "" : frenchDate(entry.dueOn)
    };${entry.valueOn === null ? "" : frenchDate(entry.valueOn)};${OPERATIONS[entry.kind].code};${this.#labels[entry.kind]};${
      entry.termMonth === null ? "" : frenchMonth(entry.termMonth)
    };${entry.cents > 0 ? `${amount};` : `;${amount}`};${entry.payer === null ? "" : PAYERS[entry.payer]}`;
    const channel = entry.channel === null ? "" : CHANNELS[entry.channel];
    const end = entry.reversalOf === null ? "" : `${prefix}${digits(entry.reversalOf, 4)}`;
    this.#addTo(year, start, channel, end);
    if (month % 12 === 11 && year === yearOf(this.#window.lastMonth) - 1) {
      this.#addTo(year + 1, start, channel, end);
    }
    if (entry.rejection !== null) {
      this.#rejections.addFields([`${prefix}${digits(entry.rank, 4)}`, entry.rejection]);
    }
    this.#count(account, month, entry.cents);
  }

  #addTo(year: number, start: string, channel: string, end: string): void {
    const ledger = this.#ledgers.get(year);
    ledger?.file.add(ledger.hasChannel ? `${start};${channel};${end}` : `${start};${end}`);
  }

  #count(account: Account, month: Month, cents: number): void {
    const total = this.#accounts[account][month - this.#window.firstMonth];
    if (total === undefined) throw new Error(`an entry of ${frenchMonth(month)} is outside the window`);
    if (cents > 0) total.debit += cents;
    else total.credit -= cents;
  }
}

function euros(cents: number): string {
  return commaAmount(cents, NO_BREAK_SPACE);
}
