import { monthOf } from "../../data-samples/simulator/calendar.ts";
import { monthsOf } from "../../data-samples/simulator/measure.ts";
import { PARAMETER_SETS } from "../../data-samples/simulator/parameters.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import type { Flow, FlowSeries } from "../../models/control-limits/control-limits.ts";

/** Of ten homes, how many each of the four agencies has: alike but for their size, for homes are dealt out in turn. */
const DEALT = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3] as const;
const AGENCIES = 4;
const MONTHS = 60;

/** Onsets and cures of simulated households, month after month, in four agencies of unequal size. */
export function simulatedFlows(
  dwellings: number,
  seed: number,
): { readonly onset: Flow; readonly cure: Flow } {
  const window = windowOf(MONTHS);
  const first = window.firstMonth + 1;
  const months = monthOf(window.asOf) - first;
  const onset = counts(months);
  const cure = counts(months);
  const parameters = PARAMETER_SETS.aubrelle;
  let dealt = 0;
  for (const { use, leases } of dwellingsOf({ from: 1, to: dwellings, seed, window, parameters })) {
    if (use !== "residential") continue;
    const agency = DEALT[dealt % DEALT.length] ?? 0;
    dealt += 1;
    for (const lease of leases) {
      let owing: boolean | null = null;
      for (const { month, present, terms } of monthsOf(lease, window)) {
        const index = month - first;
        if (owing !== null && present && index >= 0 && index < months) {
          const counted = owing ? cure : onset;
          add(counted, agency, index, owing === terms >= 1 ? 0 : 1);
        }
        owing = present ? terms >= 1 : null;
      }
    }
  }
  const firstMonth = first % 12;
  return { onset: flowOf(onset, firstMonth), cure: flowOf(cure, firstMonth) };
}

/** The same flow with more (or fewer) cases from a month on in one agency. */
export function withMoreCases(flow: Flow, agency: number, month: number, share: number): Flow {
  const [wholes = [], agencies = []] = flow.pools;
  const changed = agencies.map((series, index) => {
    if (index !== agency) return series;
    const numerator = series.numerator.map((cases, at) => {
      const most = series.denominator[at] ?? 0;
      return at < month ? cases : Math.min(Math.max(Math.round(cases + share * most), 0), most);
    });
    return { ...series, numerator };
  });
  return { ...flow, pools: [wholes, changed] };
}

interface Counted {
  readonly cases: Float64Array[];
  readonly leases: Float64Array[];
}

function counts(months: number): Counted {
  const zeros = () => Array.from({ length: AGENCIES }, () => new Float64Array(months));
  return { cases: zeros(), leases: zeros() };
}

function add({ cases, leases }: Counted, agency: number, month: number, amount: number): void {
  const [ofAgency, all] = [cases[agency], leases[agency]];
  if (ofAgency === undefined || all === undefined) return;
  ofAgency[month] = (ofAgency[month] ?? 0) + amount;
  all[month] = (all[month] ?? 0) + 1;
}

function flowOf({ cases, leases }: Counted, firstMonth: number): Flow {
  const series = cases.map((numerator, agency): FlowSeries => {
    const denominator = leases[agency] ?? new Float64Array();
    return { id: `A${agency}`, numerator, denominator, volume: denominator };
  });
  const sum = (pick: (one: FlowSeries) => Float64Array) =>
    Float64Array.from(cases[0] ?? [], (_, month) =>
      series.reduce((total, one) => total + (pick(one)[month] ?? 0), 0),
    );
  const denominator = sum((one) => one.denominator);
  const whole = { id: "company", numerator: sum((one) => one.numerator), denominator, volume: denominator };
  return { kind: "share", firstMonth, whole, pools: [[whole], series] };
}
