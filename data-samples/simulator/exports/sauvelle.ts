import { DuckDBInstance } from "@duckdb/node-api";
import { firstDay, isoDate, isoMonth, monthOf, yearOf } from "../calendar.ts";
import type { DelimitedFile, DelimitedShape, Delivery } from "../delivery.ts";
import type { DwellingRecord, EntryKind, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import { groupCode } from "./codes.ts";
import type { Payer } from "./payers.ts";
import { isReceipt, SauvelleBank } from "./sauvelle-bank.ts";
import { type Sheet, type SheetColumn, Workbook } from "./workbook.ts";
import { compactDate, digits, type Export, pointAmount } from "./writing.ts";

const LISTING: DelimitedShape = { encoding: "utf-8", separator: ",", lineEnd: "\n" };

const FIRST_LEASE = 40_000_000;
const FIRST_TENANT = 70_000_000;

/** What the ERP books; receipts it does not know. */
const NATURES: Readonly<Partial<Record<EntryKind, string>>> = {
  rent: "LOYER",
  charges: "CHARGES",
  rent_supplement: "SURLOYER",
  charges_adjustment: "DECOMPTE CHARGES",
  housing_benefit: "APL",
  rent_rebate: "RLS",
  deposit: "DEPOT",
  fee: "FRAIS",
  court_cost: "DEPENS",
  repairs: "REPARATIONS",
  adjustment: "REGULARISATION",
  write_off: "PERTE",
  opening_balance: "SOLDE ANTERIEUR",
};

const LEASES: readonly SheetColumn[] = [
  { title: "bail", kind: "text" },
  { title: "local", kind: "text" },
  { title: "entree", kind: "date" },
  { title: "sortie", kind: "date" },
  { title: "delai", kind: "number" },
  { title: "locataire", kind: "text" },
  { title: "personnes", kind: "number" },
  { title: "adultes", kind: "number" },
  { title: "enfants", kind: "number" },
  { title: "tranche", kind: "number" },
  { title: "revenu", kind: "amount" },
  { title: "numerique", kind: "flag" },
  { title: "canal", kind: "text" },
];

/** The lease that the list forgets: the first in a stock of this size in months of dwellings, with so few entries. */
const FORGOTTEN = { dwellingMonths: 6_000, entries: [4, 18] } as const;

/**
 * Cité Sauvelle: the ERP's calls and aids as Parquet, one file a year; its leases in a workbook, one of them forgotten;
 * what leads from a receipt to a lease in a list. What was received stands in the files of its banks only
 * (`SauvelleBank`). No control figures.
 */
export class SauvelleExport implements Export<DwellingRecord> {
  readonly #drafts: Delivery;
  readonly #delivery: Delivery;
  readonly #bank: SauvelleBank;
  readonly #dwellings: DelimitedFile;
  readonly #workbook: Workbook;
  readonly #leases: Sheet;
  readonly #mandates: DelimitedFile;
  readonly #references: DelimitedFile;
  readonly #billed = new Map<number, { readonly file: DelimitedFile; readonly name: string }>();
  readonly #months: number;
  #hasForgotten = false;

  /** `drafts` is a place for what will become Parquet, a workbook and bank files; `truth` for what only we know. */
  constructor(delivery: Delivery, drafts: Delivery, truth: Delivery, window: Window, seed: number) {
    this.#delivery = delivery;
    this.#drafts = drafts;
    this.#bank = new SauvelleBank(delivery, drafts, truth, window, seed);
    this.#months = window.lastMonth - window.firstMonth + 1;
    const delivered = compactDate(window.asOf);
    const open = (name: string, header: readonly string[]) =>
      delivery.delimited(`sauvelle/${name}_${delivered}.csv`, LISTING, header);
    this.#dwellings = open("locaux", [
      "local",
      "secteur",
      "usage",
      "typologie",
      "surface",
      "bati",
      "construit",
      "vacant",
    ]);
    this.#workbook = new Workbook(delivery, drafts, `sauvelle/dossiers_${delivered}.xlsx`);
    this.#leases = this.#workbook.sheet("Dossiers", LEASES);
    this.#mandates = open("mandats", ["bail", "effet", "saisi", "prelevement", "tiers_payant"]);
    this.#references = open("references", ["nature", "valeur", "bail", "depuis"]);
    for (let year = yearOf(window.firstMonth); year <= yearOf(window.lastMonth); year++) {
      const on = compactDate(Math.min(window.asOf, firstDay((year + 1) * 12) + 19));
      const file = drafts.delimited(`appels_${year}.csv`, LISTING, [
        "numero",
        "bail",
        "comptabilise",
        "exigible",
        "valeur",
        "nature",
        "terme",
        "montant",
        "annule",
      ]);
      this.#billed.set(year, { file, name: `sauvelle/appels_${year}_${on}.parquet` });
    }
  }

  write(dwelling: DwellingRecord): void {
    const place = `SLOC${digits(dwelling.number, 6)}`;
    this.#dwellings.addFields([
      place,
      dwelling.agency.code,
      dwelling.use,
      dwelling.type ?? "",
      dwelling.surface === null ? "" : `${dwelling.surface / 10}`,
      dwelling.building ?? "",
      `${dwelling.constructionYear}`,
      `${dwelling.vacant}`,
    ]);
    for (const lease of dwelling.leases) this.#writeLease(dwelling, place, lease);
  }

  /** Turns the drafts, once closed, into Parquet, a workbook and bank files. */
  async finish(): Promise<void> {
    await this.#workbook.close();
    await this.#bank.finish();
    const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "256MB" });
    try {
      const connection = await instance.connect();
      for (const [year, { name }] of this.#billed) {
        const draft = quoted(this.#drafts.path(`appels_${year}.csv`));
        await connection.run(`
          copy (
            select * from read_csv(${draft}, header = true, delim = ',', columns = {
              numero: 'bigint', bail: 'bigint', comptabilise: 'date', exigible: 'date', valeur: 'date',
              nature: 'varchar', terme: 'varchar', montant: 'decimal(12, 2)', annule: 'bigint'
            })
          ) to ${quoted(this.#delivery.path(name))} (format parquet, compression zstd)`);
      }
      connection.closeSync();
    } finally {
      instance.closeSync();
    }
  }

  #writeLease(dwelling: DwellingRecord, place: string, lease: LeaseRecord): void {
    const number = FIRST_LEASE + lease.id;
    if (!this.#forgets(dwelling, lease)) this.#listLease(place, lease);
    for (const terms of lease.terms) {
      this.#mandates.addFields([
        `${number}`,
        isoDate(terms.validFrom),
        isoDate(terms.knownOn),
        `${terms.directDebit}`,
        `${terms.benefitToLandlord}`,
      ]);
    }
    const payer = this.#bank.payers.of(lease, number);
    this.#listReferences(number, lease, payer);
    for (const entry of lease.entries) if (!isReceipt(entry)) this.#writeBilled(number, entry);
    this.#bank.take(lease, payer, number, groupCode("lease", "sauvelle", lease.id));
  }

  #forgets({ number }: DwellingRecord, { entries }: LeaseRecord): boolean {
    const [fewest, most] = FORGOTTEN.entries;
    if (this.#hasForgotten || number * this.#months < FORGOTTEN.dwellingMonths) return false;
    if (entries.length < fewest || entries.length > most || !entries.some(isReceipt)) return false;
    this.#hasForgotten = true;
    return true;
  }

  #listLease(place: string, lease: LeaseRecord): void {
    const { household } = lease;
    this.#leases.add([
      `${FIRST_LEASE + lease.id}`,
      place,
      lease.start,
      lease.end,
      lease.noticeClauseDays,
      `${FIRST_TENANT + household.id}`,
      household.size,
      household.adults,
      household.children,
      household.incomeBand,
      household.referenceIncome,
      household.digitalConsent,
      household.preferredChannel,
    ]);
  }

  #listReferences(number: number, { terms, start }: LeaseRecord, payer: Payer): void {
    this.#references.addFields(["REFERENCE", payer.reference, `${number}`, ""]);
    if (terms.some(({ directDebit }) => directDebit)) {
      this.#references.addFields(["MANDAT", payer.mandate, `${number}`, isoDate(start)]);
    }
    if (payer.isKnown) this.#references.addFields(["COMPTE", payer.accounts[0], `${number}`, isoDate(start)]);
  }

  #writeBilled(lease: number, entry: EntryRecord): void {
    const first = lease * 10_000;
    this.#billed
      .get(yearOf(monthOf(entry.bookedOn)))
      ?.file.add(
        `${first + entry.rank},${lease},${isoDate(entry.bookedOn)},${
          entry.dueOn === null ? "" : isoDate(entry.dueOn)
        },${entry.valueOn === null ? "" : isoDate(entry.valueOn)},${NATURES[entry.kind]},${
          entry.termMonth === null ? "" : isoMonth(entry.termMonth)
        },${pointAmount(entry.cents)},${entry.reversalOf === null ? "" : first + entry.reversalOf}`,
      );
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
