import { type Day, firstDay, monthOf, yearOf } from "../calendar.ts";
import type { Delivery } from "../delivery.ts";
import type { ActionRecord, DwellingRecord } from "../landlord-records.ts";
import type { Window } from "../window.ts";
import { groupCode } from "./codes.ts";
import { ACTIONS, APPROACHES, CHANNELS, CONTACTS, OUTCOMES, TEAMS } from "./group-words.ts";
import { type CellValue, type Sheet, type SheetColumn, Workbook } from "./workbook.ts";
import { agencyCodeIn, compactDate, type Export } from "./writing.ts";

/** One action in so many is entered twice. */
const ENTERED_TWICE = 211;
/** Days before an early export of which the outcomes are not yet filled in. */
const OUTCOMES_LATE = 10;

const COLUMNS: readonly SheetColumn[] = [
  { title: "N°", kind: "text" },
  { group: "Locataire", title: "Contrat", kind: "text" },
  { group: "Locataire", title: "Agence", kind: "text" },
  { group: "Action", title: "Date", kind: "date" },
  { group: "Action", title: "Saisie le", kind: "date" },
  { group: "Action", title: "Nature", kind: "text" },
  // A number that the workbook keeps as text.
  { group: "Action", title: "Lettre n°", kind: "text" },
  { group: "Action", title: "Canal", kind: "text" },
  { group: "Suivi", title: "Approche", kind: "text" },
  { group: "Suivi", title: "Pôle", kind: "text" },
  { group: "Suivi", title: "Contact", kind: "text" },
  { group: "Suivi", title: "Issue", kind: "text" },
];

interface YearOfActions {
  readonly workbook: Workbook;
  readonly sheet: Sheet;
  readonly deliveredOn: Day;
}

/**
 * The prevention desk's workbooks: one a year of entry, delivered in the January after; the current year's was exported a
 * first time at the end of the last whole month, before the outcomes of its last days were filled in.
 */
export class GroupActions implements Export<DwellingRecord> {
  readonly #delivery: Delivery;
  readonly #drafts: Delivery;
  readonly #window: Window;
  readonly #years = new Map<number, YearOfActions>();
  readonly #early: YearOfActions | undefined;

  constructor(delivery: Delivery, drafts: Delivery, window: Window) {
    this.#delivery = delivery;
    this.#drafts = drafts;
    this.#window = window;
    const current = yearOf(window.lastMonth);
    for (let year = yearOf(window.firstMonth); year <= current; year++) {
      this.#years.set(year, this.#open(year, Math.min(window.asOf, firstDay((year + 1) * 12) + 14)));
    }
    if (window.firstMonth < window.lastMonth && yearOf(window.lastMonth - 1) === current) {
      this.#early = this.#open(current, firstDay(window.lastMonth) - 1);
    }
  }

  write(dwelling: DwellingRecord): void {
    const agency = agencyCodeIn(dwelling.agency, this.#window.lastMonth, this.#window);
    for (const lease of dwelling.leases) {
      if (lease.actions.length === 0) continue;
      const code = groupCode("lease", dwelling.landlord, lease.id);
      for (const action of lease.actions) {
        const row = cellsOf(code, agency, action);
        this.#write(row, action, (lease.id + action.rank) % ENTERED_TWICE === 0);
      }
    }
  }

  async finish(): Promise<void> {
    for (const { workbook } of this.#years.values()) await workbook.close();
    await this.#early?.workbook.close();
  }

  #write(row: readonly CellValue[], action: ActionRecord, twice: boolean): void {
    const year = yearOf(monthOf(action.recordedOn));
    const sheet = this.#years.get(year)?.sheet;
    if (sheet === undefined) throw new Error(`an action recorded in ${year} is outside the window`);
    sheet.add(row);
    if (twice) sheet.add(row);
    const early = this.#early;
    if (early && year === yearOf(this.#window.lastMonth) && action.recordedOn <= early.deliveredOn) {
      const isLate = action.recordedOn > early.deliveredOn - OUTCOMES_LATE;
      early.sheet.add(isLate ? [...row.slice(0, -1), null] : row);
    }
  }

  #open(year: number, deliveredOn: Day): YearOfActions {
    const file = `groupe/suivi_actions_${year}_${compactDate(deliveredOn)}.xlsx`;
    const workbook = new Workbook(this.#delivery, this.#drafts, file);
    return { workbook, sheet: workbook.sheet(`Actions ${year}`, COLUMNS), deliveredOn };
  }
}

function cellsOf(lease: string, agency: string, action: ActionRecord): readonly CellValue[] {
  return [
    `${lease}/${action.rank}`,
    lease,
    agency,
    action.on,
    action.recordedOn,
    ACTIONS[action.kind],
    action.letterRank === null ? null : `${action.letterRank}`,
    action.channel && CHANNELS[action.channel],
    action.approach && APPROACHES[action.approach],
    TEAMS[action.team],
    action.contact && CONTACTS[action.contact],
    action.outcome && OUTCOMES[action.outcome],
  ];
}
