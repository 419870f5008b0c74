import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { Balances } from "../balances.ts";
import { cafReportsOf } from "../caf-report.ts";
import type { Action } from "../conduct.ts";
import { addDays, addMonths, daysBetween, monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";
import { placeOf } from "../tally.ts";
import { dayOf, stillWaiting, type Wait } from "../waiting-times.ts";

const clauseRow = z.object({ lease_id: z.string(), days: z.number() });

const COUNTED: Readonly<Record<string, string>> = {
  notice_to_pay: "notices",
  summons: "summons",
  eviction: "evictions",
  fsl_request: "fsl_requested",
  fsl_grant: "fsl_granted",
};
const COUNTS = [...Object.values(COUNTED), "evictions_in_truce", "protocols"];

interface Dated {
  readonly country: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What the law asks of the landlord, and what is done to keep people in their homes. */
export const recountLegal: StartRecount = async ({
  connection,
  tally,
  closings,
  strategy,
  conduct,
  asOf,
}) => {
  const { procedure, rules, landlord } = strategy;
  const { window_months } = procedure;
  const clauses = await queryRows(
    connection,
    `select id as lease_id, notice_clause_days::integer as days from contract.lease
     where notice_clause_days is not null order by id`,
    clauseRow,
  );
  const clauseOf = new Map(clauses.map(({ lease_id, days }) => [lease_id, days]));
  const places = new Map(closings.map(({ month }, place) => [month, place]));
  const isInForce = ({ country, from, to }: Dated, day: string) =>
    country === landlord.country && (from === undefined || from <= day) && (to === undefined || day <= to);
  const isInTruce = (day: string) =>
    rules.winter_truce.some((truce) => {
      const { first_day: first, last_day: last } = truce;
      const date = day.slice(5);
      const isIn = first <= last ? first <= date && date <= last : date >= first || date <= last;
      return isIn && isInForce(truce, day);
    });
  /** The closings whose window holds a day. */
  const windowsOf = (day: string) => {
    const place = places.get(monthOf(day));
    if (place === undefined) return [];
    return closings.slice(Math.max(place, window_months - 1), place + window_months);
  };
  const waits = new Map<string, Wait[]>();
  return {
    add(history) {
      const { lease, account, closings: lived } = history;
      if (lease.use !== "residential") return;
      const { agencyId } = lease;
      for (const { month, status } of lived)
        if (status === "present" && (places.get(month) ?? 0) >= window_months - 1)
          for (const name of COUNTS) tally.addValue(`legal_and_social.${name}`, agencyId, month, 0, 1);
      const ratio = (name: string, on: string, isGood: boolean) => {
        for (const { month } of windowsOf(on))
          tally.addCounts(`legal_and_social.${name}`, agencyId, month, isGood ? 1 : 0, 1);
      };
      const count = (name: string, on: string) => {
        for (const { month } of windowsOf(on))
          tally.addValue(`legal_and_social.${name}`, agencyId, month, 1, 0);
      };

      const actions = conduct.actions.get(lease.leaseId) ?? [];
      const daysOf = (kind: string) => [
        ...new Set(actions.filter((action) => action.kind === kind).map(({ on }) => on)),
      ];
      for (const [kind, name] of Object.entries(COUNTED)) for (const on of daysOf(kind)) count(name, on);
      for (const on of daysOf("eviction")) if (isInTruce(on)) count("evictions_in_truce", on);
      const protocols = (conduct.holds.get(lease.leaseId) ?? []).filter(
        ({ kind, from }) => kind === "social_cohesion_protocol" && from <= asOf,
      );
      for (const from of new Set(protocols.map((hold) => hold.from))) count("protocols", from);

      const notices = daysOf("notice_to_pay");
      for (const on of daysOf("summons")) {
        for (const rule of rules.ccapex.filter((one) => isInForce(one, on))) {
          const told = [
            ...daysOf("ccapex_referral"),
            ...(rule.caf_report_counts ? daysOf("caf_report") : []),
          ];
          ratio(
            "ccapex_on_time",
            on,
            told.some((day) => addMonths(day, rule.months_before_summons) <= on),
          );
        }
        for (const { country, leases_from: from, leases_to: to, weeks, months } of rules.notice_to_pay) {
          if (!isInForce({ country, from, to }, lease.startOn)) continue;
          const clauseDays = clauseOf.get(lease.leaseId) ?? 0;
          ratio(
            "notice_delay",
            on,
            notices.some(
              (day) => addDays(addMonths(day, months), 7 * weeks) <= on && addDays(day, clauseDays) <= on,
            ),
          );
        }
      }

      const diagnosisBy = addDays(lease.startOn, procedure.move_in_days);
      const hasStayed = lease.endOn === null || lease.endOn >= diagnosisBy;
      if (lease.startOn >= (closings[0]?.month ?? "") && diagnosisBy <= asOf && hasStayed)
        ratio(
          "move_in_diagnosis",
          diagnosisBy,
          daysOf("move_in_diagnosis").some((day) => day <= diagnosisBy),
        );

      const handovers = daysOf("handover");
      const balances = new Balances(account);
      for (const { reportBy, reportedOn, clearedOn } of cafReportsOf(history, balances, actions, {
        strategy,
        closings,
        asOf,
      })) {
        const isLapsed = reportedOn === null && clearedOn !== null && clearedOn <= reportBy;
        if (reportBy <= asOf && !isLapsed)
          ratio("caf_on_time", reportBy, reportedOn !== null && reportedOn <= reportBy);
      }
      for (const on of handovers) {
        const firstAct = actions.find((action) => action.on >= on && isActOfLitigation(action))?.on;
        const ends = [
          balances.settledFrom(on),
          lease.endOn !== null && lease.endOn >= on ? lease.endOn : null,
        ];
        for (const { month, closingOn } of windowsOf(on)) {
          const seenUntil = [closingOn, ...ends.filter((day) => day !== null)].sort()[0] ?? closingOn;
          const hasCome = firstAct !== undefined && firstAct <= seenUntil;
          const wait = { days: daysBetween(on, hasCome ? firstAct : seenUntil), hasCome };
          for (const slice of tally.slicesOf(agencyId)) {
            const place = placeOf("", slice, month);
            const cases = waits.get(place);
            if (cases === undefined) waits.set(place, [wait]);
            else cases.push(wait);
          }
        }
      }

      function isActOfLitigation({ team, kind }: Action): boolean {
        if (["notice_to_pay", "ccapex_referral", "summons"].includes(kind)) return true;
        return team === "litigation" && procedure.contacts.some((contact) => contact === kind);
      }
    },
    finish() {
      for (const [place, cases] of waits) {
        const [, slice = "", month = ""] = place.split(" | ");
        tally.set("legal_and_social.days_to_first_act", slice, month, {
          numerator: null,
          denominator: cases.length,
          value: dayOf(stillWaiting(cases), 0.5),
        });
      }
    },
  };
};
