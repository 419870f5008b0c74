/** One figure as it is counted again; a value of its own where the figure is no ratio. */
export interface Counted {
  readonly numerator: number | null;
  readonly denominator: number;
  readonly value: number | null;
}

/** The place of a figure: indicator, slice, month. */
export function placeOf(indicator: string, slice: string, month: string): string {
  return `${indicator} | ${slice} | ${month}`;
}

/**
 * Figures as they are counted again. Most are sums over leases: they are added by agency, and every slice that holds the
 * agency sums them. Medians and maxima do not add up: whoever counts them sets them slice by slice.
 */
export class Tally {
  readonly #slicesOf: ReadonlyMap<string, readonly string[]>;
  readonly #sums = new Map<string, { numerator: number; denominator: number }>();
  readonly #euros = new Set<string>();
  readonly #set = new Map<string, Counted>();

  /** `slicesOf`: the slices that each agency is in, itself included. */
  constructor(slicesOf: ReadonlyMap<string, readonly string[]>) {
    this.#slicesOf = slicesOf;
  }

  /** Adds cents to a ratio of euros. */
  addEuros(indicator: string, agency: string, month: string, numerator: number, denominator: number): void {
    this.#euros.add(indicator);
    this.addCounts(indicator, agency, month, numerator, denominator);
  }

  /** Adds counts to a ratio of counts. */
  addCounts(indicator: string, agency: string, month: string, numerator: number, denominator: number): void {
    for (const slice of this.#slicesOf.get(agency) ?? []) {
      const place = placeOf(indicator, slice, month);
      const sums = this.#sums.get(place);
      if (sums === undefined) this.#sums.set(place, { numerator, denominator });
      else {
        sums.numerator += numerator;
        sums.denominator += denominator;
      }
    }
  }

  /** The slices that an agency is in. */
  slicesOf(agency: string): readonly string[] {
    return this.#slicesOf.get(agency) ?? [];
  }

  /** Sets a figure that is no sum. */
  set(indicator: string, slice: string, month: string, counted: Counted): void {
    this.#set.set(placeOf(indicator, slice, month), counted);
  }

  /** Every figure counted, by its place. */
  figures(): Map<string, Counted> {
    const figures = new Map(this.#set);
    for (const [place, sums] of this.#sums) {
      const scale = this.#euros.has(place.slice(0, place.indexOf(" | "))) ? 100 : 1;
      const [numerator, denominator] = [sums.numerator / scale, sums.denominator / scale];
      figures.set(place, {
        numerator,
        denominator,
        value: denominator > 0 ? numerator / denominator : null,
      });
    }
    return figures;
  }
}
