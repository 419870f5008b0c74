/** A sum that holds between numbers: number → coefficient. Its right-hand side does not matter: a solution is known to exist. */
export type Equation = ReadonlyMap<number, number>;

/** The equations in which a number stands, and its coefficient in each. */
export interface Column {
  readonly equations: ArrayLike<number>;
  readonly coefficients: ArrayLike<number>;
}

/** Linear equations between numbers that are all known at first, and become unknown one by one. */
export interface LinearSystem {
  /** Makes one more number unknown. */
  open(number: number): void;
  /** Whether an unknown has one and the same value in every solution. */
  isFixed(unknown: number): boolean;
  /** Which equations hang together with this one through unknowns: the same part for all of them. */
  partOf(equation: number): SystemPart;
  /** The unknowns of a part that are fixed. */
  fixedIn(part: SystemPart): number[];
}

export interface SystemPart {
  readonly equations: readonly number[];
}

/**
 * Gauss–Jordan elimination modulo a prime, column by column: a number that becomes unknown is taken through all that was done
 * to the equations so far. Where an equation without another unknown then holds it, that equation fixes it, and it is taken
 * out of all others; else it is free, and an unknown whose equation holds it is fixed no longer. One more unknown thus costs
 * no elimination anew.
 *
 * Exact, without fractions. Coefficients are small whole numbers, so that a rank lost modulo the prime, which could only call
 * an unknown fixed wrongly or not, does not happen by chance for the sums of a table (±1, totally unimodular within each
 * direction).
 *
 * @param equations how many there are, numbered from 0.
 */
export function linearSystem(equations: number, columnOf: (number: number) => Column): LinearSystem {
  const parts = Array.from({ length: equations }, (_, equation): GrowingPart => {
    return { equations: [equation], done: [] };
  });
  const unknownOf = new Int32Array(equations).fill(NONE);
  const freeIn = new Int32Array(equations);
  const equationOf = new Map<number, number>();
  const column = new Float64Array(equations);

  return {
    open(number) {
      const { equations: holding, coefficients } = columnOf(number);
      const first = holding[0];
      if (first === undefined) return;
      const touched: number[] = [];
      for (let place = 0; place < holding.length; place++) {
        const equation = holding[place] ?? 0;
        merge(partOf(first), partOf(equation));
        column[equation] = residue(coefficients[place] ?? 0);
        touched.push(equation);
      }
      const part = partOf(first);
      for (const { from, to, times } of part.done) {
        const value = column[from] ?? 0;
        if (value === 0) continue;
        for (let place = 0; place < to.length; place++) {
          const equation = to[place] ?? 0;
          const before = column[equation] ?? 0;
          if (before === 0) touched.push(equation);
          column[equation] = residue(before - (times[place] ?? 0) * value);
        }
      }
      const held: number[] = [];
      const times: number[] = [];
      for (const equation of touched) {
        const value = column[equation] ?? 0;
        if (value === 0) continue;
        held.push(equation);
        times.push(value);
        column[equation] = 0;
      }
      const place = held.findIndex((equation) => unknownOf[equation] === NONE);
      const from = held[place];
      if (from === undefined) {
        for (const equation of held) freeIn[equation] = (freeIn[equation] ?? 0) + 1;
        return;
      }
      unknownOf[from] = number;
      equationOf.set(number, from);
      const whole = inverse(times[place] ?? 1);
      held.splice(place, 1);
      times.splice(place, 1);
      const share = times.map((value) => residue(value * whole));
      if (held.length > 0) part.done.push({ from, to: held, times: share });
    },
    isFixed(unknown) {
      const equation = equationOf.get(unknown);
      return equation !== undefined && freeIn[equation] === 0;
    },
    partOf,
    fixedIn(part) {
      const fixed: number[] = [];
      for (const equation of part.equations) {
        const unknown = unknownOf[equation] ?? NONE;
        if (unknown !== NONE && freeIn[equation] === 0) fixed.push(unknown);
      }
      return fixed;
    },
  };

  function partOf(equation: number): GrowingPart {
    const part = parts[equation];
    if (part === undefined) throw new Error(`the system has no equation ${equation}`);
    return part;
  }

  /** What was done in different parts touches different equations: any order of it will do. */
  function merge(one: GrowingPart, other: GrowingPart): void {
    if (one === other) return;
    const [large, small] = one.equations.length < other.equations.length ? [other, one] : [one, other];
    for (const equation of small.equations) {
      large.equations.push(equation);
      parts[equation] = large;
    }
    for (const step of small.done) large.done.push(step);
  }
}

/** The unknowns that a system fixes, all of whose numbers are unknown. */
export function fixedUnknowns(equations: readonly Equation[]): Set<number> {
  const columns = columnsOf(equations);
  const system = linearSystem(equations.length, (unknown) => columns.get(unknown) ?? NO_COLUMN);
  for (const unknown of columns.keys()) system.open(unknown);
  return new Set([...columns.keys()].filter(system.isFixed));
}

/** The same equations by the numbers that stand in them. */
export function columnsOf(equations: readonly Equation[]): ReadonlyMap<number, Column> {
  const columns = new Map<number, { equations: number[]; coefficients: number[] }>();
  for (const [place, equation] of equations.entries()) {
    for (const [unknown, coefficient] of equation) {
      const column = columns.get(unknown);
      if (column === undefined) columns.set(unknown, { equations: [place], coefficients: [coefficient] });
      else {
        column.equations.push(place);
        column.coefficients.push(coefficient);
      }
    }
  }
  return columns;
}

const NO_COLUMN: Column = { equations: [], coefficients: [] };

interface GrowingPart extends SystemPart {
  readonly equations: number[];
  readonly done: Step[];
}

/** An equation was taken off others, so many times each. */
interface Step {
  readonly from: number;
  readonly to: readonly number[];
  readonly times: readonly number[];
}

const NONE = -1;

/** Products of two residues stay below 2^53. */
const PRIME = 67_108_859;

/** Of a whole number below 2^53. A quotient that is rounded may be one off; `%` takes several times as long. */
function residue(value: number): number {
  const rest = value - Math.floor(value / PRIME) * PRIME;
  if (rest < 0) return rest + PRIME;
  return rest < PRIME ? rest : rest - PRIME;
}

/** The inverse modulo the prime, by Fermat's little theorem; 1 and −1, the most usual, are their own. */
function inverse(value: number): number {
  if (value === 1 || value === PRIME - 1) return value;
  let result = 1;
  let base = value;
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = residue(result * base);
    base = residue(base * base);
  }
  return result;
}
