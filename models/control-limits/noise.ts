import {
  begin,
  expectation,
  type Filtered,
  forgetLevel,
  learnMonth,
  moveOn,
  type Noise,
  type Season,
  unknownSeason,
} from "./filter.ts";
import { type FlowKind, isTold, type RelativeRates, relativeRate, samplingVariance } from "./flow.ts";

/** How noisy the slices of one pool are, and how far their season reaches. */
export interface Learnt {
  readonly noise: Noise;
  /** What the variance by volume is multiplied by: at least 1 for a share. */
  readonly scale: number;
  /** Variance of a month's effect, where the season is learnt from the pool itself. */
  readonly seasonVariance: number;
  /** The candidates chosen: the next search begins at them. */
  readonly chosen: Readonly<Record<Coordinate, number>>;
  /** Third moment of the standardised errors, shrunk to 0: what amounts need, and shares do not. */
  readonly skewness: number;
}

/** Candidates of the search. Each noise is told as a multiple of another, so that units do not matter. */
const CANDIDATES = {
  persistence: [0, 0.15, 0.3, 0.45, 0.6, 0.75],
  /** Unexplained variance over that by volume. */
  spread: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
  /** Drift of the level in a month over all variance of a month. */
  drift: [0, 0.0005, 0.002, 0.008, 0.03],
  /** Variance of a month's effect over all other variance: never small, or seasons would pass for shifts before they are learnt. */
  season: [2, 8, 32],
} as const;
type Coordinate = keyof typeof CANDIDATES;

const FIRST_GUESS: Readonly<Record<Coordinate, number>> = {
  persistence: 0.15,
  spread: 1,
  drift: 0.0005,
  season: 8,
};

/** Log prior weights, mild: a level mostly stays, autocorrelation is mostly moderate. */
const PRIOR: Readonly<Record<Coordinate, (value: number) => number>> = {
  persistence: (value) => -((value - 0.25) ** 2) / (2 * 0.3 ** 2),
  spread: () => 0,
  drift: (value) => -200 * value ** 1.5,
  season: () => 0,
};

/** An error beyond so many standard deviations teaches as much as one of just so many. */
const LARGEST_LESSON = 3.5;
/** Standardised errors that the third moment is shrunk by. */
const PRIOR_ERRORS = 100;

/**
 * Filters a slice's months before `until`, in some room. The belief left is the one before month `until` is seen: one step ahead.
 */
export function filterPast(
  kind: FlowKind,
  firstMonth: number,
  rates: RelativeRates,
  until: number,
  season: Season,
  { noise, scale }: Pick<Learnt, "noise" | "scale">,
  room: Filtered,
): void {
  const { belief, errors, variances } = room;
  begin(belief, season, noise);
  const { series, judged } = rates;
  for (let month = 0; month < until; month += 1) {
    if (judged.restarts.has(month)) forgetLevel(belief);
    if (isTold(series, month) && judged.held[month] !== 1) {
      const ofYear = (firstMonth + month) % 12;
      const expected = expectation(belief, ofYear);
      const noiseOfMonth = scale * samplingVariance(kind, rates, month, expected.mean);
      const reach = LARGEST_LESSON * Math.sqrt(expected.variance + noiseOfMonth);
      const error = relativeRate(rates, month) - expected.mean;
      const lesson = expected.mean + Math.min(Math.max(error, -reach), reach);
      learnMonth(room, month, ofYear, expected, lesson, noiseOfMonth);
      errors[month] = error;
    } else {
      errors[month] = Number.NaN;
      variances[month] = Number.NaN;
    }
    moveOn(belief, noise);
  }
}

/** Errors of the months before `until` over their standard deviation, without those of a level that was still vague. */
export function standardised(
  { errors, variances }: Filtered,
  until: number,
  { restarts }: { readonly restarts: Set<number> },
): number[] {
  const told: number[] = [];
  let vague = true;
  for (let month = 0; month < until; month += 1) {
    if (restarts.has(month)) vague = true;
    const variance = variances[month] ?? Number.NaN;
    if (Number.isNaN(variance)) continue;
    if (!vague) told.push((errors[month] ?? 0) / Math.sqrt(variance));
    vague = false;
  }
  return told;
}

/**
 * Learns the noise of a pool from its months before `until`: the likeliest of a grid of candidates, one coordinate after
 * the other, under mild priors; the overall scale is found in closed form.
 *
 * @param season what is known of the season; null where the pool's own months must teach it.
 * @param before what was learnt some months ago, from which the search goes on, a candidate to either side at a time.
 * @param room where slices are filtered, one after the other.
 */
export function learnNoise(
  kind: FlowKind,
  firstMonth: number,
  pool: readonly RelativeRates[],
  until: number,
  season: Season | null,
  before: Learnt | null,
  room: Filtered,
): Learnt {
  const unit = medianSampling(kind, pool, until);
  const least = kind === "share" ? 1 : 0;
  let scale = kind === "share" ? 1 : crudeScale(pool, until);
  const chosen: Record<Coordinate, number> = { ...(before?.chosen ?? FIRST_GUESS) };
  const tell = (values: Record<Coordinate, number>) => {
    const spread = values.spread * unit * scale;
    const all = spread + unit * scale;
    return {
      noise: { persistence: values.persistence, spread, drift: values.drift * all },
      scale,
      seasonVariance: values.season * all,
    };
  };
  const judged = new Map<string, { readonly likelihood: number; readonly factor: number }>();
  /** The search comes back to where it stood once for every coordinate. */
  const judge = (values: Record<Coordinate, number>) => {
    const key = `${scale} ${coordinates(null)
      .map((coordinate) => values[coordinate])
      .join(" ")}`;
    const found = judged.get(key) ?? judgeAnew(values);
    judged.set(key, found);
    return found;
  };
  const judgeAnew = (values: Record<Coordinate, number>) => {
    const learnt = tell(values);
    const known = season ?? unknownSeason(learnt.seasonVariance);
    let count = 0;
    let squares = 0;
    let logs = 0;
    for (const rates of pool) {
      filterPast(kind, firstMonth, rates, until, known, learnt, room);
      let vague = true;
      for (let month = 0; month < until; month += 1) {
        if (rates.judged.restarts.has(month)) vague = true;
        const variance = room.variances[month] ?? Number.NaN;
        if (Number.isNaN(variance)) continue;
        if (!vague) {
          count += 1;
          squares += (room.errors[month] ?? 0) ** 2 / variance;
          logs += Math.log(variance);
        }
        vague = false;
      }
    }
    const factor = count === 0 ? 1 : Math.max(squares / count, least / scale, 1e-12);
    const likelihood = -0.5 * (count * Math.log(factor) + logs + squares / factor);
    let prior = 0;
    for (const coordinate of coordinates(season)) prior += PRIOR[coordinate](values[coordinate]);
    return { likelihood: likelihood + prior, factor };
  };
  for (let sweep = 0; sweep < 2; sweep += 1) {
    for (const coordinate of coordinates(season)) {
      let best = Number.NEGATIVE_INFINITY;
      let value = chosen[coordinate];
      for (const candidate of candidatesNear(coordinate, value, before !== null)) {
        const { likelihood } = judge({ ...chosen, [coordinate]: candidate });
        if (likelihood > best + 1e-9) {
          best = likelihood;
          value = candidate;
        }
      }
      chosen[coordinate] = value;
    }
    scale *= judge(chosen).factor;
  }
  const learnt = tell(chosen);
  const known = season ?? unknownSeason(learnt.seasonVariance);
  const errors = pool.flatMap((rates) => {
    filterPast(kind, firstMonth, rates, until, known, learnt, room);
    return standardised(room, until, rates.judged);
  });
  const cubes = errors.reduce((sum, error) => sum + error ** 3, 0);
  return { ...learnt, chosen, skewness: Math.min(Math.max(cubes / (errors.length + PRIOR_ERRORS), -1), 1) };
}

/** All candidates of a coordinate, or those beside the value that the search stands at. */
function candidatesNear(coordinate: Coordinate, value: number, onlyNear: boolean): readonly number[] {
  const all: readonly number[] = CANDIDATES[coordinate];
  const place = all.indexOf(value);
  return onlyNear ? all.slice(Math.max(place - 1, 0), place + 2) : all;
}

function coordinates(season: Season | null): Coordinate[] {
  return season === null ? ["spread", "season", "persistence", "drift"] : ["spread", "persistence", "drift"];
}

/** Variance by volume of a usual month of the pool. */
function medianSampling(kind: FlowKind, pool: readonly RelativeRates[], until: number): number {
  const variances: number[] = [];
  for (const rates of pool) {
    for (let month = 0; month < until; month += 1) {
      if (isTold(rates.series, month)) variances.push(samplingVariance(kind, rates, month, 1));
    }
  }
  variances.sort((a, b) => a - b);
  return variances[variances.length >> 1] ?? 1;
}

/** Mean square of the rates around their mean, by volume: the first guess of the scale of amounts. */
function crudeScale(pool: readonly RelativeRates[], until: number): number {
  let squares = 0;
  let count = 0;
  for (const rates of pool) {
    for (let month = 0; month < until; month += 1) {
      if (!isTold(rates.series, month) || rates.judged.held[month] === 1) continue;
      squares += (rates.series.volume[month] ?? 0) * (relativeRate(rates, month) - 1) ** 2;
      count += 1;
    }
  }
  return squares > 0 ? squares / count / 2 : 1e-12;
}
