import {
  type ChartRules,
  type ControlLimit,
  controlLimits,
  type Flow,
} from "../../../models/control-limits/control-limits.ts";
import { controlSchema } from "../../../pipelines/strategy/control.ts";
import { type StableLandlord, type Step, stableFlow } from "./stable-flow.ts";

/** A flow behind an indicator, and the side on which it is bad news. */
export interface Watched {
  readonly landlord: StableLandlord;
  readonly badSide: "above" | "below";
}

/** Reds of one seed: what a stable landlord was told wrongly, and which steps were seen. */
export interface Reds {
  /** Months of an agency in which at least one flow was judged, over twelve. */
  readonly years: number;
  /** Months red though nothing changed; and runs of them. */
  readonly falseMonths: number;
  readonly falseReds: number;
  readonly steps: number;
  /** Steps seen at the first closing, and within three. */
  readonly seenAtOnce: number;
  readonly seen: number;
}

/** The strategy's rules, as a chart takes them. */
export function defaultRules(): ChartRules {
  const control = controlSchema.parse(undefined);
  return {
    minimumMonths: control.minimum_months,
    minimumVolume: control.minimum_volume,
    minimumExpected: control.minimum_expected,
    leastChange: control.least_change,
    limit: control.limit,
    stepMonths: control.step_months,
    back: control.back,
    acceptMonths: control.accept_months,
  };
}

/** Agencies whose first flow takes a step, one in four. */
const STEPPED_EVERY = 4;
const CLOSINGS = 3;

/**
 * Counts the reds of one indicator and seed: on the stable landlord, and after a step of `deviations` standard deviations
 * of the one-step-ahead error to the bad side of its first flow, in one agency of four, each in a month of its own.
 */
export function countReds(
  watched: readonly Watched[],
  seed: number,
  rules: ChartRules,
  deviations = 3,
): Reds {
  const [first] = watched;
  if (first === undefined) throw new Error("an indicator stands on one flow at least");
  const { landlord, badSide } = first;
  const flows = watched.map(({ landlord, badSide }, n) => ({
    flow: stableFlow(landlord, seed + 7919 * n),
    badSide,
  }));
  const steps = stepsOf(landlord.agencies, landlord.months, seed, rules).map((step) => ({
    ...step,
    deviations: badSide === "above" ? deviations : -deviations,
  }));
  return {
    ...falseReds(flows, rules),
    ...seenSteps(stableFlow(landlord, seed, steps), badSide, steps, rules),
  };
}

/** Which agencies take a step, and when: each in a month that leaves three closings to see it. */
export function stepsOf(
  agencies: number,
  months: number,
  seed: number,
  rules: ChartRules,
): Omit<Step, "deviations">[] {
  const judgeable = months - rules.minimumMonths - CLOSINGS;
  const steps: Omit<Step, "deviations">[] = [];
  for (let agency = seed % Math.min(STEPPED_EVERY, agencies); agency < agencies; agency += STEPPED_EVERY) {
    steps.push({ agency, month: rules.minimumMonths + ((seed * 7 + agency * 5) % judgeable) });
  }
  return steps;
}

/** The reds of an indicator whose flows nothing has changed. */
export function falseReds(
  flows: readonly { readonly flow: Flow; readonly badSide: "above" | "below" }[],
  rules: ChartRules,
): Pick<Reds, "years" | "falseMonths" | "falseReds"> {
  const limits = flows.map(({ flow, badSide }) => ({
    badSide,
    agencies: agenciesOf(controlLimits(flow, rules)),
  }));
  const [first] = flows;
  let [judgedMonths, falseMonths, falseReds] = [0, 0, 0];
  for (const agency of (first?.flow.pools[1] ?? []).keys()) {
    let wasRed = false;
    for (const month of (first?.flow.whole.numerator ?? []).keys()) {
      const told = limits.map(({ agencies, badSide }) => ({
        badSide,
        limit: agencies[agency]?.find((limit) => limit.month === month),
      }));
      if (!told.some(({ limit }) => limit?.judged)) continue;
      judgedMonths += 1;
      const isRed = told.some(({ limit, badSide }) => limit?.verdict === badSide);
      if (isRed) falseMonths += 1;
      if (isRed && !wasRed) falseReds += 1;
      wasRed = isRed;
    }
  }
  return { years: judgedMonths / 12, falseMonths, falseReds };
}

/** Which of the steps in a flow are red at once, and within three closings; those in months not judged are left out. */
export function seenSteps(
  stepped: Flow,
  badSide: "above" | "below",
  steps: readonly Omit<Step, "deviations">[],
  rules: ChartRules,
): Pick<Reds, "steps" | "seenAtOnce" | "seen"> {
  const agencies = agenciesOf(controlLimits(stepped, rules));
  let [counted, seenAtOnce, seen] = [0, 0, 0];
  for (const { agency, month } of steps) {
    const after = (agencies[agency] ?? []).filter(
      (limit) => limit.month >= month && limit.month < month + CLOSINGS,
    );
    if (!after.some(({ judged }) => judged)) continue;
    counted += 1;
    if (after[0]?.verdict === badSide) seenAtOnce += 1;
    if (after.some(({ verdict }) => verdict === badSide)) seen += 1;
  }
  return { steps: counted, seenAtOnce, seen };
}

/** The lists of the agencies: the whole comes first. */
function agenciesOf(lists: readonly ControlLimit[][]): readonly ControlLimit[][] {
  return lists.slice(1);
}
