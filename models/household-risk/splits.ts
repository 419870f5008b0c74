/** Rows to learn from, and others, not learnt from, to choose and calibrate on. */
export interface Split {
  readonly fit: Int32Array;
  readonly window: Int32Array;
}

export interface Splits {
  readonly by: "latest periods" | "share of households";
  readonly splits: readonly Split[];
}

/** The window holds at least this share of the onsets, and this many. */
const WINDOW = { share: 0.12, onsets: 60 } as const;
/** Before the window and its embargo at least this share of the onsets is left. */
const LEAST_FIT_SHARE = 0.5;
const GROUPS = 4;

/**
 * Takes the latest periods with enough onsets as the window, and leaves out the `embargo` periods before it, whose outcomes
 * were not all known when it began. Where that leaves too little, households are dealt into groups instead, and each
 * group in turn is the window of the others.
 */
export function splitsOf(
  outcome: Uint8Array,
  period: Int32Array,
  household: Int32Array | undefined,
  options: { readonly embargo: number; readonly seed: number },
): Splits {
  const onsetsOf = new Map<number, number>();
  let onsets = 0;
  for (let row = 0; row < outcome.length; row++) {
    const at = period[row] ?? 0;
    onsetsOf.set(at, (onsetsOf.get(at) ?? 0) + (outcome[row] ?? 0));
    onsets += outcome[row] ?? 0;
  }
  const wanted = Math.max(WINDOW.onsets, WINDOW.share * onsets);
  let start = Number.POSITIVE_INFINITY;
  let inWindow = 0;
  for (const at of [...onsetsOf.keys()].sort((one, other) => other - one)) {
    start = at;
    inWindow += onsetsOf.get(at) ?? 0;
    if (inWindow >= wanted) break;
  }
  let before = 0;
  for (const [at, count] of onsetsOf) if (at < start - options.embargo) before += count;
  if (inWindow >= wanted && before >= LEAST_FIT_SHARE * onsets) {
    return {
      by: "latest periods",
      splits: [
        {
          fit: rowsWhere(outcome.length, (row) => (period[row] ?? 0) < start - options.embargo),
          window: rowsWhere(outcome.length, (row) => (period[row] ?? 0) >= start),
        },
      ],
    };
  }
  const group = (row: number) => hashOf(household?.[row] ?? row, options.seed) % GROUPS;
  return {
    by: "share of households",
    splits: Array.from({ length: GROUPS }, (_, out) => ({
      fit: rowsWhere(outcome.length, (row) => group(row) !== out),
      window: rowsWhere(outcome.length, (row) => group(row) === out),
    })),
  };
}

/** A whole number from 0 to 2³² − 1 that looks drawn by chance: the same for the same number and seed. */
export function hashOf(number: number, seed: number): number {
  let mixed = Math.imul(number ^ Math.imul(seed | 0, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function rowsWhere(rows: number, holds: (row: number) => boolean): Int32Array {
  const taken: number[] = [];
  for (let row = 0; row < rows; row++) if (holds(row)) taken.push(row);
  return Int32Array.from(taken);
}
