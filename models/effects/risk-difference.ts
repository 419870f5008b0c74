/** Matched households: the treated, and their controls with the weight that matching gave them. */
export interface MatchedHouseholds {
  readonly rows: number;
  /** 1 for the treated. */
  readonly treated: ArrayLike<number>;
  /** 1 for a treated row, for a control how many treated ones it stands for; rows of weight 0 do not count. */
  readonly weight: ArrayLike<number>;
  /** One number per household: its rows stand and fall together. */
  readonly household: ArrayLike<number>;
  /** 1 where the outcome came about. */
  readonly outcome: ArrayLike<number>;
  /** Probability of the outcome without the treatment, as learnt from the untreated. */
  readonly expected: ArrayLike<number>;
  /** 1 for a control that had the treatment after all, later in the period; absent where none could. */
  readonly later?: ArrayLike<number>;
  /** What the later treatment changes, as a difference of shares; absent where it is the one compared, and changes as much. */
  readonly effectOfLater?: number;
}

/** A risk difference among the treated, with its 95% interval. */
export interface RiskDifference {
  readonly treated: number;
  /** Households, treated and controls, that it rests on. */
  readonly households: number;
  readonly shareTreated: number;
  /** The share expected of the treated without the treatment: their own less the difference. */
  readonly shareControl: number;
  readonly difference: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5% of a standard normal distribution lies below. */
const TWO_SIDED_95 = 1.959964;
/** However many controls were treated later, no difference is made larger than twice as large. */
const LEAST_CONTRAST = 0.5;

/**
 * The average effect of the treatment on the treated, as a difference of shares: what came about among the treated less
 * what came about among their controls, each less what was expected of it, so that what is left unlike after matching is
 * taken out. Its variance is that of the sum of every household's contributions, however often it was treated or served
 * as a control, and does not take the treated's own outcomes as given: it is, if anything, too large for these households.
 * Controls that were treated later in the period dilute the difference by their share times what it changed for them: that
 * is added back from the shares alone, so that nobody is chosen by what happened after the day (Bloom 1984, Accounting for
 * no-shows in experimental evaluation designs, Evaluation Review 8).
 * One case and one other are added to the treated's variance, so that few or no cases do not pass for certainty.
 *
 * Bias correction: Abadie and Imbens (2011), Bias-corrected matching estimators for average treatment effects, Journal of
 * Business & Economic Statistics 29. Controls used again: Abadie and Imbens (2006), Econometrica 74; the plain bootstrap
 * fails there, Abadie and Imbens (2008), Econometrica 76. Clusters: Abadie and Spiess (2022), Robust post-matching
 * inference, JASA 117. Few cases: Agresti and Caffo (2000), The American Statistician 54.
 */
export function riskDifference(matched: MatchedHouseholds): RiskDifference | null {
  const { rows, treated, weight, household, outcome, expected } = matched;
  let count = 0;
  let cases = 0;
  let leftOfTreated = 0;
  let leftOfControls = 0;
  let later = 0;
  for (let row = 0; row < rows; row++) {
    const counts = weight[row] ?? 0;
    const left = (outcome[row] ?? 0) - (expected[row] ?? 0);
    if (treated[row] === 1) {
      count += counts;
      cases += counts * (outcome[row] ?? 0);
      leftOfTreated += counts * left;
    } else {
      leftOfControls += counts * left;
      later += counts * (matched.later?.[row] ?? 0);
    }
  }
  if (count === 0) return null;
  const ofTreated = leftOfTreated / count;
  const ofControls = leftOfControls / count;
  const contributions = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const counts = weight[row] ?? 0;
    if (counts === 0) continue;
    const left = (outcome[row] ?? 0) - (expected[row] ?? 0);
    const contribution = treated[row] === 1 ? counts * (left - ofTreated) : -counts * (left - ofControls);
    const cluster = household[row] ?? 0;
    contributions.set(cluster, (contributions.get(cluster) ?? 0) + contribution / count);
  }
  const households = contributions.size;
  let squares = 0;
  for (const contribution of contributions.values()) squares += contribution * contribution;
  const variance = (squares * households) / Math.max(1, households - 1);
  const diluted = ofTreated - ofControls;
  const shareLater = later / count;
  const scale = matched.effectOfLater === undefined ? 1 / Math.max(1 - shareLater, LEAST_CONTRAST) : 1;
  const difference = diluted * scale + shareLater * (matched.effectOfLater ?? 0);
  const shareTreated = cases / count;
  const cautiousShare = (cases + 1) / (count + 2);
  const moreVariance = (cautiousShare * (1 - cautiousShare) - shareTreated * (1 - shareTreated)) / count;
  const standardError = scale * Math.sqrt(variance + Math.max(0, moreVariance));
  return {
    treated: count,
    households,
    shareTreated,
    shareControl: shareTreated - difference,
    difference,
    standardError,
    low: difference - TWO_SIDED_95 * standardError,
    high: difference + TWO_SIDED_95 * standardError,
  };
}
