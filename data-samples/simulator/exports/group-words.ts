import type { ActionRecord, HoldRecord, PlanRecord } from "../landlord-records.ts";
import type { AgeBand } from "./age-bands.ts";
import type { Decision } from "./group-decisions.ts";

/** How the prevention desk names what it does, in its workbooks and lists. */
export const ACTIONS: Readonly<Record<ActionRecord["kind"], string>> = {
  letter: "Courrier",
  sms: "SMS",
  email: "Courriel",
  call: "Appel",
  visit: "Visite",
  interview: "Entretien",
  move_in_diagnosis: "Diagnostic d’entrée",
  caf_report: "Signalement CAF",
  ccapex_referral: "Saisine CCAPEX",
  fsl_request: "Demande FSL",
  fsl_grant: "Accord FSL",
  handover: "Passage au contentieux",
  notice_to_pay: "Commandement de payer",
  summons: "Assignation",
  enforceable_title: "Titre exécutoire",
  eviction: "Expulsion",
};
export const CHANNELS: Readonly<Record<NonNullable<ActionRecord["channel"]>, string>> = {
  letter: "Courrier",
  email: "Courriel",
  sms: "SMS",
  phone: "Téléphone",
  visit: "Visite",
};
export const APPROACHES: Readonly<Record<NonNullable<ActionRecord["approach"]>, string>> = {
  standard: "Classique",
  solution_focused: "Orientée solution",
  solution_focused_pair: "Orientée solution, en binôme",
};
export const TEAMS: Readonly<Record<ActionRecord["team"], string>> = {
  agency: "Agence",
  prevention: "Prévention",
  litigation: "Contentieux",
};
export const CONTACTS: Readonly<Record<NonNullable<ActionRecord["contact"]>, string>> = {
  attempted: "Sans réponse",
  reached: "Joint",
};
export const OUTCOMES: Readonly<Record<NonNullable<ActionRecord["outcome"]>, string>> = {
  promise_to_pay: "Promesse de paiement",
  plan: "Plan d’apurement",
  aid_requested: "Aide demandée",
  dispute: "Contestation",
  refusal: "Refus",
  none: "Rien",
};
export const FRAMEWORKS: Readonly<Record<PlanRecord["framework"], string>> = {
  landlord: "Bailleur",
  caf: "CAF",
  court: "Tribunal",
  over_indebtedness: "Surendettement",
};
export const PLAN_OUTCOMES: Readonly<Record<NonNullable<PlanRecord["outcome"]>, string>> = {
  kept: "Respecté",
  broken: "Rompu",
};
export const HOLDS: Readonly<Record<HoldRecord["kind"], string>> = {
  over_indebtedness_filed: "Surendettement déposé",
  over_indebtedness_admitted: "Surendettement recevable",
  debt_erased: "Dette effacée",
  judge_delays: "Délais du juge",
  social_cohesion_protocol: "Protocole de cohésion sociale",
  guardianship: "Tutelle ou curatelle",
  disputed_debt: "Dette contestée",
  promise_to_pay: "Promesse de paiement",
  deceased: "Décès",
};
export const SOURCES: Readonly<Record<NonNullable<HoldRecord["source"]>, string>> = {
  landlord: "Bailleur",
  tenant: "Locataire",
  court: "Tribunal",
  bank_of_france: "Banque de France",
  caf: "CAF",
};
export const DECISIONS: Readonly<Record<Decision["decision"], string>> = {
  accepted: "retenue",
  dismissed: "écartée",
  contacted: "contactée",
  helped: "aidée",
};
export const AGE_BANDS: Readonly<Record<AgeBand, string>> = {
  under_25: "moins de 25",
  "25_34": "25-34",
  "35_49": "35-49",
  "50_64": "50-64",
  "65_74": "65-74",
  "75_plus": "75 et plus",
};
