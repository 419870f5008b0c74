import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";
import { spellsOf } from "../spells.ts";

const erasedRow = z.object({ lease_id: z.string(), from_on: z.string() });

/** From one closing to the next: who falls into arrears, rolls, is cured, relapses. */
export const recountSpells: StartRecount = async ({ connection, asOf, closings, strategy, tally }) => {
  const erasedOn = new Map<string, string[]>();
  for (const { lease_id, from_on } of await queryRows(
    connection,
    `select lease_id, from_on::varchar as from_on from contract.lease_hold
     where kind = 'debt_erased' and coalesce(known_on, from_on) <= '${asOf}'::date`,
    erasedRow,
  ))
    erasedOn.set(lease_id, [...(erasedOn.get(lease_id) ?? []), from_on]);
  const monthAt = (place: number) => closings[place]?.month;
  return {
    add(history) {
      const { lease, closings: lived } = history;
      if (lease.use !== "residential") return;
      const offset = closings.length - lived.length;
      const add = (indicator: string, place: number, numerator: boolean, denominator: boolean) => {
        const month = monthAt(place);
        if (month !== undefined)
          tally.addCounts(indicator, lease.agencyId, month, numerator ? 1 : 0, denominator ? 1 : 0);
      };
      const spells = spellsOf(
        history,
        closings,
        erasedOn.get(lease.leaseId) ?? [],
        strategy.arrears.grace_days,
      );
      const onsets = new Map(spells.map((spell) => [spell.onset, spell]));
      for (const [i, closing] of lived.entries()) {
        const place = i + offset;
        if (place === 0) continue;
        const before = lived[i - 1];
        const onset = onsets.get(place);
        const begins = closing.status === "present" && monthOf(lease.startOn) === closing.month;
        const atRisk = before?.status === "present" && before.termsOwed < 1;
        const falls = onset?.onsetSeen === true;
        add("onset_rate", place, falls, atRisk || begins);
        add("onset_rate.only_adjustment", place, falls && onset.onlyAdjustment, atRisk || begins);
        if (before?.status !== "present") continue;
        const from = Math.floor(before.termsOwed);
        const worse = closing.status === "present" && Math.floor(closing.termsOwed) > from;
        if (from < 4) add(`roll_rate.${from}_${from + 1}`, place, worse, true);
      }
      for (const [n, spell] of spells.entries()) {
        const cured = spell.endedBy === "settled" ? spell.ended : null;
        for (let owing = spell.onset; owing <= spell.last; owing++)
          for (const months of [1, 3, 6])
            add(`cure_rate_${months}m`, owing + months, cured !== null && cured <= owing + months, true);
        if (cured === null) continue;
        const next = spells[n + 1]?.onset;
        const relapsed = next !== undefined && next <= cured + 6;
        add("relapse_6m", cured + 6, relapsed, true);
        if (spell.byAid) add("relapse_6m.after_aid", cured + 6, relapsed, true);
      }
    },
  };
};
