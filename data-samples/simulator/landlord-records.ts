import type { Day, Month } from "./calendar.ts";
import type { LandlordId, LegacyAgency } from "./parameters.ts";

/** What the simulator knows of one dwelling; money is in whole cents everywhere. */
export interface DwellingRecord {
  /** 1, 2, 3 …: the dwelling's place in the whole stock. */
  readonly number: number;
  readonly landlord: LandlordId;
  readonly agency: LegacyAgency;
  readonly use: "residential" | "parking" | "garage" | "commercial";
  readonly type: "T1" | "T2" | "T3" | "T4" | "T5" | "T6" | null;
  /** Tenths of m². */
  readonly surface: number | null;
  readonly building: "collective" | "individual" | null;
  readonly constructionYear: number;
  /** Nobody holds it on the as-of date. */
  vacant: boolean;
  readonly leases: LeaseRecord[];
}

export interface HouseholdRecord {
  /** Unique in the whole stock. */
  readonly id: number;
  readonly size: number;
  readonly adults: number;
  readonly children: number;
  readonly incomeBand: number;
  readonly referenceIncome: number;
  readonly digitalConsent: boolean;
  readonly preferredChannel: "letter" | "email" | "sms" | "phone" | "visit";
}

export interface LeaseTermsRecord {
  readonly validFrom: Day;
  readonly knownOn: Day;
  readonly directDebit: boolean;
  readonly benefitToLandlord: boolean;
}

export interface LeaseRecord {
  /** Unique in the whole stock: the dwelling's number × 100 + the rank of the tenancy. */
  readonly id: number;
  readonly household: HouseholdRecord;
  readonly start: Day;
  readonly end: Day | null;
  readonly noticeClauseDays: number | null;
  readonly terms: readonly LeaseTermsRecord[];
  /** In the order in which the simulation wrote them, all booked from the first day of the window to the as-of date. */
  readonly entries: readonly EntryRecord[];
}

export type EntryKind =
  | "rent"
  | "charges"
  | "rent_supplement"
  | "charges_adjustment"
  | "housing_benefit"
  | "rent_rebate"
  | "payment"
  | "payment_rejected"
  | "guarantor_payment"
  | "deposit"
  | "fee"
  | "court_cost"
  | "repairs"
  | "adjustment"
  | "write_off"
  | "opening_balance";

export interface EntryRecord {
  /** Rank within its lease, from 1. */
  readonly rank: number;
  readonly kind: EntryKind;
  readonly feeKind: "reminder" | "rejection" | null;
  /** Debit positive, credit negative, never 0. */
  readonly cents: number;
  readonly bookedOn: Day;
  /** Given for every debit. */
  readonly dueOn: Day | null;
  /** Given for every credit. */
  readonly valueOn: Day | null;
  readonly termMonth: Month | null;
  readonly payer: "tenant" | "caf" | "fsl" | "guarantor" | null;
  readonly channel: "direct_debit" | "transfer" | "card" | "cheque" | "cash" | null;
  /** Rank of the entry that this one undoes. */
  readonly reversalOf: number | null;
}
