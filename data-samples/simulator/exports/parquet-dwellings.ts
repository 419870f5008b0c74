import { firstDay } from "../calendar.ts";
import type { Delivery } from "../delivery.ts";
import type { DwellingRecord, EntryRecord, LeaseRecord } from "../landlord-records.ts";
import { dwellingsOf, type Stock } from "../stock.ts";
import type { Window } from "../window.ts";
import { ageBandsOf } from "./age-bands.ts";
import { LANDLORD_LETTERS } from "./codes.ts";
import type { DraftTable } from "./draft-table.ts";
import { decisionOf } from "./group-decisions.ts";
import { ParquetFiles } from "./parquet-files.ts";
import { DWELLING_TABLES } from "./parquet-tables.ts";
import { agencyCodeIn, balanceOf } from "./writing.ts";

const DWELLINGS_A_FILE = 20_000;
const DWELLINGS_BETWEEN_NEWS = 500;

type Tables = Readonly<Record<keyof typeof DWELLING_TABLES, DraftTable>>;

/** A simulated stock of so many dwellings. */
export interface WholeStock extends Omit<Stock, "from" | "to"> {
  readonly dwellings: number;
  /** Dwellings whose rows stand in one Parquet file a table; 20,000 unless said otherwise. */
  readonly dwellingsAFile?: number;
}

/** Every `shares`-th file's worth of a stock, from the `share`-th (from 0) on. */
export interface StockShare {
  readonly stock: WholeStock;
  readonly share: number;
  readonly shares: number;
}

/** How many files a table the stock takes. */
export function filesOf({ dwellings, dwellingsAFile = DWELLINGS_A_FILE }: WholeStock): number {
  return Math.ceil(dwellings / dwellingsAFile);
}

/** What was written of a share. */
export interface WrittenShare {
  readonly entries: number;
  readonly leases: number;
  /** By the group's agencies. */
  readonly dwellingsOfAgency: ReadonlyMap<string, number>;
}

/**
 * Writes a share of the stock as Parquet files in the contract's shape. `onProgress` is told, now and then, how many
 * more dwellings are written. A file is the same however many shares there are.
 */
export async function writeShare(
  delivery: Delivery,
  { stock, share, shares }: StockShare,
  onProgress: (more: number) => void,
): Promise<WrittenShare> {
  const { dwellings, window, dwellingsAFile = DWELLINGS_A_FILE } = stock;
  const dwellingsOfAgency = new Map<string, number>();
  let entries = 0;
  let leases = 0;
  let untold = 0;
  const files = await ParquetFiles.open(delivery, window, DWELLING_TABLES);
  try {
    for (let file = share; file * dwellingsAFile < dwellings; file += shares) {
      const from = file * dwellingsAFile + 1;
      const to = Math.min(dwellings, from + dwellingsAFile - 1);
      for (const dwelling of dwellingsOf({ ...stock, from, to })) {
        addDwelling(files.tables, dwelling, window);
        const agency = agencyCodeIn(dwelling.agency, window.lastMonth, window);
        dwellingsOfAgency.set(agency, (dwellingsOfAgency.get(agency) ?? 0) + 1);
        leases += dwelling.leases.length;
        for (const lease of dwelling.leases) entries += lease.entries.length;
        untold++;
        if (untold === DWELLINGS_BETWEEN_NEWS || dwelling.number === to) {
          onProgress(untold);
          untold = 0;
        }
      }
      await files.write(file + 1);
    }
  } finally {
    files.close();
  }
  return { entries, leases, dwellingsOfAgency };
}

function addDwelling(tables: Tables, dwelling: DwellingRecord, window: Window): void {
  const { landlord, number, agency, use } = dwelling;
  const isRecoded = agency.recoded && use === "residential";
  tables.dwelling.add({
    landlord,
    dwelling: number,
    agency_id: isRecoded
      ? agencyCodeIn(agency, window.lastMonth, window)
      : `${LANDLORD_LETTERS[landlord]}-${agency.code}`,
    use,
    type: dwelling.type,
    surface_m2: dwelling.surface === null ? null : dwelling.surface * 10,
    building: dwelling.building,
    construction_year: dwelling.constructionYear,
    vacant: `${dwelling.vacant}`,
  });
  for (const lease of dwelling.leases) {
    if (lease.household.id === lease.id) addHousehold(tables, dwelling, lease, window);
    addLease(tables, dwelling, lease, window);
    for (const entry of lease.entries) addEntry(tables, dwelling, lease, entry);
    addCases(tables, dwelling, lease);
    addActions(tables, dwelling, lease, window);
  }
}

function addHousehold(
  tables: Tables,
  { landlord }: DwellingRecord,
  lease: LeaseRecord,
  window: Window,
): void {
  const { household } = lease;
  const { id } = household;
  tables.household.add({
    landlord,
    household: id,
    size: household.size,
    adults: household.adults,
    children: household.children,
    income_band: household.incomeBand,
    reference_income: household.referenceIncome,
    digital_consent: `${household.digitalConsent}`,
    preferred_channel: household.preferredChannel,
  });
  for (const situation of household.situations) {
    tables.household_situation.add({
      landlord,
      household: id,
      valid_from: situation.validFrom,
      known_on: situation.knownOn,
      size: situation.size,
      adults: situation.adults,
      children: situation.children,
      income_band: situation.incomeBand,
      reference_income: situation.referenceIncome,
    });
  }
  const { birthYear, sex } = household.audit;
  for (const { band, from } of ageBandsOf(birthYear, lease.start, window.asOf)) {
    tables.household_audit.add({ landlord, household: id, valid_from: from, age_band: band, sex });
  }
  const { contact } = household;
  tables.household_contact.add({
    landlord,
    household: id,
    civility: contact.civility,
    // The contract takes one line.
    name: contact.name.replaceAll(/\s+/g, " "),
    address: contact.address.replaceAll(/\s+/g, " "),
    phone: contact.phone,
    email: contact.email,
    legal_representative: contact.legalRepresentative,
  });
}

function addLease(
  tables: Tables,
  { landlord, number }: DwellingRecord,
  lease: LeaseRecord,
  window: Window,
): void {
  const { id } = lease;
  tables.lease.add({
    landlord,
    lease: id,
    household: lease.household.id,
    dwelling: number,
    start_on: lease.start,
    end_on: lease.end,
    notice_clause_days: lease.noticeClauseDays,
  });
  for (const terms of lease.terms) {
    tables.lease_terms.add({
      landlord,
      lease: id,
      valid_from: terms.validFrom,
      known_on: terms.knownOn,
      direct_debit: `${terms.directDebit}`,
      benefit_to_landlord: `${terms.benefitToLandlord}`,
    });
  }
  tables.control_balance.add({ landlord, lease: id, as_of: window.asOf, balance: balanceOf(lease) });
}

function addEntry(
  tables: Tables,
  { landlord }: DwellingRecord,
  lease: LeaseRecord,
  entry: EntryRecord,
): void {
  const { rank, kind, cents } = entry;
  tables.entry.add({
    landlord,
    lease: lease.id,
    rank,
    reversed: entry.reversalOf,
    booked_on: entry.bookedOn,
    due_on: entry.dueOn,
    value_on: entry.valueOn,
    kind,
    component: cents < 0 ? null : kind === "fee" || kind === "court_cost" ? kind : "principal",
    fee_kind: entry.feeKind,
    amount: cents,
    term_month: entry.termMonth === null ? null : firstDay(entry.termMonth),
    payer: entry.payer,
    channel: entry.channel,
  });
  if (entry.rejection !== null) {
    tables.rejection.add({ landlord, lease: lease.id, rank, reason: entry.rejection });
  }
}

function addCases(tables: Tables, { landlord }: DwellingRecord, { id, plans, holds }: LeaseRecord): void {
  for (const plan of plans) {
    const { rank } = plan;
    tables.plan.add({
      landlord,
      lease: id,
      rank,
      signed_on: plan.signedOn,
      phase: plan.phase,
      debt: plan.debt,
      framework: plan.framework,
      ended_on: plan.endedOn,
      outcome: plan.outcome,
    });
    for (const { dueOn, cents } of plan.instalments) {
      tables.plan_instalment.add({ landlord, lease: id, rank, due_on: dueOn, amount: cents });
    }
  }
  for (const hold of holds) {
    tables.lease_hold.add({
      landlord,
      lease: id,
      kind: hold.kind,
      from_on: hold.from,
      to_on: hold.to,
      known_on: hold.knownOn,
      debt_covered: hold.debtCovered,
      source: hold.source,
    });
  }
}

function addActions(
  tables: Tables,
  { landlord }: DwellingRecord,
  { id, actions }: LeaseRecord,
  window: Window,
): void {
  for (const action of actions) {
    const { rank } = action;
    tables.action.add({
      landlord,
      lease: id,
      rank,
      action_on: action.on,
      recorded_on: action.recordedOn,
      kind: action.kind,
      letter_rank: action.letterRank,
      channel: action.channel,
      approach: action.approach,
      team: action.team,
      contact: action.contact,
      outcome: action.outcome,
    });
    const decided = decisionOf(action, window.asOf);
    if (decided === null) continue;
    tables.disposition.add({
      landlord,
      lease: id,
      rank,
      decided_on: decided.decidedOn,
      decision: decided.decision,
      reason: decided.reason,
    });
  }
}
