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

type Unit = "counts" | "euros" | "value";

interface Sums {
  numerator: number;
  denominator: number;
}

/**
 * Figures as they are counted again. Most are sums over leases: they are added by agency, and every slice that holds the
 * agency sums them. Medians and maxima do not add up: whoever counts them sets them slice by slice.
 */
export class Tally {
  readonly #slicesOf: ReadonlyMap<string, readonly string[]>;
  /** By indicator, agency and month. */
  readonly #sums = new Map<
    string,
    { readonly unit: Unit; readonly ofAgency: Map<string, Map<string, Sums>> }
  >();
  /** Agencies and months in which indicators held back are told. */
  readonly #onlyIn = new Map<string, Map<string, Set<string>>>();
  readonly #set = new Map<string, Counted>();

  /** `slicesOf`: the slices that each agency is in, itself included. */
  constructor(slicesOf: ReadonlyMap<string, readonly string[]>) {
    this.#slicesOf = slicesOf;
  }

  /** Adds cents to a ratio of euros. */
  addEuros(indicator: string, agency: string, month: string, numerator: number, denominator: number): void {
    this.#add("euros", indicator, agency, month, numerator, denominator);
  }

  /** Adds counts to a ratio of counts. */
  addCounts(indicator: string, agency: string, month: string, numerator: number, denominator: number): void {
    this.#add("counts", indicator, agency, month, numerator, denominator);
  }

  /** Adds to a figure that is a sum and no ratio, and to the number of cases that it stands on. */
  addValue(indicator: string, agency: string, month: string, value: number, cases: number): void {
    this.#add("value", indicator, agency, month, value, cases);
  }

  /** Tells an indicator only where `tellIn` says so. */
  holdBack(indicator: string): void {
    this.#onlyIn.set(indicator, new Map());
  }

  /** Tells an indicator held back in a month, in the slices that an agency is in. */
  tellIn(indicator: string, agency: string, month: string): void {
    const ofAgency = this.#onlyIn.get(indicator);
    const months = ofAgency?.get(agency);
    if (months === undefined) ofAgency?.set(agency, new Set([month]));
    else months.add(month);
  }

  /** Every slice. */
  get slices(): readonly string[] {
    return [...new Set([...this.#slicesOf.values()].flat())];
  }

  /** Every agency of today. */
  get agencies(): readonly string[] {
    return [...this.#slicesOf.keys()];
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
    for (const [indicator, { unit, ofAgency }] of this.#sums) {
      const onlyIn = this.#placesOf(indicator);
      for (const [place, sums] of this.#bySlice(indicator, ofAgency))
        if (onlyIn === undefined || onlyIn.has(place)) figures.set(place, figureOf(unit, sums));
    }
    return figures;
  }

  #add(unit: Unit, indicator: string, agency: string, month: string, numerator: number, denominator: number) {
    const told = this.#sums.get(indicator) ?? { unit, ofAgency: new Map<string, Map<string, Sums>>() };
    const ofMonth = told.ofAgency.get(agency) ?? new Map<string, Sums>();
    const sums = ofMonth.get(month);
    if (sums !== undefined) {
      sums.numerator += numerator;
      sums.denominator += denominator;
      return;
    }
    ofMonth.set(month, { numerator, denominator });
    told.ofAgency.set(agency, ofMonth);
    this.#sums.set(indicator, told);
  }

  #placesOf(indicator: string): ReadonlySet<string> | undefined {
    const ofAgency = this.#onlyIn.get(indicator);
    if (ofAgency === undefined) return undefined;
    const places = new Set<string>();
    for (const [agency, months] of ofAgency)
      for (const month of months)
        for (const slice of this.slicesOf(agency)) places.add(placeOf(indicator, slice, month));
    return places;
  }

  #bySlice(indicator: string, ofAgency: ReadonlyMap<string, ReadonlyMap<string, Sums>>): Map<string, Sums> {
    const bySlice = new Map<string, Sums>();
    for (const [agency, months] of ofAgency) {
      for (const [month, { numerator, denominator }] of months) {
        for (const slice of this.slicesOf(agency)) {
          const place = placeOf(indicator, slice, month);
          const sums = bySlice.get(place) ?? { numerator: 0, denominator: 0 };
          bySlice.set(place, sums);
          sums.numerator += numerator;
          sums.denominator += denominator;
        }
      }
    }
    return bySlice;
  }
}

function figureOf(unit: Unit, sums: Sums): Counted {
  if (unit === "value") return { numerator: null, denominator: sums.denominator, value: sums.numerator };
  const scale = unit === "euros" ? 100 : 1;
  const [numerator, denominator] = [sums.numerator / scale, sums.denominator / scale];
  return { numerator, denominator, value: denominator > 0 ? numerator / denominator : null };
}
