/** A simple rule: one feature, read one way. What a model must beat to serve, and what serves where none does. */
export interface Rule {
  readonly name: string;
  readonly feature: string;
  readonly labelFr: string;
  /** 1 where more of the feature is more risk, -1 where less is. */
  readonly sign: 1 | -1;
  /** Where the feature is unknown, the household is taken for an average one, or for the one least at risk. */
  readonly missing: "average" | "least";
}

/** The simple rules that people would go by without a model; the first where nothing tells them apart. */
export const RULES: readonly Rule[] = [
  {
    name: "mean_lateness",
    feature: "days_late_mean_12",
    labelFr: "le retard moyen de paiement sur douze mois",
    sign: 1,
    missing: "average",
  },
  {
    name: "late_months",
    feature: "late_months_12",
    labelFr: "le nombre de mois payés en retard sur douze",
    sign: 1,
    missing: "average",
  },
  {
    name: "days_late_last_month",
    feature: "days_late_last",
    labelFr: "les jours de retard du dernier mois",
    sign: 1,
    missing: "average",
  },
  {
    name: "balance",
    feature: "terms_owed",
    labelFr: "le solde dû, en termes",
    sign: 1,
    missing: "average",
  },
  {
    name: "months_since_arrears",
    feature: "months_since_arrears",
    labelFr: "les mois écoulés depuis le dernier impayé",
    sign: -1,
    missing: "least",
  },
];

/**
 * What a rule makes of its feature, the highest most at risk: counts and days weigh by their logarithm, so that one extreme
 * month does not stand for all. Infinite values count as unknown, and what is unknown stands at `unknown`: where that is not
 * given, at the mean or the least of the values known.
 */
export function ruleScore(rule: Rule, column: ArrayLike<number>, unknown?: number): Float64Array {
  const known = knownScore(rule, column);
  const filling = unknown ?? whereUnknown(rule, known);
  return known.map((value) => (Number.isNaN(value) ? filling : value));
}

function knownScore({ sign }: Rule, column: ArrayLike<number>): Float64Array {
  const score = new Float64Array(column.length);
  for (let row = 0; row < score.length; row++) {
    const value = column[row] ?? Number.NaN;
    score[row] = Number.isFinite(value) ? sign * Math.sign(value) * Math.log1p(Math.abs(value)) : Number.NaN;
  }
  return score;
}

function whereUnknown(rule: Rule, score: Float64Array): number {
  let total = 0;
  let known = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const value of score) {
    if (Number.isNaN(value)) continue;
    total += value;
    known += 1;
    least = Math.min(least, value);
  }
  if (known === 0) return 0;
  return rule.missing === "average" ? total / known : least;
}

/** A rule with the probability that it gives: logit = base + slope · (score − mean). */
export interface FittedRule {
  readonly rule: string;
  readonly base: number;
  readonly slope: number;
  readonly mean: number;
  /** The score of a household whose feature is unknown. */
  readonly unknown: number;
}

/** What is believed before any history: two households in a hundred fall within three months, as fifty would have shown. */
const PRIOR_ROWS = 50;
const PRIOR_SHARE = 0.02;
/** The rule keeps its order whatever few households did. */
const LEAST_SLOPE = 0.05;
const RIDGE = 1;
const STEPS = 25;

/**
 * Gives a rule a probability by a logistic curve (Platt 1999), fitted by Newton's steps to weighted rows, with what is
 * believed beforehand, so that no history at all gives an answer too. It never turns the rule round.
 */
export function fitRule(
  rule: Rule,
  column: ArrayLike<number>,
  outcome: ArrayLike<number>,
  weight?: ArrayLike<number>,
): FittedRule {
  const known = knownScore(rule, column);
  const unknown = whereUnknown(rule, known);
  const score = known.map((value) => (Number.isNaN(value) ? unknown : value));
  const rows = score.length;
  let whole = 0;
  let mean = 0;
  for (let row = 0; row < rows; row++) {
    const counted = weight?.[row] ?? 1;
    whole += counted;
    mean += counted * (score[row] ?? 0);
  }
  mean = whole === 0 ? 0 : mean / whole;
  let base = Math.log(PRIOR_SHARE / (1 - PRIOR_SHARE));
  let slope = 0;
  for (let step = 0; step < STEPS; step++) {
    const prior = sigmoid(base);
    let gradientOfBase = PRIOR_ROWS * (PRIOR_SHARE - prior);
    let gradientOfSlope = -RIDGE * slope;
    let baseBase = PRIOR_ROWS * prior * (1 - prior);
    let baseSlope = 0;
    let slopeSlope = RIDGE;
    for (let row = 0; row < rows; row++) {
      const counted = weight?.[row] ?? 1;
      const x = (score[row] ?? 0) - mean;
      const probability = sigmoid(base + slope * x);
      const left = counted * ((outcome[row] ?? 0) - probability);
      const curve = counted * probability * (1 - probability);
      gradientOfBase += left;
      gradientOfSlope += left * x;
      baseBase += curve;
      baseSlope += curve * x;
      slopeSlope += curve * x * x;
    }
    const determinant = baseBase * slopeSlope - baseSlope * baseSlope;
    const moveBase = clamp((slopeSlope * gradientOfBase - baseSlope * gradientOfSlope) / determinant);
    const moveSlope = clamp((baseBase * gradientOfSlope - baseSlope * gradientOfBase) / determinant);
    base += moveBase;
    slope += moveSlope;
    if (Math.abs(moveBase) + Math.abs(moveSlope) < 1e-10) break;
  }
  return { rule: rule.name, base, slope: Math.max(slope, LEAST_SLOPE), mean, unknown };
}

/** What the rule's feature adds to the base of the logit, household by household. */
export function ruleContributions(rule: Rule, fitted: FittedRule, column: ArrayLike<number>): Float64Array {
  return ruleScore(rule, column, fitted.unknown).map((score) => fitted.slope * (score - fitted.mean));
}

/** The probability of a logit. */
export function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** A Newton step far from the answer is kept short. */
function clamp(step: number): number {
  return Math.max(-2, Math.min(2, step));
}
