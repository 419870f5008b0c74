import { firstDay, frenchDate } from "../calendar.ts";
import type { Delivery } from "../delivery.ts";
import type { DwellingRecord } from "../landlord-records.ts";
import { type Group, LANDLORDS } from "../parameters.ts";
import type { Window } from "../window.ts";
import { capacityOf } from "./capacity.ts";
import { GroupActions } from "./group-actions.ts";
import { GroupCases } from "./group-cases.ts";
import { GroupHouseholds } from "./group-households.ts";
import { TEAMS } from "./group-words.ts";
import { agencyCodeIn, commaAmount, compactDate, type Export, GROUP_LISTING } from "./writing.ts";

/**
 * What the merged group keeps itself, for the leases of its three landlords: its directory, the capacity of its teams,
 * and the prevention desk's actions, cases and households. Leases go by their landlord's letter and own number.
 */
export class GroupExport implements Export<DwellingRecord> {
  readonly #parts: readonly Export<DwellingRecord>[];
  readonly #delivery: Delivery;
  readonly #window: Window;
  readonly #group: Group;
  readonly #dwellings = new Map<string, number>();

  /** `drafts` is a place for what will be packed into workbooks in the end. */
  constructor(delivery: Delivery, drafts: Delivery, window: Window, group: Group) {
    this.#delivery = delivery;
    this.#window = window;
    this.#group = group;
    this.#parts = [
      new GroupActions(delivery, drafts, window),
      new GroupCases(delivery, window),
      new GroupHouseholds(delivery, window),
    ];
    writeDirectory(delivery, window, group);
  }

  write(dwelling: DwellingRecord): void {
    const agency = agencyCodeIn(dwelling.agency, this.#window.lastMonth, this.#window);
    this.#dwellings.set(agency, (this.#dwellings.get(agency) ?? 0) + 1);
    for (const part of this.#parts) part.write(dwelling);
  }

  async finish(): Promise<void> {
    this.#writeCapacity();
    for (const part of this.#parts) await part.finish();
  }

  #writeCapacity(): void {
    const name = `groupe/moyens_${compactDate(this.#window.asOf)}.csv`;
    const file = this.#delivery.delimited(name, GROUP_LISTING, [
      "pôle",
      "agence",
      "depuis le",
      "contacts par semaine",
      "ETP",
    ]);
    const since = frenchDate(this.#window.start);
    const capacities = capacityOf(this.#group.agencies, this.#dwellings);
    for (const { team, agency, contactsPerWeek, fullTime } of capacities) {
      file.addFields([TEAMS[team], agency, since, `${contactsPerWeek}`, commaAmount(fullTime, "")]);
    }
  }
}

/** The group's agencies today, and which former agency each one took over, since when. */
function writeDirectory(delivery: Delivery, window: Window, group: Group): void {
  const delivered = compactDate(window.asOf);
  const agencies = delivery.delimited(`groupe/agences_${delivered}.csv`, GROUP_LISTING, [
    "code",
    "nom",
    "secteur",
  ]);
  for (const agency of group.agencies) agencies.addFields([agency.id, agency.name, agency.sector]);

  const takeovers = delivery.delimited(`groupe/reprises_${delivered}.csv`, GROUP_LISTING, [
    "bailleur d’origine",
    "ancien code",
    "code",
    "date d’effet",
  ]);
  for (const legacy of group.former) {
    for (const { agency, monthsBeforeEnd } of legacy.takenOverBy) {
      takeovers.addFields([
        LANDLORDS[legacy.landlord].name,
        legacy.code,
        agency,
        frenchDate(firstDay(window.lastMonth - monthsBeforeEnd)),
      ]);
    }
  }
}
