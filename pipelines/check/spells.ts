import { componentOf, countsOn } from "./account.ts";
import { addDays } from "./dates.ts";
import { flowOf } from "./entry-flow.ts";
import type { Closing, LeaseHistory } from "./lease-history.ts";

/** Consecutive closings at which a present tenant owes a whole term; places count the night's closings from 0. */
export interface Spell {
  readonly onset: number;
  readonly last: number;
  /** The closing after the last; null while the spell lasts. */
  readonly ended: number | null;
  readonly endedBy: "settled" | "written_off" | "erased" | "departed" | null;
  /** The month before its onset was seen. */
  readonly onsetSeen: boolean;
  readonly onlyAdjustment: boolean;
  readonly byAid: boolean;
}

/** The spells of a lease, oldest first; `erasedOn`: the days on which debts of it were erased. */
export function spellsOf(
  { lease, account, closings: lived }: LeaseHistory,
  closings: readonly Closing[],
  erasedOn: readonly string[],
  graceDays: number,
): Spell[] {
  const offset = closings.length - lived.length;
  const termOf = new Map(account.calls.map(({ termMonth, term }) => [termMonth, term]));
  let called: number | undefined;
  const terms = lived.map(({ month }) => {
    called = termOf.get(month) ?? called;
    return called;
  });
  const between = (date: string, after: string | undefined, until: string) =>
    (after === undefined || date > after) && date <= until;
  const dueOf = new Map(account.calls.map(({ termMonth, dueOn }) => [termMonth, dueOn]));
  const events = lease.entries.flatMap((entry) => {
    const flow = flowOf(entry);
    const on = countsOn(entry);
    if (flow === "write_off" && componentOf(entry) === "principal")
      return [{ what: "loss", on, cents: -entry.cents }];
    if (entry.kind === "payment" && entry.payer === "fsl") return [{ what: "aid", on, cents: -entry.cents }];
    if (entry.kind === "housing_benefit" && flow === "benefit") {
      const dueOn = dueOf.get(entry.termMonth ?? `${on.slice(0, 7)}-01`);
      return dueOn === undefined || on > addDays(dueOn, graceDays)
        ? [{ what: "aid", on, cents: -entry.cents }]
        : [];
    }
    if (entry.cents > 0 && (entry.kind === "housing_benefit" || entry.kind === "charges_adjustment"))
      return [{ what: "adjustment", on: addDays(on, graceDays), cents: entry.cents }];
    return [];
  });
  const sumOf = (what: string, after: string | undefined, until: string) =>
    events.reduce(
      (sum, event) => sum + (event.what === what && between(event.on, after, until) ? event.cents : 0),
      0,
    );

  const spells: Spell[] = [];
  for (let at = 0; at < lived.length; at++) {
    const begun = lived[at];
    if (begun === undefined || begun.status !== "present" || begun.termsOwed < 1) continue;
    let last = at;
    while (lived[last + 1]?.status === "present" && (lived[last + 1]?.termsOwed ?? 0) >= 1) last++;
    const onset = at + offset;
    const beforeOnset = closings[onset - 1]?.closingOn;
    const lastOn = lived[last]?.closingOn ?? "";
    const after = lived[last + 1];
    const onsetTerm = terms[at] ?? Number.NaN;
    const adjusted = sumOf("adjustment", beforeOnset, begun.closingOn) / onsetTerm;
    let endedBy: Spell["endedBy"] = null;
    let byAid = false;
    if (after !== undefined) {
      const term = terms[last + 1] ?? Number.NaN;
      const lost = sumOf("loss", lastOn, after.closingOn);
      const byLoss = lost > 0 && after.termsOwed + lost / term >= 1;
      const erased = erasedOn.filter((day) => between(day, beforeOnset, after.closingOn));
      if (after.status === "departed") endedBy = "departed";
      else if (erased.some((day) => day > lastOn) || (erased.length > 0 && byLoss)) endedBy = "erased";
      else if (byLoss) endedBy = "written_off";
      else endedBy = "settled";
      byAid =
        endedBy === "settled" && after.termsOwed + sumOf("aid", beforeOnset, after.closingOn) / term >= 1;
    }
    spells.push({
      onset,
      last: last + offset,
      ended: after === undefined ? null : last + 1 + offset,
      endedBy,
      onsetSeen: onset > 0,
      onlyAdjustment: onset > 0 && begun.termsOwed - adjusted < 1,
      byAid,
    });
    at = last;
  }
  return spells;
}
