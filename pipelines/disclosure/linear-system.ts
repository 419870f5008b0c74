/** One sum that holds between unknowns once everything known is taken to its other side: unknown and coefficient, each once. */
export type Equation = Iterable<readonly [unknown: number, coefficient: number]>;

/**
 * The unknowns that a system of linear equations fixes: those that have one and the same value in every solution. The
 * right-hand sides do not matter, as the system is known to have a solution.
 *
 * Gauss–Jordan elimination modulo a prime: exact, without fractions. Coefficients are small whole numbers, so that a rank
 * lost modulo the prime, which could only call an unknown fixed wrongly or not, does not happen by chance for the sums of
 * a table (±1, totally unimodular within each direction).
 */
export function fixedUnknowns(equations: readonly Equation[]): Set<number> {
  const occurrences = new Map<number, number>();
  for (const equation of equations)
    for (const [unknown] of equation) occurrences.set(unknown, (occurrences.get(unknown) ?? 0) + 1);
  const rows = new Map<number, Row>();
  // May name a row that has lost the unknown since: cheaper to ask the row than to take its name out.
  const rowsWith = new Map<number, number[]>();
  for (const equation of equations) {
    const row: Row = new Map();
    for (const [unknown, coefficient] of equation) row.set(unknown, residue(coefficient));
    // Rows hold no pivot but their own, so that none comes in while those of the equation are taken out.
    for (const [unknown] of equation) {
      const known = rows.get(unknown);
      const factor = row.get(unknown);
      if (known !== undefined && factor !== undefined) subtract(row, known, factor);
    }
    const pivot = rarest(row, occurrences);
    if (pivot === undefined) continue;
    scale(row, inverse(row.get(pivot) ?? 1));
    for (const other of rowsWith.get(pivot) ?? []) {
      const target = rows.get(other);
      const factor = target?.get(pivot);
      if (target === undefined || factor === undefined) continue;
      for (const unknown of row.keys()) if (!target.has(unknown)) noteIn(rowsWith, unknown, other);
      subtract(target, row, factor);
    }
    rows.set(pivot, row);
    for (const unknown of row.keys()) noteIn(rowsWith, unknown, pivot);
  }
  return new Set([...rows].filter(([, row]) => row.size === 1).map(([pivot]) => pivot));
}

/** An equation as it stands after elimination: unknown → residue, never zero. */
type Row = Map<number, number>;

/** Products of two residues stay below 2^53. */
const PRIME = 67_108_859;

function residue(value: number): number {
  return ((value % PRIME) + PRIME) % PRIME;
}

/** The unknown of a row that stands in the fewest equations: as pivot it has to be taken out of the fewest. */
function rarest(row: Row, occurrences: ReadonlyMap<number, number>): number | undefined {
  let found: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const unknown of row.keys()) {
    const count = occurrences.get(unknown) ?? 0;
    if (count >= fewest) continue;
    fewest = count;
    found = unknown;
  }
  return found;
}

function subtract(row: Row, other: Row, factor: number): void {
  for (const [unknown, value] of other) {
    const left = residue((row.get(unknown) ?? 0) - factor * value);
    if (left === 0) row.delete(unknown);
    else row.set(unknown, left);
  }
}

function scale(row: Row, factor: number): void {
  if (factor === 1) return;
  for (const [unknown, value] of row) row.set(unknown, residue(value * factor));
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

function noteIn(index: Map<number, number[]>, unknown: number, row: number): void {
  const noted = index.get(unknown);
  if (noted === undefined) index.set(unknown, [row]);
  else noted.push(row);
}
