import { frenchDate } from "../calendar.ts";
import type { DelimitedFile, Delivery } from "../delivery.ts";
import type { DwellingRecord, LeaseRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import { ageBandsOf } from "./age-bands.ts";
import { groupCode } from "./codes.ts";
import { AGE_BANDS } from "./group-words.ts";
import { commaAmount, compactDate, type Export, GROUP_LISTING } from "./writing.ts";

/** Among so many dwellings, one has left behind the contact of a household that no list knows any more. */
const FORGOTTEN_CONTACT = 200;
const FORGOTTEN_RANK = 98;
const NARROW_SPACE = "\u202F";
const SEXES = { female: "F", male: "M" } as const;

/**
 * What the group knows of households: how to reach them, their situations as they were declared, and what the audit of
 * fairness reads: the sex, and the age band with the day from which it holds.
 */
export class GroupHouseholds implements Export<DwellingRecord> {
  readonly #window: Window;
  readonly #contacts: DelimitedFile;
  readonly #situations: DelimitedFile;
  readonly #audit: DelimitedFile;

  constructor(delivery: Delivery, window: Window) {
    this.#window = window;
    const open = (name: string, header: readonly string[]) =>
      delivery.delimited(`groupe/${name}_${compactDate(window.asOf)}.csv`, GROUP_LISTING, header);
    this.#contacts = open("contacts", [
      "ménage",
      "civilité",
      "nom",
      "adresse",
      "téléphone",
      "courriel",
      "représentant légal",
    ]);
    this.#situations = open("situations", [
      "ménage",
      "date d’effet",
      "connue le",
      "personnes",
      "adultes",
      "enfants",
      "tranche de revenus",
      "revenu de référence",
    ]);
    this.#audit = open("audit", ["ménage", "date d’effet", "tranche d’âge", "sexe"]);
  }

  write(dwelling: DwellingRecord): void {
    for (const lease of dwelling.leases) {
      if (lease.household.id !== lease.id) continue;
      this.#writeHousehold(groupCode("household", dwelling.landlord, lease.household.id), lease);
    }
    if (dwelling.number % FORGOTTEN_CONTACT === FORGOTTEN_CONTACT / 2) {
      const forgotten = groupCode("household", dwelling.landlord, dwelling.number * 100 + FORGOTTEN_RANK);
      this.#contacts.addFields([forgotten, "Madame", "Dossier repris", "", "", "", ""]);
    }
  }

  async finish(): Promise<void> {}

  #writeHousehold(code: string, lease: LeaseRecord): void {
    const { contact, situations, audit } = lease.household;
    this.#contacts.addFields([
      code,
      contact.civility,
      contact.name,
      contact.address,
      contact.phone ?? "",
      contact.email ?? "",
      contact.legalRepresentative ?? "",
    ]);
    for (const situation of situations) {
      this.#situations.addFields([
        code,
        frenchDate(situation.validFrom),
        frenchDate(situation.knownOn),
        `${situation.size}`,
        `${situation.adults}`,
        `${situation.children}`,
        `${situation.incomeBand}`,
        commaAmount(situation.referenceIncome, NARROW_SPACE),
      ]);
    }
    for (const { from, band } of ageBandsOf(audit.birthYear, lease.start, this.#window.asOf)) {
      this.#audit.addFields([code, frenchDate(from), AGE_BANDS[band], SEXES[audit.sex]]);
    }
  }
}
