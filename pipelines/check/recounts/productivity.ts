import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";
import { placeOf } from "../tally.ts";

const capacityRow = z.object({ team: z.string(), code: z.string(), from: z.string(), fte: z.number() });

/** Open cases and actions for one full-time equivalent of the teams that serve an agency. */
export const recountProductivity: StartRecount = async ({
  connection,
  tally,
  closings,
  agencyToday,
  conduct,
}) => {
  const lines = await queryRows(
    connection,
    `select team::varchar as team, agency_id as code, valid_from::varchar as from, full_time_equivalents::double as fte
     from contract.team_capacity where full_time_equivalents is not null order by valid_from`,
    capacityRow,
  );
  const work = new Map<string, { cases: number; actions: number }>();
  const add = (agency: string, month: string, cases: number, actions: number) => {
    const place = placeOf("", agency, month);
    const sums = work.get(place) ?? { cases: 0, actions: 0 };
    work.set(place, { cases: sums.cases + cases, actions: sums.actions + actions });
  };
  return {
    add({ lease, closings: lived }) {
      if (lease.use !== "residential") return;
      for (const { month, status, termsOwed } of lived)
        if (status === "present" && termsOwed >= 1) add(lease.agencyId, month, 1, 0);
      for (const { on } of conduct.actions.get(lease.leaseId) ?? []) add(lease.agencyId, monthOf(on), 0, 1);
    },
    finish() {
      for (const { month, closingOn } of closings) {
        const inForce = new Map<string, { agency: string; fte: number }>();
        for (const { team, code, from, fte } of lines)
          if (from <= closingOn)
            inForce.set(`${team} ${code}`, { agency: agencyToday.get(code) ?? code, fte });
        const bySlice = new Map<string, { fte: number; agencies: Set<string> }>();
        for (const { agency, fte } of inForce.values()) {
          for (const slice of tally.slicesOf(agency)) {
            const sums = bySlice.get(slice) ?? { fte: 0, agencies: new Set() };
            bySlice.set(slice, { fte: sums.fte + fte, agencies: sums.agencies.add(agency) });
          }
        }
        for (const [slice, { fte, agencies }] of bySlice) {
          if (fte <= 0) continue;
          const denominator = Math.round(fte * 100) / 100;
          for (const [indicator, what] of [
            ["productivity.cases_per_fte", "cases"],
            ["productivity.actions_per_fte", "actions"],
          ] as const) {
            let numerator = 0;
            for (const agency of agencies) numerator += work.get(placeOf("", agency, month))?.[what] ?? 0;
            tally.set(indicator, slice, month, { numerator, denominator, value: numerator / denominator });
          }
        }
      }
    },
  };
};
