import { choleskyFactor, solveByFactor } from "./symmetric.ts";

/**
 * Penalties of the expectation: what is believed before anything is seen of a band's log-odds (standard deviation 1), and of
 * what two bands do together beyond each alone (0.45).
 */
const RIDGE = { band: 1, pair: 5 } as const;
/** Rise in log-likelihood that a step would still bring, below which the fit stands. */
const CONVERGED = 1e-11;
const MOST_STEPS = 100;
/** Of the log-likelihood: what sums of so many terms may lose. */
const ROUNDING = 1e-12;

/** Which terms of the model each pattern of bands carries: the mean, each band, each pair of bands. */
export interface MixDesign {
  /** Terms of the model. */
  readonly size: number;
  /** For each pattern, the places of its terms; the mean is place 0. */
  readonly terms: readonly Int32Array[];
  readonly penalty: Float64Array;
}

/** A model of what a household's bands let expect. */
export interface Expectation {
  /** Probability of each pattern. */
  readonly probability: Float64Array;
  readonly coefficients: Float64Array;
  /** Cholesky factor of the penalised information matrix. */
  readonly information: Float64Array;
}

/** The design over the patterns met: one number a dimension each, the band's place in its dimension. */
export function mixDesign(patterns: readonly (readonly number[])[]): MixDesign {
  const places = new Map<string, number>([["mean", 0]]);
  const penalties = [0];
  const place = (name: string, penalty: number): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, penalties.length);
    penalties.push(penalty);
    return penalties.length - 1;
  };
  const terms = patterns.map((bands) => {
    const alone = bands.map((band, dimension) => place(`${dimension}=${band}`, RIDGE.band));
    const together = bands.flatMap((band, dimension) =>
      bands
        .slice(dimension + 1)
        .map((other, next) => place(`${dimension}=${band},${dimension + 1 + next}=${other}`, RIDGE.pair)),
    );
    return Int32Array.from([0, ...alone, ...together]);
  });
  return { size: penalties.length, terms, penalty: Float64Array.from(penalties) };
}

/**
 * Fits the pooled expectation: a logistic regression of the outcome on the bands and their pairs, over all agencies and with
 * no agency in it, ridge-penalised except for the mean, so that expected and observed sum to the same total. By Newton's
 * method, from `start` where a neighbouring window is known.
 *
 * @param counted lease-months of each pattern.
 * @param observed of these, those with the outcome.
 * @throws RangeError when nothing is counted, or everything or nothing is observed: then there is nothing to expect from.
 */
export function fitExpectation(
  design: MixDesign,
  counted: Float64Array,
  observed: Float64Array,
  start?: Pick<Expectation, "coefficients" | "information">,
): Expectation {
  const { size } = design;
  const total = counted.reduce((sum, count) => sum + count, 0);
  const cases = observed.reduce((sum, count) => sum + count, 0);
  if (cases <= 0 || cases >= total) throw new RangeError("no outcome to expect");
  let coefficients = start ? Float64Array.from(start.coefficients) : new Float64Array(size);
  if (!start) coefficients[0] = Math.log(cases / (total - cases));
  const factorAt = (place: Float64Array) => choleskyFactor(informationAt(design, counted, place), size);
  // A neighbour's information points nearly the right way, and is there already; it is renewed where it leads too slowly.
  let factor = start?.information ?? factorAt(coefficients);
  let isFresh = start === undefined;
  let likelihood = penalisedLikelihood(design, counted, observed, coefficients);
  let before = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = gradientAt(design, counted, observed, coefficients);
    let move = solveByFactor(factor, gradient);
    let promised = product(gradient, move) / 2;
    if (promised < CONVERGED) break;
    if (!isFresh && promised > before / 10) {
      factor = factorAt(coefficients);
      move = solveByFactor(factor, gradient);
      promised = product(gradient, move) / 2;
    }
    isFresh = false;
    before = promised;
    let share = 1;
    let next = moved(coefficients, move, share);
    let reached = penalisedLikelihood(design, counted, observed, next);
    while (reached < likelihood - ROUNDING * Math.abs(likelihood) && share > 1e-4) {
      share /= 2;
      next = moved(coefficients, move, share);
      reached = penalisedLikelihood(design, counted, observed, next);
    }
    coefficients = next;
    likelihood = reached;
  }
  return {
    probability: Float64Array.from(design.terms, (terms) => probabilityOf(terms, coefficients)),
    coefficients,
    information: factorAt(coefficients),
  };
}

function gradientAt(
  { terms, penalty }: MixDesign,
  counted: Float64Array,
  observed: Float64Array,
  coefficients: Float64Array,
): Float64Array {
  const gradient = penalty.map((weight, k) => -weight * (coefficients[k] ?? 0));
  for (const [pattern, places] of terms.entries()) {
    const count = counted[pattern] ?? 0;
    if (count === 0) continue;
    const residual = (observed[pattern] ?? 0) - count * probabilityOf(places, coefficients);
    for (const place of places) gradient[place] = (gradient[place] ?? 0) + residual;
  }
  return gradient;
}

function informationAt(
  { size, terms, penalty }: MixDesign,
  counted: Float64Array,
  coefficients: Float64Array,
): Float64Array {
  const information = new Float64Array(size * size);
  for (let k = 0; k < size; k++) information[k * size + k] = penalty[k] ?? 0;
  for (const [pattern, places] of terms.entries()) {
    const count = counted[pattern] ?? 0;
    if (count === 0) continue;
    const probability = probabilityOf(places, coefficients);
    const weight = count * probability * (1 - probability);
    for (const row of places) {
      for (const column of places) {
        information[row * size + column] = (information[row * size + column] ?? 0) + weight;
      }
    }
  }
  return information;
}

function product(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0);
}

function penalisedLikelihood(
  { terms, penalty }: MixDesign,
  counted: Float64Array,
  observed: Float64Array,
  coefficients: Float64Array,
): number {
  let sum = 0;
  for (const [pattern, places] of terms.entries()) {
    const count = counted[pattern] ?? 0;
    if (count === 0) continue;
    const logOdds = logOddsOf(places, coefficients);
    sum += (observed[pattern] ?? 0) * logOdds - count * logOnePlusExp(logOdds);
  }
  return coefficients.reduce((left, value, k) => left - ((penalty[k] ?? 0) * value * value) / 2, sum);
}

function moved(from: Float64Array, move: Float64Array, share: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, k) => value + share * (move[k] ?? 0));
}

function logOddsOf(places: Int32Array, coefficients: Float64Array): number {
  let sum = 0;
  for (const place of places) sum += coefficients[place] ?? 0;
  return sum;
}

function probabilityOf(places: Int32Array, coefficients: Float64Array): number {
  return 1 / (1 + Math.exp(-logOddsOf(places, coefficients)));
}

function logOnePlusExp(value: number): number {
  return value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value));
}
