import { parseArgs } from "node:util";
import { controlLimits, type Flow } from "../../models/control-limits/control-limits.ts";
import {
  countReds,
  defaultRules,
  falseReds,
  type Reds,
  seenSteps,
  stepsOf,
  type Watched,
} from "../models/control-limits/false-and-true-reds.ts";
import { type StableLandlord, USUAL } from "../models/control-limits/stable-flow.ts";
import { machine } from "./machine.ts";
import { simulatedFlows, withMoreCases } from "./simulated-flows.ts";

const onset: StableLandlord = USUAL;
const cure: StableLandlord = { ...USUAL, rate: 0.3, leases: [60, 400] };
const collection: StableLandlord = {
  ...USUAL,
  kind: "ratio",
  rate: 0.93,
  season: 0.01,
  mood: 0.004,
  dispersion: 0.003,
  common: 0.003,
  household: 0.15,
};

/** The indicator of each case, by the flows behind it; the first one takes the step. */
const CASES: Readonly<Record<string, readonly Watched[]>> = {
  onset_and_cure: [
    { landlord: onset, badSide: "above" },
    { landlord: cure, badSide: "below" },
  ],
  collection: [{ landlord: collection, badSide: "below" }],
  no_autocorrelation: [{ landlord: { ...onset, autocorrelation: 0, mood: 0 }, badSide: "above" }],
  strong_autocorrelation: [{ landlord: { ...onset, autocorrelation: 0.6, mood: 0.2 }, badSide: "above" }],
  low_volume: [{ landlord: { ...onset, leases: [150, 600], rate: 0.04 }, badSide: "above" }],
  short_history: [{ landlord: { ...onset, months: 30 }, badSide: "above" }],
  three_agencies: [{ landlord: { ...onset, agencies: 3 }, badSide: "above" }],
};

/** The case whose flows come from simulated households, who pay, fall behind and catch up. */
const SIMULATED = "simulated_households";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "50" },
    first: { type: "string", default: "1" },
    case: { type: "string", multiple: true },
    dwellings: { type: "string", default: "4000" },
    limit: { type: "string" },
  },
});
const seeds = Number(values.seeds);
const first = Number(values.first);
const dwellings = Number(values.dwellings);
const usual = defaultRules();
const rules = { ...usual, limit: Number(values.limit ?? usual.limit) };
const chosen = values.case ?? [...Object.keys(CASES), SIMULATED];
const figures = chosen.map((name) => {
  const flows = CASES[name];
  if (flows === undefined && name !== SIMULATED)
    throw new Error(`no case is called ${name}: ${[...Object.keys(CASES), SIMULATED].join(", ")}`);
  const count = (seed: number) => (flows === undefined ? simulatedReds(seed) : countReds(flows, seed, rules));
  return [name, summary(Array.from({ length: seeds }, (_, n) => count(first + n)))];
});
console.log(
  JSON.stringify({ bench: "control", seeds, first, rules, ...machine(), cases: Object.fromEntries(figures) }),
);

/** Onsets and cures of simulated households; a step is added to the onsets of one agency. */
function simulatedReds(seed: number): Reds {
  const { onset, cure } = simulatedFlows(dwellings, seed);
  const quiet = falseReds(
    [
      { flow: onset, badSide: "above" },
      { flow: cure, badSide: "below" },
    ],
    rules,
  );
  const steps = stepsOf(onset.pools[1]?.length ?? 0, onset.whole.numerator.length, seed, rules);
  const stepped = steps.reduce(
    (flow, { agency, month }) => withMoreCases(flow, agency, month, 3 * errorDeviation(onset, agency)),
    onset,
  );
  return { ...quiet, ...seenSteps(stepped, "above", steps, rules) };
}

/** Standard deviation of the one-step-ahead errors of an agency left alone. */
function errorDeviation(flow: Flow, agency: number): number {
  const limits = controlLimits(flow, rules)[1 + agency] ?? [];
  const errors = limits.filter(({ judged }) => judged).map(({ observed, expected }) => observed - expected);
  return Math.sqrt(errors.reduce((total, error) => total + error ** 2, 0) / errors.length);
}

/** Means over seeds with the interval that their spread gives; false reds for 20 years of one indicator in one agency. */
function summary(reds: readonly Reds[]): Record<string, unknown> {
  const years = reds.reduce((total, one) => total + one.years, 0);
  const steps = reds.reduce((total, one) => total + one.steps, 0);
  return {
    indicator_agency_years: Math.round(years),
    false_reds_per_20_years: ratio(
      reds,
      ({ falseReds }) => falseReds,
      (one) => one.years / 20,
    ),
    false_months_per_20_years: ratio(
      reds,
      ({ falseMonths }) => falseMonths,
      (one) => one.years / 20,
    ),
    steps,
    seen_within_3_closings: ratio(
      reds,
      ({ seen }) => seen,
      (one) => one.steps,
    ),
    seen_at_once: ratio(
      reds,
      ({ seenAtOnce }) => seenAtOnce,
      (one) => one.steps,
    ),
  };
}

/** A ratio of sums over seeds, and its 95% interval from the spread between seeds (the linearised ratio estimator). */
function ratio(
  reds: readonly Reds[],
  numerator: (one: Reds) => number,
  denominator: (one: Reds) => number,
): { mean: number; low: number; high: number } {
  const below = reds.reduce((total, one) => total + denominator(one), 0);
  const mean = reds.reduce((total, one) => total + numerator(one), 0) / below;
  const squares = reds.reduce((total, one) => total + (numerator(one) - mean * denominator(one)) ** 2, 0);
  const error = Math.sqrt((squares * reds.length) / Math.max(reds.length - 1, 1)) / below;
  const round = (value: number) => Math.round(1000 * value) / 1000;
  return {
    mean: round(mean),
    low: round(Math.max(mean - 1.96 * error, 0)),
    high: round(mean + 1.96 * error),
  };
}
