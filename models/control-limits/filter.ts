/** Months of the year, whose effects stand in the state behind the level and the autocorrelated part. */
const MONTHS = 12;
const SIZE = 2 + MONTHS;
const LEVEL = 0;
const RESIDUAL = 1;
const FIRST_MONTH = 2;

/** How vague the level is at its start, as a variance of the relative rate: wide enough to let the data speak. */
const VAGUE_LEVEL = 0.25;

/** What is known of the effects of the twelve months: their means and their covariance, row by row. */
export interface Season {
  /** True where nothing of it is known beforehand. */
  readonly isUnknown: boolean;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** The noise of a flow: all variances are those of the relative rate. */
export interface Noise {
  /** Autocorrelation from one month to the next of the part that volume does not explain. */
  readonly persistence: number;
  /** Variance of that part. */
  readonly spread: number;
  /** Variance of the step that the level may take in a month. */
  readonly drift: number;
}

/** What is believed of a flow at one month: level, autocorrelated part and twelve month effects. */
export interface Belief {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/**
 * What filtering a slice's months leaves: the belief after the last of them, and what each told. It is written over by the next
 * slice that is filtered in it, so that the thousands of a search need no memory of their own.
 */
export interface Filtered {
  readonly belief: Belief;
  /** By month: its one-step-ahead error, and that error's variance; NaN, both, where it told nothing. */
  readonly errors: Float64Array;
  readonly variances: Float64Array;
  /** Month by month, how much of its error each part of the belief took in. */
  readonly gains: Float64Array;
}

/** Room to filter so many months in. */
export function roomFor(months: number): Filtered {
  return {
    belief: { mean: new Float64Array(SIZE), covariance: new Float64Array(SIZE * SIZE) },
    errors: new Float64Array(months),
    variances: new Float64Array(months),
    gains: new Float64Array(months * SIZE),
  };
}

/** Nothing known of the season but how large its effects may be. */
export function unknownSeason(variance: number): Season {
  return { isUnknown: true, mean: new Float64Array(MONTHS), covariance: diagonal(MONTHS, variance) };
}

/** The season that a flow has taught, its covariance times `factor`, each effect allowed to differ by `variance` in a slice. */
export function seasonOf(belief: Belief, factor: number, variance: number): Season {
  const covariance = diagonal(MONTHS, variance);
  for (let row = 0; row < MONTHS; row += 1) {
    for (let column = 0; column < MONTHS; column += 1) {
      add(
        covariance,
        row * MONTHS + column,
        factor * at(belief.covariance, place(FIRST_MONTH + row, FIRST_MONTH + column)),
      );
    }
  }
  return { isUnknown: false, mean: belief.mean.slice(FIRST_MONTH), covariance };
}

/** Makes a belief that of before the first month, in place: a relative rate of about one. */
export function begin({ mean, covariance }: Belief, season: Season, noise: Noise): void {
  mean[LEVEL] = 1;
  mean[RESIDUAL] = 0;
  mean.set(season.mean, FIRST_MONTH);
  covariance.fill(0);
  covariance[place(LEVEL, LEVEL)] = VAGUE_LEVEL;
  covariance[place(RESIDUAL, RESIDUAL)] = noise.spread;
  for (let row = 0; row < MONTHS; row += 1) {
    const from = row * MONTHS;
    const to = place(FIRST_MONTH + row, FIRST_MONTH);
    for (let column = 0; column < MONTHS; column += 1)
      covariance[to + column] = at(season.covariance, from + column);
  }
}

/** Makes the level as vague as at the start: what a shift that is accepted asks for. Changes the belief in place. */
export function forgetLevel(belief: Belief): void {
  for (let other = 0; other < SIZE; other += 1) {
    belief.covariance[place(LEVEL, other)] = 0;
    belief.covariance[place(other, LEVEL)] = 0;
  }
  belief.covariance[place(LEVEL, LEVEL)] = VAGUE_LEVEL;
}

/** Moves a belief on by one month, in place: the level may drift, the residual fades. */
export function moveOn(belief: Belief, noise: Noise): void {
  const { mean, covariance } = belief;
  const { persistence } = noise;
  mean[RESIDUAL] = persistence * at(mean, RESIDUAL);
  for (let other = 0; other < SIZE; other += 1) {
    covariance[place(RESIDUAL, other)] = persistence * at(covariance, place(RESIDUAL, other));
  }
  for (let other = 0; other < SIZE; other += 1) {
    covariance[place(other, RESIDUAL)] = persistence * at(covariance, place(other, RESIDUAL));
  }
  add(covariance, place(RESIDUAL, RESIDUAL), noise.spread * (1 - persistence * persistence));
  add(covariance, place(LEVEL, LEVEL), noise.drift);
}

/** What is expected of a month: the relative rate, and the variance of that expectation. */
export interface Expectation {
  readonly mean: number;
  readonly variance: number;
}

/** The relative rate expected of a month of the year (0 for January), and the variance of that expectation. */
export function expectation(belief: Belief, month: number): Expectation {
  const season = FIRST_MONTH + month;
  const { mean, covariance } = belief;
  let variance = plusRow(0, covariance, LEVEL, season);
  variance = plusRow(variance, covariance, RESIDUAL, season);
  variance = plusRow(variance, covariance, season, season);
  return { mean: at(mean, LEVEL) + at(mean, RESIDUAL) + at(mean, season), variance };
}

/**
 * Learns from one month, in place: the Kalman filter's update for one observation that is the sum of level, residual and
 * month effect and noise of variance `noise`.
 *
 * @param month its place, at which its variance and its gain are kept.
 * @param ofYear the month of the year, 0 for January.
 * @param expected the `expectation` of the belief for that month.
 */
export function learnMonth(
  { belief, variances, gains }: Filtered,
  month: number,
  ofYear: number,
  expected: Expectation,
  observed: number,
  noise: number,
): void {
  const season = FIRST_MONTH + ofYear;
  const { mean, covariance } = belief;
  const error = observed - expected.mean;
  const variance = expected.variance + noise;
  const from = month * SIZE;
  variances[month] = variance;
  for (let row = 0; row < SIZE; row += 1) {
    gains[from + row] =
      (at(covariance, place(row, LEVEL)) +
        at(covariance, place(row, RESIDUAL)) +
        at(covariance, place(row, season))) /
      variance;
  }
  for (let row = 0; row < SIZE; row += 2) {
    // Two rows at a time, which reads the gain once for both.
    const weight = at(gains, from + row);
    const nextWeight = at(gains, from + row + 1);
    add(mean, row, weight * error);
    add(mean, row + 1, nextWeight * error);
    // A month of the year of which nothing is known yet learns nothing from the others.
    if (weight === 0 && nextWeight === 0) continue;
    const lost = weight * variance;
    const nextLost = nextWeight * variance;
    const start = row * SIZE;
    const next = start + SIZE;
    for (let column = 0; column < SIZE; column += 1) {
      const share = gains[from + column] ?? 0;
      covariance[start + column] = (covariance[start + column] ?? 0) - lost * share;
      covariance[next + column] = (covariance[next + column] ?? 0) - nextLost * share;
    }
  }
}

/** How far a lasting step has moved the belief so far, as a share of the step: nothing at first. */
export function noTrace(): Float64Array {
  return new Float64Array(SIZE);
}

/** The share of a step of one that still shows as error in a month, given what the belief has taken in of it. */
export function shownBy(trace: Float64Array, month: number): number {
  return 1 - at(trace, LEVEL) - at(trace, RESIDUAL) - at(trace, FIRST_MONTH + month);
}

/** What the belief takes in of a step in a month, and what of it is left in the next. */
export function traceAfter(
  trace: Float64Array,
  shown: number,
  gains: Float64Array,
  month: number,
  noise: Noise,
): Float64Array {
  const from = month * SIZE;
  const after = new Float64Array(SIZE);
  for (let row = 0; row < SIZE; row += 1) after[row] = at(trace, row) + at(gains, from + row) * shown;
  after[RESIDUAL] = noise.persistence * at(after, RESIDUAL);
  return after;
}

function diagonal(size: number, value: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) matrix[row * size + row] = value;
  return matrix;
}

/** A sum with what a row of the covariance holds of level, residual and month effect. */
function plusRow(sum: number, covariance: Float64Array, row: number, season: number): number {
  const start = row * SIZE;
  return (
    sum + at(covariance, start + LEVEL) + at(covariance, start + RESIDUAL) + at(covariance, start + season)
  );
}

function place(row: number, column: number): number {
  return row * SIZE + column;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = at(values, index) + amount;
}
