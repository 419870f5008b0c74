import { DuckDBInstance } from "@duckdb/node-api";
import { firstDay, isoDate, isoMonth, monthOf, yearOf } from "../calendar.ts";
import type { DelimitedFile, DelimitedShape, Delivery } from "../delivery.ts";
import type { DwellingRecord, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import { commaAmount, compactDate, digits, type Export, pointAmount, type Vocabulary } from "./writing.ts";

const LISTING: DelimitedShape = { encoding: "utf-8", separator: ",", lineEnd: "\n" };

const FIRST_LEASE = 40_000_000;
const FIRST_TENANT = 70_000_000;

const NATURES: Vocabulary = {
  rent: { code: "LOYER", label: "" },
  charges: { code: "CHARGES", label: "" },
  rent_supplement: { code: "SURLOYER", label: "" },
  charges_adjustment: { code: "DECOMPTE CHARGES", label: "" },
  housing_benefit: { code: "APL", label: "" },
  rent_rebate: { code: "RLS", label: "" },
  payment: { code: "REGLEMENT", label: "" },
  payment_rejected: { code: "REJET", label: "" },
  guarantor_payment: { code: "GARANT", label: "" },
  deposit: { code: "DEPOT", label: "" },
  fee: { code: "FRAIS", label: "" },
  court_cost: { code: "DEPENS", label: "" },
  repairs: { code: "REPARATIONS", label: "" },
  adjustment: { code: "REGULARISATION", label: "" },
  write_off: { code: "PERTE", label: "" },
  opening_balance: { code: "SOLDE ANTERIEUR", label: "" },
};
const RECEIPTS: ReadonlySet<EntryRecord["kind"]> = new Set([
  "payment",
  "payment_rejected",
  "guarantor_payment",
]);

/**
 * Cité Sauvelle: what was billed comes as Parquet, one file a year; what was received comes from the treasurer's
 * spreadsheet, commas between fields and in amounts, without any number for a row, one file a year, the current one
 * repeating the December before. No control figures.
 */
export class SauvelleExport implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #drafts: Delivery;
  readonly #delivery: Delivery;
  readonly #dwellings: DelimitedFile;
  readonly #files: DelimitedFile;
  readonly #mandates: DelimitedFile;
  readonly #billed = new Map<number, { readonly file: DelimitedFile; readonly name: string }>();
  readonly #received = new Map<number, DelimitedFile>();
  repeatedRows = 0;

  /** `drafts` is a place for what will become Parquet in the end. */
  constructor(delivery: Delivery, drafts: Delivery, window: Window) {
    this.#window = window;
    this.#delivery = delivery;
    this.#drafts = drafts;
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
    this.#files = open("dossiers", [
      "bail",
      "local",
      "entree",
      "sortie",
      "delai",
      "locataire",
      "personnes",
      "adultes",
      "enfants",
      "tranche",
      "revenu",
      "numerique",
      "canal",
    ]);
    this.#mandates = open("mandats", ["bail", "effet", "saisi", "prelevement", "tiers_payant"]);
    for (let year = yearOf(window.firstMonth); year <= yearOf(window.lastMonth); year++) {
      const on = compactDate(Math.min(window.asOf, firstDay((year + 1) * 12) + 19));
      const name = `sauvelle/appels_${year}_${on}.parquet`;
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
      this.#billed.set(year, { file, name });
      const receipts = delivery.delimited(`sauvelle/reglements_${year}_${on}.csv`, LISTING, [
        "date",
        "valeur",
        "bail",
        "nature",
        "mode",
        "payeur",
        "montant",
      ]);
      this.#received.set(year, receipts);
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
    for (const lease of dwelling.leases) this.#writeLease(place, lease);
  }

  /** Turns the drafts, once closed, into Parquet. */
  async finish(): Promise<void> {
    await this.#drafts.close();
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

  #writeLease(place: string, lease: LeaseRecord): void {
    const { household } = lease;
    this.#files.addFields([
      `${FIRST_LEASE + lease.id}`,
      place,
      isoDate(lease.start),
      lease.end === null ? "" : isoDate(lease.end),
      lease.noticeClauseDays === null ? "" : `${lease.noticeClauseDays}`,
      `${FIRST_TENANT + household.id}`,
      `${household.size}`,
      `${household.adults}`,
      `${household.children}`,
      `${household.incomeBand}`,
      commaAmount(household.referenceIncome, " "),
      `${household.digitalConsent}`,
      household.preferredChannel,
    ]);
    for (const terms of lease.terms) {
      this.#mandates.addFields([
        `${FIRST_LEASE + lease.id}`,
        isoDate(terms.validFrom),
        isoDate(terms.knownOn),
        `${terms.directDebit}`,
        `${terms.benefitToLandlord}`,
      ]);
    }
    for (const entry of lease.entries) {
      if (RECEIPTS.has(entry.kind)) this.#writeReceipt(lease, entry);
      else this.#writeBilled(lease, entry);
    }
  }

  #writeBilled(lease: LeaseRecord, entry: EntryRecord): void {
    const number = (FIRST_LEASE + lease.id) * 10_000;
    this.#billed
      .get(yearOf(monthOf(entry.bookedOn)))
      ?.file.add(
        `${number + entry.rank},${FIRST_LEASE + lease.id},${isoDate(entry.bookedOn)},${
          entry.dueOn === null ? "" : isoDate(entry.dueOn)
        },${entry.valueOn === null ? "" : isoDate(entry.valueOn)},${NATURES[entry.kind].code},${
          entry.termMonth === null ? "" : isoMonth(entry.termMonth)
        },${pointAmount(entry.cents)},${entry.reversalOf === null ? "" : number + entry.reversalOf}`,
      );
  }

  #writeReceipt(lease: LeaseRecord, entry: EntryRecord): void {
    const month = monthOf(entry.bookedOn);
    const year = yearOf(month);
    const valueOn = entry.valueOn ?? entry.dueOn ?? entry.bookedOn;
    const row = `${isoDate(entry.bookedOn)},${isoDate(valueOn)},${FIRST_LEASE + lease.id},${NATURES[entry.kind].code},${
      entry.channel ?? ""
    },${entry.payer ?? ""},"${commaAmount(-entry.cents, " ")}"`;
    this.#received.get(year)?.add(row);
    if (month % 12 === 11 && year === yearOf(this.#window.lastMonth) - 1) {
      this.#received.get(year + 1)?.add(row);
      this.repeatedRows++;
    }
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
