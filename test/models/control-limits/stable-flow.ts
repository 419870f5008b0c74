import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Flow, FlowKind, FlowSeries } from "../../../models/control-limits/control-limits.ts";

/** A landlord whose agencies change nothing in what they do: what moves is season, luck and moods that pass. */
export interface StableLandlord {
  readonly kind: FlowKind;
  readonly agencies: number;
  readonly months: number;
  /** Leases of the smallest and the largest agency. */
  readonly leases: readonly [number, number];
  /** Rate of a usual agency. */
  readonly rate: number;
  /** Largest effect of a month of the year, as a share of the rate. */
  readonly season: number;
  /** From one month to the next, of the agency's own mood. */
  readonly autocorrelation: number;
  /** Standard deviation of the mood, as a share of the rate. */
  readonly mood: number;
  /** Standard deviation of what a month alone brings, as a share of the rate: dispersion beyond the binomial's. */
  readonly dispersion: number;
  /** Standard deviation of what a month brings to all agencies alike, as a share of the rate. */
  readonly common: number;
  /** Standard deviation of a household's amount, as a share of it: of a ratio, the noise that falls with volume. */
  readonly household: number;
}

export const USUAL: StableLandlord = {
  kind: "share",
  agencies: 12,
  months: 60,
  leases: [400, 3000],
  rate: 0.02,
  season: 0.25,
  autocorrelation: 0.3,
  mood: 0.1,
  dispersion: 0.1,
  common: 0.05,
  household: 0,
};

/** A step in one agency's flow, of so many standard deviations of its one-step-ahead error. */
export interface Step {
  readonly agency: number;
  readonly month: number;
  readonly deviations: number;
}

/** A stable landlord's flow, with steps where asked for; the same seed gives the same luck with and without them. */
export function stableFlow(landlord: StableLandlord, seed: number, steps: readonly Step[] = []): Flow {
  const { agencies, months, kind } = landlord;
  const random = draws(seed);
  const phase = random.uniform() * 12;
  const second = random.uniform() * 12;
  const season = (month: number) =>
    landlord.season *
    (0.7 * Math.cos((2 * Math.PI * (month - phase)) / 12) +
      0.3 * Math.cos((4 * Math.PI * (month - second)) / 12));
  const common = Array.from({ length: months }, () => landlord.common * random.normal());
  const series: FlowSeries[] = [];
  for (let agency = 0; agency < agencies; agency += 1) {
    const [least, most] = landlord.leases;
    const leases = least * (most / least) ** random.uniform();
    const rate =
      landlord.rate * (kind === "share" ? Math.exp(0.3 * random.normal()) : 1 + 0.02 * random.normal());
    const growth = 1 + 0.1 * (random.uniform() - 0.5);
    const numerator = new Float64Array(months);
    const denominator = new Float64Array(months);
    const volume = new Float64Array(months);
    let mood = landlord.mood * random.normal();
    const step = steps.find((one) => one.agency === agency);
    for (let month = 0; month < months; month += 1) {
      const usual = rate * (1 + season(month));
      const households = Math.round(leases * growth ** (month / months));
      const moved = step !== undefined && month >= step.month;
      const shift = moved ? step.deviations * errorDeviation(landlord, rate, households) : 0;
      const expected =
        usual * (1 + mood + (common[month] ?? 0) + landlord.dispersion * random.normal()) + rate * shift;
      if (kind === "share") {
        denominator[month] = households;
        numerator[month] = random.binomial(households, Math.min(Math.max(expected, 0), 1));
      } else {
        const billed = households * 400;
        denominator[month] = billed;
        const luck = (landlord.household * random.normal()) / Math.sqrt(households);
        numerator[month] = Math.round(billed * (expected + rate * luck) * 100) / 100;
      }
      volume[month] = households;
      mood =
        landlord.autocorrelation * mood +
        landlord.mood * Math.sqrt(1 - landlord.autocorrelation ** 2) * random.normal();
    }
    series.push({ id: `A${String(agency).padStart(2, "0")}`, numerator, denominator, volume });
  }
  const whole = sumOf(series, months);
  return { kind, firstMonth: 0, whole, pools: [[whole], series] };
}

/**
 * Standard deviation, as a share of the rate, of the best forecast of a month by someone who knows every parameter: mood
 * followed as well as the noise around it allows (the steady state of its Kalman filter).
 */
function errorDeviation(landlord: StableLandlord, rate: number, households: number): number {
  const sampling =
    landlord.kind === "share" ? (1 - rate) / (rate * households) : landlord.household ** 2 / households;
  const noise = sampling + landlord.dispersion ** 2 + landlord.common ** 2;
  const fresh = landlord.mood ** 2 * (1 - landlord.autocorrelation ** 2);
  let uncertain = landlord.mood ** 2;
  for (let month = 0; month < 100; month += 1) {
    uncertain = landlord.autocorrelation ** 2 * ((uncertain * noise) / (uncertain + noise)) + fresh;
  }
  return Math.sqrt(uncertain + noise);
}

function sumOf(series: readonly FlowSeries[], months: number): FlowSeries {
  const total = (pick: (one: FlowSeries) => Float64Array) =>
    Float64Array.from({ length: months }, (_, month) =>
      series.reduce((sum, one) => sum + (pick(one)[month] ?? 0), 0),
    );
  return {
    id: "company",
    numerator: total(({ numerator }) => numerator),
    denominator: total(({ denominator }) => denominator),
    volume: total(({ volume }) => volume),
  };
}

function draws(seed: number) {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const binomial = (trials: number, chance: number) => {
    let cases = 0;
    for (let trial = 0; trial < trials; trial += 1) if (uniform() < chance) cases += 1;
    return cases;
  };
  return { uniform, normal, binomial };
}
