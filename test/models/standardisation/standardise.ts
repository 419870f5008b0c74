import type { MixDesign } from "../../../models/standardisation/expectation.ts";
import { compareAgencies, type Standardised } from "../../../models/standardisation/standardise.ts";

/** One lease-month: its household, agency and pattern of bands by their places, and 1 where it has the outcome. */
export type LeaseMonth = readonly [household: number, agency: number, pattern: number, outcome: number];

/** Compares agencies over one window, whose lease-months are all known at once, in whatever order. */
export function standardise(
  design: MixDesign,
  months: readonly LeaseMonth[],
  agencies: number,
  minimum: { readonly households: number; readonly expected: number },
): Standardised {
  const patterns = design.terms.length;
  const counted = new Float64Array(agencies * patterns);
  const observed = new Float64Array(agencies * patterns);
  for (const [, agency, pattern, outcome] of months) {
    const place = agency * patterns + pattern;
    counted[place] = (counted[place] ?? 0) + 1;
    observed[place] = (observed[place] ?? 0) + outcome;
  }
  const window = { first: 0, last: 0 };
  const comparison = compareAgencies(design, { counted, observed }, window, agencies);
  const sorted = [...months].sort(([one], [other]) => one - other);
  comparison.take({
    household: Int32Array.from(sorted, ([household]) => household),
    month: new Int32Array(sorted.length),
    agency: Int32Array.from(sorted, ([, agency]) => agency),
    pattern: Int32Array.from(sorted, ([, , pattern]) => pattern),
    outcome: Uint8Array.from(sorted, ([, , , outcome]) => outcome),
  });
  return comparison.tell(minimum);
}
