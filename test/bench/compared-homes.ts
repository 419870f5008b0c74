import { type Day, firstDay, lastDay, type Month, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { monthsOf } from "../../data-samples/simulator/measure.ts";
import { AUBRELLE, type Behaviour, type Parameters } from "../../data-samples/simulator/parameters.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import {
  type ComparisonBand,
  comparisonBands,
  comparisonSchema,
} from "../../pipelines/strategy/comparison.ts";

/** One present home at one closing: who holds it, its bands, what it owes. */
export interface HomeMonth {
  readonly month: Month;
  /** A band of each dimension, by its place in `BANDS`. */
  readonly bands: readonly number[];
  readonly terms: number;
  /** Whole terms owed at the closing before; null where the lease was not there. */
  readonly termsBefore: number | null;
}

/** One lease of one household, over the closings looked at. */
export interface Home {
  readonly household: number;
  readonly months: readonly HomeMonth[];
}

const DIMENSIONS = ["tenure", "rent_burden", "household_size", "dwelling_type", "benefit_direct"] as const;
const ALL = comparisonBands(comparisonSchema.parse(undefined));

/** The bands of each dimension, 'unknown' last. */
export const BANDS: readonly (readonly ComparisonBand[])[] = DIMENSIONS.map((dimension) =>
  ALL.filter((band) => band.dimension === dimension),
);

/**
 * The homes of a simulated landlord over its last `closings` whole months, straight from the simulator's records: present
 * residential leases with their bands as known at each closing, and the terms they owe.
 */
export function homesOf(options: {
  /** First and last dwelling of the stock, both included. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly closings: number;
  readonly parameters?: Parameters;
}): Home[] {
  const { from, to, seed, closings, parameters = AUBRELLE } = options;
  const window = windowOf(closings + 2);
  const homes: Home[] = [];
  for (const { use, type, leases } of dwellingsOf({ from, to, seed, window, parameters })) {
    if (use !== "residential") continue;
    for (const lease of leases) {
      const all = monthsOf(lease, window);
      const months = all.flatMap((now, index): HomeMonth[] => {
        if (!now.present || now.month <= window.lastMonth - 1 - closings) return [];
        const before = all[index - 1];
        return [
          {
            month: now.month,
            bands: bandsOf(lease, type, now.closing, now.month, now.call),
            terms: now.terms,
            termsBefore: before === undefined ? null : before.terms,
          },
        ];
      });
      if (months.length > 0) homes.push({ household: lease.household.id, months });
    }
  }
  return homes;
}

function bandsOf(
  { household, start, terms }: LeaseRecord,
  type: string | null,
  closing: Day,
  month: Month,
  call: number,
): number[] {
  const situation = latest(household.situations, closing);
  const benefit = latest(terms, closing)?.benefitToLandlord;
  const tenure = fullMonths(start, closing, month) / 12;
  const burden =
    situation === undefined || situation.referenceIncome <= 0 || call <= 0
      ? null
      : (100 * 12 * call) / situation.referenceIncome;
  return [
    ranged(0, tenure),
    ranged(1, burden),
    ranged(2, situation?.size ?? null),
    named(3, type ?? "unknown"),
    named(4, benefit === undefined ? "unknown" : benefit ? "direct" : "not_direct"),
  ];
}

/** The latest valid of what is both valid and known on a day. */
function latest<T extends { readonly validFrom: Day; readonly knownOn: Day }>(
  dated: readonly T[],
  on: Day,
): T | undefined {
  return dated
    .filter(({ validFrom, knownOn }) => validFrom <= on && knownOn <= on)
    .reduce<T | undefined>(
      (best, one) => (best === undefined || one.validFrom >= best.validFrom ? one : best),
      undefined,
    );
}

function ranged(dimension: number, value: number | null): number {
  const bands = BANDS[dimension] ?? [];
  if (value === null) return bands.length - 1;
  return bands.findLastIndex(({ from }) => from !== null && value >= from);
}

function named(dimension: number, band: string): number {
  return (BANDS[dimension] ?? []).findIndex((one) => one.band === band);
}

function fullMonths(from: Day, to: Day, toMonth: Month): number {
  const months = toMonth - monthOf(from);
  return from - firstDay(monthOf(from)) > to - firstDay(toMonth) && to !== lastDay(toMonth)
    ? months - 1
    : months;
}

/** A landlord whose households make so much less of an effort to pay, whatever befalls them: what a weak agency gets. */
export function weaker(parameters: Parameters, effort: number): Parameters {
  const ways = (behaviour: Behaviour) => {
    const own = parameters.behaviours[behaviour];
    return { ...own, effort: own.effort * effort };
  };
  return {
    ...parameters,
    behaviours: {
      regular: ways("regular"),
      late: ways("late"),
      irregular: ways("irregular"),
      refusing: ways("refusing"),
    },
  };
}
