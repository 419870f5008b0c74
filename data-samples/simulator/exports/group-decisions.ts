import type { Day } from "../calendar.ts";
import type { ActionRecord } from "../landlord-records.ts";

/** Days before the delivery since which decisions on alerts are kept. */
const KEPT_DAYS = 365;

/** What an adviser decided about an alert. */
export interface Decision {
  readonly decidedOn: Day;
  readonly decision: "accepted" | "dismissed" | "contacted" | "helped";
  /** Why an alert was dismissed. */
  readonly reason: string | null;
}

/**
 * What the adviser clicked on the alert that led to an action, as far as the action tells; null for an action that no
 * alert led to, and for those too old to be kept on the as-of date.
 */
export function decisionOf(action: ActionRecord, asOf: Day): Decision | null {
  if (action.contact === null || action.team === "litigation" || action.recordedOn < asOf - KEPT_DAYS) {
    return null;
  }
  const of = (decision: Decision["decision"], reason: string | null = null): Decision => ({
    decidedOn: action.recordedOn,
    decision,
    reason,
  });
  if (action.outcome === "dispute") return of("dismissed", 'Réclamation en cours ; dossier "charges"');
  if (action.outcome === "refusal") return of("dismissed", "Ne souhaite pas l’aide du bailleur");
  if (action.outcome === "aid_requested" || action.outcome === "plan") return of("helped");
  return of(action.contact === "reached" ? "contacted" : "accepted");
}
