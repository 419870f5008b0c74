/** One sum that holds between unknowns once everything known is taken to its other side: unknown → coefficient. */
export type Equation = ReadonlyMap<number, number>;

/**
 * The unknowns that a system of linear equations fixes: those that have one and the same value in every solution. The
 * right-hand sides do not matter, as the system is known to have a solution.
 *
 * Gauss–Jordan elimination modulo a prime: exact, without fractions. Coefficients are small whole numbers, so that a rank
 * lost modulo the prime, which could only call an unknown fixed wrongly or not, does not happen by chance for the sums of
 * a table (±1, totally unimodular within each direction).
 */
export function fixedUnknowns(equations: readonly Equation[]): Set<number> {
  const rows = new Map<number, Map<number, number>>();
  const rowsWith = new Map<number, Set<number>>();
  for (const equation of equations) {
    const row = new Map([...equation].map(([unknown, factor]) => [unknown, residue(factor)] as const));
    for (const [pivot, known] of rows) {
      const factor = row.get(pivot);
      if (factor !== undefined) subtract(row, known, factor);
    }
    const pivot = firstOf(row);
    if (pivot === undefined) continue;
    scale(row, inverse(row.get(pivot) ?? 1));
    for (const other of rowsWith.get(pivot) ?? []) {
      const target = rows.get(other);
      const factor = target?.get(pivot);
      if (target === undefined || factor === undefined) continue;
      subtract(target, row, factor);
      for (const unknown of row.keys()) if (target.has(unknown)) noteIn(rowsWith, unknown, other);
    }
    rows.set(pivot, row);
    for (const unknown of row.keys()) noteIn(rowsWith, unknown, pivot);
  }
  return new Set([...rows].filter(([, row]) => row.size === 1).map(([pivot]) => pivot));
}

/** Products of two residues stay below 2^53. */
const PRIME = 67_108_859;

function residue(value: number): number {
  return ((value % PRIME) + PRIME) % PRIME;
}

function firstOf(row: ReadonlyMap<number, number>): number | undefined {
  return row.keys().next().value;
}

function subtract(row: Map<number, number>, other: ReadonlyMap<number, number>, factor: number): void {
  for (const [unknown, value] of other) {
    const left = residue((row.get(unknown) ?? 0) - factor * value);
    if (left === 0) row.delete(unknown);
    else row.set(unknown, left);
  }
}

function scale(row: Map<number, number>, factor: number): void {
  for (const [unknown, value] of row) row.set(unknown, residue(value * factor));
}

/** The inverse modulo the prime, by Fermat's little theorem. */
function inverse(value: number): number {
  let result = 1;
  let base = value;
  for (let exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = residue(result * base);
    base = residue(base * base);
  }
  return result;
}

function noteIn(index: Map<number, Set<number>>, unknown: number, row: number): void {
  const noted = index.get(unknown);
  if (noted === undefined) index.set(unknown, new Set([row]));
  else noted.add(row);
}
