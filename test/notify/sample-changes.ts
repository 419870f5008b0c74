import type { AlertChange } from "../../pipelines/notify/digest.ts";

/** What one night may tell of an agency, as `alert.digest` holds it. */
export const opened: AlertChange = {
  alert_id: "share_3_terms:agency:A1:2026-10",
  change: "opened",
  level: "agency",
  slice_id: "A1",
  slice_fr: "Lille & environs",
  agencies: ["A1"],
  indicator_fr: "Ménages devant au moins 3 termes",
  unit: "ratio",
  kind: "level_red",
  month: "2026-10-01",
  value: 0.0837,
  value_before: null,
  target: 0.055,
  red: 0.08,
  months_red: 2,
  main_fr: "Taux d’effort : 30 % et plus",
  main_weight: 0.0031,
  action_fr: "Proposer un entretien",
  owner_fr: "Mme Lenoir",
  due_on: "2027-01-01",
};

export const worsened: AlertChange = {
  ...opened,
  alert_id: "debt_age_days:agency:A1:2026-08",
  change: "worsened",
  indicator_fr: "Âge moyen de la dette",
  unit: "days",
  kind: "shift_red",
  value: 1234.5,
  value_before: 1200,
  target: null,
  red: null,
  main_fr: null,
  main_weight: null,
  action_fr: null,
  owner_fr: null,
  due_on: null,
};

export const closed: AlertChange = {
  ...opened,
  alert_id: "closed",
  change: "closed",
  value: 0.05,
  months_red: 0,
};

/** The same in another slice. */
export function elsewhere(
  change: AlertChange,
  level: AlertChange["level"],
  id: string,
  agencies: string[],
): AlertChange {
  return { ...change, alert_id: `${change.alert_id} in ${id}`, level, slice_id: id, slice_fr: id, agencies };
}
