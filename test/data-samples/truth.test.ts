import { describe, expect, test } from "vitest";
import { monthOf } from "../../data-samples/simulator/calendar.ts";
import { type Effect, EffectStudy, outcomeOf } from "../../data-samples/simulator/effects.ts";
import type { LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { LeaseAccount } from "../../data-samples/simulator/measure.ts";
import type { Scenario } from "../../data-samples/simulator/parameters.ts";
import { type LivedTenancy, livedDwellings } from "../../data-samples/simulator/stock.ts";
import { liveTenancy } from "../../data-samples/simulator/tenancy.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";

const window = windowOf(60);

// One landlord for each scenario, lived once.
const studies = new Map<
  Scenario,
  { readonly effects: readonly Effect[]; readonly tenancies: readonly LivedTenancy[] }
>();

function study(scenario: Scenario) {
  const known = studies.get(scenario);
  if (known) return known;
  const effects = new EffectStudy();
  const tenancies: LivedTenancy[] = [];
  for (const lived of livedDwellings({ from: 1, to: 4_000, seed: 21, window, scenario })) {
    effects.add(lived);
    tenancies.push(...lived.tenancies.filter(({ lease }) => lease.actions.some(isInterview)));
  }
  const made = { effects: effects.effects(), tenancies };
  studies.set(scenario, made);
  return made;
}

function isInterview({ kind, contact }: LeaseRecord["actions"][number]): boolean {
  return kind === "interview" && contact === "reached";
}

function difference(scenario: Scenario, than: string, approach: string): number {
  const found = study(scenario).effects.find(
    (effect) =>
      effect.action === "interview" &&
      effect.than === than &&
      effect.approach === approach &&
      effect.outcome === "cured_in_60_days",
  );
  if (!found || found.n < 40) throw new Error(`too few interviews: ${found?.n}`);
  return found.difference;
}

/** Interviewed households with what no file tells, and whether they were cured. */
function interviewed(scenario: Scenario) {
  return study(scenario).tenancies.flatMap(({ plan, lease }) => {
    const account = new LeaseAccount(lease);
    return lease.actions
      .filter((action) => isInterview(action) && monthOf(action.on) + 9 <= window.lastMonth)
      .map(({ on, approach }) => ({
        solution: approach !== "standard",
        motivation: plan.household.motivation,
        cured: outcomeOf(lease, on, account).cured,
      }));
  });
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

describe("what an interview truly changes", () => {
  test("it helps, and the solution-focused approach helps more", () => {
    expect(difference("plain", "none", "all")).toBeGreaterThan(0.02);
    expect(difference("plain", "standard", "solution_focused")).toBeGreaterThan(0.02);
  });

  test("each share is of the same households, and the difference is theirs", () => {
    for (const { n, share_with, share_without, difference: told } of study("plain").effects) {
      expect(n).toBeGreaterThan(0);
      expect(told).toBeCloseTo(share_with - share_without, 12);
      expect(Math.abs(share_with * n - Math.round(share_with * n))).toBeLessThan(1e-6);
    }
  });

  test("where interviews change nothing, the difference is 0 exactly", () => {
    const interviews = study("no_effect").effects.filter(({ action }) => action === "interview");
    expect(interviews.length).toBeGreaterThan(5);
    expect(interviews.filter(({ difference: told }) => told !== 0)).toEqual([]);
  });

  test("with a hidden confounder, advisers choose by motivation and a plain comparison flatters the approach", () => {
    const plain = interviewed("plain");
    const hidden = interviewed("hidden_confounder");
    const gap = (all: typeof plain, value: (one: (typeof plain)[number]) => number) =>
      mean(all.filter(({ solution }) => solution).map(value)) -
      mean(all.filter(({ solution }) => !solution).map(value));
    expect(Math.abs(gap(plain, ({ motivation }) => motivation))).toBeLessThan(0.08);
    expect(gap(hidden, ({ motivation }) => motivation)).toBeGreaterThan(0.2);
    const compared = gap(hidden, ({ cured }) => (cured ? 1 : 0));
    expect(compared).toBeGreaterThan(difference("hidden_confounder", "standard", "solution_focused") + 0.02);
  });
});

describe("two runs of one household share their luck", () => {
  const [first] = study("plain").tenancies;
  if (!first) throw new Error("nobody was interviewed");
  const { plan, lease } = first;
  const interview = lease.actions.find(isInterview);
  if (!interview) throw new Error("no interview");
  const month = monthOf(interview.on);
  const without = liveTenancy(plan, { kind: "interview", month, approach: null });

  test("lived again unchanged, it is the same to the last entry", () => {
    expect(liveTenancy(plan)).toEqual(lease);
  });

  test("all that was booked and done before the interview is the same; the interview is gone", () => {
    const booked = ({ entries }: LeaseRecord) => entries.filter(({ bookedOn }) => bookedOn < interview.on);
    const done = ({ actions }: LeaseRecord) => actions.filter(({ on }) => on < interview.on);
    expect(booked(without)).toEqual(booked(lease));
    expect(done(without)).toEqual(done(lease));
    expect(without.actions.filter((action) => isInterview(action) && monthOf(action.on) === month)).toEqual(
      [],
    );
  });

  test("an intervention in a month without that action changes nothing", () => {
    const quiet = { kind: "interview", month: plan.window.firstMonth - 500, approach: null } as const;
    expect(liveTenancy(plan, quiet)).toEqual(lease);
  });
});

test("what became of a household is told from its entries", () => {
  const entry = { feeKind: null, rejection: null, channel: null, reversalOf: null, payer: null };
  const rent = (rank: number, dueOn: number, termMonth: number) =>
    ({
      ...entry,
      rank,
      kind: "rent",
      cents: 30_000,
      bookedOn: dueOn - 20,
      dueOn,
      valueOn: null,
      termMonth,
    }) as const;
  const paid = (rank: number, on: number, cents: number) =>
    ({
      ...entry,
      rank,
      kind: "payment",
      cents: -cents,
      bookedOn: on,
      dueOn: null,
      valueOn: on,
      termMonth: null,
    }) as const;
  // Rent of 300 euros due on 5 January, February, March … 2024 (days 19,727, 19,758, 19,787 …).
  const dues = [19_727, 19_758, 19_787, 19_818, 19_848].map((on, index) =>
    rent(index + 1, on, 2023 * 12 + 11 + index),
  );
  const told = (payments: readonly ReturnType<typeof paid>[]) => {
    const lease = { end: null, entries: [...dues, ...payments] };
    return outcomeOf(lease, 19_750, new LeaseAccount(lease));
  };
  expect(told([])).toEqual({ cured: false, relapsed: false });
  expect(told([paid(9, 19_760, 60_000)])).toEqual({ cured: true, relapsed: true });
  expect(told([paid(9, 19_760, 60_000), paid(10, 19_790, 300_000)])).toEqual({
    cured: true,
    relapsed: false,
  });
});
