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

export type Channel = "letter" | "email" | "sms" | "phone" | "visit";

/** What a landlord may know of a household, and who may read it: situation (prevention), audit, contact. */
export interface HouseholdRecord {
  /** Unique in the whole stock. */
  readonly id: number;
  /** The situation as last known on the as-of date. */
  readonly size: number;
  readonly adults: number;
  readonly children: number;
  readonly incomeBand: number;
  readonly referenceIncome: number;
  readonly digitalConsent: boolean;
  readonly preferredChannel: Channel;
  /** Every situation that the landlord came to know, by `validFrom`; the last equals the fields above. */
  readonly situations: readonly SituationRecord[];
  readonly audit: AuditRecord;
  readonly contact: ContactRecord;
}

/** A household's situation from a day on, and the day on which the landlord learnt of it. */
export interface SituationRecord {
  readonly validFrom: Day;
  readonly knownOn: Day;
  readonly size: number;
  readonly adults: number;
  readonly children: number;
  readonly incomeBand: number;
  readonly referenceIncome: number;
}

/** Read to audit fairness only. */
export interface AuditRecord {
  readonly birthYear: number;
  readonly sex: "female" | "male";
}

/** How to reach the household; invented, whatever it resembles. */
export interface ContactRecord {
  readonly civility: "Madame" | "Monsieur" | "Madame et Monsieur";
  /** May hold quotes, apostrophes, a comma or a line break, as real files do. */
  readonly name: string;
  readonly address: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly legalRepresentative: string | null;
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
  /** What the landlord did, by day; all recorded from the first day of the window to the as-of date. */
  readonly actions: readonly ActionRecord[];
  readonly plans: readonly PlanRecord[];
  readonly holds: readonly HoldRecord[];
}

export type ActionKind =
  | "letter"
  | "sms"
  | "email"
  | "call"
  | "visit"
  | "interview"
  | "move_in_diagnosis"
  | "caf_report"
  | "ccapex_referral"
  | "fsl_request"
  | "fsl_grant"
  | "handover"
  | "notice_to_pay"
  | "summons"
  | "enforceable_title"
  | "eviction";

export interface ActionRecord {
  /** Rank within its lease, from 1. */
  readonly rank: number;
  readonly on: Day;
  /** The day on which it was recorded, never before `on`. */
  readonly recordedOn: Day;
  readonly kind: ActionKind;
  /** 1, 2 or 3 for a letter of the procedure. */
  readonly letterRank: 1 | 2 | 3 | null;
  readonly channel: Channel | null;
  /** Given for interviews. */
  readonly approach: "standard" | "solution_focused" | "solution_focused_pair" | null;
  readonly team: "agency" | "prevention" | "litigation";
  /** Given for calls, visits and interviews. */
  readonly contact: "attempted" | "reached" | null;
  readonly outcome: "promise_to_pay" | "plan" | "aid_requested" | "dispute" | "refusal" | "none" | null;
}

export interface PlanRecord {
  /** Rank within its lease, from 1. */
  readonly rank: number;
  readonly signedOn: Day;
  readonly phase: "prevention" | "litigation";
  readonly framework: "landlord" | "caf" | "court" | "over_indebtedness";
  /** Cents. */
  readonly debt: number;
  /** The day on which it was ended as kept or broken; null while it runs. */
  readonly endedOn: Day | null;
  readonly outcome: "kept" | "broken" | null;
  readonly instalments: readonly { readonly dueOn: Day; readonly cents: number }[];
}

export interface HoldRecord {
  readonly kind:
    | "over_indebtedness_filed"
    | "over_indebtedness_admitted"
    | "debt_erased"
    | "judge_delays"
    | "social_cohesion_protocol"
    | "guardianship"
    | "disputed_debt"
    | "promise_to_pay"
    | "deceased";
  readonly from: Day;
  readonly to: Day | null;
  readonly knownOn: Day;
  /** Cents; null when the whole debt is covered. */
  readonly debtCovered: number | null;
  readonly source: "landlord" | "tenant" | "court" | "bank_of_france" | "caf";
}

/** A return reason of SEPA direct debits (ISO 20022 external code). */
export type RejectionReason = "AM04" | "AC01" | "AC04" | "AC06" | "MD01" | "MD06" | "MD07" | "MS02" | "MS03";

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
  /** Given for a rejected payment. */
  readonly rejection: RejectionReason | null;
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
