/** One figure that could be published: an indicator of a slice and month. */
export interface Figure {
  readonly indicator: string;
  readonly level: string;
  readonly slice: string;
  /** Months since year 0. */
  readonly month: number;
  /** Households behind the numerator, and behind the denominator; null where it counts none in arrears. */
  readonly cases: number | null;
  readonly baseCases: number | null;
  /** Figures of one slice and month whose numerators sum to their common denominator, on one volume, have the same group. */
  readonly shareGroup: string | null;
  readonly headline: boolean;
}

/** A slice and the one that it is a part of. */
export interface SlicePart {
  readonly level: string;
  readonly slice: string;
  readonly partOf: { readonly level: string; readonly slice: string } | null;
}

/** The numbers that a figure shows: the volume is the cases that it stands on. */
export const PARTS = ["numerator", "denominator", "volume"] as const;
export type Part = (typeof PARTS)[number];

/** One term of a sum that holds in every slice: coefficient × part of an indicator, so many months after the others. */
export interface IdentityTerm {
  readonly identity: string;
  readonly indicator: string;
  readonly part: Part;
  readonly monthsAfter: number;
  readonly coefficient: number;
}

/** A number that a reader may learn, and the figures that tell it: he knows it unless all of them are withheld. */
export interface Quantity {
  readonly part: Part;
  readonly figures: readonly number[];
}

/** A sum of quantities that is zero, known to every reader: quantity → coefficient. */
export type Sum = ReadonlyMap<number, number>;

export interface PublishedSums {
  readonly quantities: readonly Quantity[];
  readonly sums: readonly Sum[];
  /** The sums that a quantity stands in. */
  readonly sumsOf: readonly (readonly number[])[];
  /** The quantities that a figure tells. */
  readonly quantitiesOf: readonly (readonly number[])[];
}

/**
 * What every reader knows of the figures without seeing them: agencies sum to their sector and sectors to the company,
 * the figures of a share group to their denominator, and the sums declared in `kpi.identity`.
 */
export function publishedSums(
  figures: readonly Figure[],
  slices: readonly SlicePart[],
  identities: readonly IdentityTerm[],
): PublishedSums {
  const sliceOf = new Map(slices.map(({ level, slice }, number) => [`${level}/${slice}`, number]));
  const wholes = slices.map(({ partOf }) =>
    partOf === null ? undefined : sliceOf.get(`${partOf.level}/${partOf.slice}`),
  );
  const firstMonth = figures.reduce((first, { month }) => Math.min(first, month), Number.POSITIVE_INFINITY);
  const months = figures.reduce((last, { month }) => Math.max(last, month), firstMonth) - firstMonth + 1;
  const names = new Map<string, number>();
  const nameOf = (figure: Pick<Figure, "indicator" | "shareGroup">, part: Part) => {
    const name = `${part} ${part === "numerator" ? figure.indicator : (figure.shareGroup ?? figure.indicator)}`;
    const number = names.get(name) ?? names.size;
    names.set(name, number);
    return number;
  };
  const places = slices.length * months;
  const placeOf = (slice: number, month: number) => slice * months + month - firstMonth;

  const quantities: { readonly part: Part; readonly figures: number[] }[] = [];
  const origins: { readonly name: number; readonly slice: number; readonly month: number }[] = [];
  const numberOf = new Map<number, number>();
  const quantitiesOf = figures.map((figure, index) => {
    const slice = sliceOf.get(`${figure.level}/${figure.slice}`) ?? 0;
    return PARTS.map((part) => {
      const name = nameOf(figure, part);
      const key = name * places + placeOf(slice, figure.month);
      const quantity = numberOf.get(key) ?? quantities.length;
      if (quantity === quantities.length) {
        numberOf.set(key, quantity);
        quantities.push({ part, figures: [] });
        origins.push({ name, slice, month: figure.month });
      }
      quantities[quantity]?.figures.push(index);
      return quantity;
    });
  });

  const upwards = new Map<number, Map<number, number>>();
  for (const [quantity, { name, slice, month }] of origins.entries()) {
    addTo(upwards, name * places + placeOf(slice, month), quantity, -1);
    const whole = wholes[slice];
    if (whole !== undefined) addTo(upwards, name * places + placeOf(whole, month), quantity, 1);
  }
  const groups = new Map<number, Map<number, number>>();
  const declared = new Map<string, Map<number, number>>();
  const termsOf = new Map<string, IdentityTerm[]>();
  const lengths = new Map<string, number>();
  for (const term of identities) {
    termsOf.set(term.indicator, [...(termsOf.get(term.indicator) ?? []), term]);
    lengths.set(term.identity, (lengths.get(term.identity) ?? 0) + 1);
  }
  for (const [index, figure] of figures.entries()) {
    const [numerator = 0, denominator = 0] = quantitiesOf[index] ?? [];
    if (figure.shareGroup !== null) {
      addTo(groups, denominator, numerator, 1);
      groups.get(denominator)?.set(denominator, -1);
    }
    for (const { identity, part, monthsAfter, coefficient } of termsOf.get(figure.indicator) ?? []) {
      const place = `${identity} ${figure.level}/${figure.slice} ${figure.month - monthsAfter}`;
      const quantity = quantitiesOf[index]?.[PARTS.indexOf(part)];
      if (quantity !== undefined) addTo(declared, place, quantity, coefficient);
    }
  }
  const sums = [
    ...[...upwards.values(), ...groups.values()].filter((sum) => sum.size > 1),
    ...[...declared].flatMap(([place, sum]) =>
      sum.size === lengths.get(place.slice(0, place.indexOf(" "))) ? [sum] : [],
    ),
  ];
  const sumsOf = quantities.map((): number[] => []);
  for (const [index, sum] of sums.entries()) for (const quantity of sum.keys()) sumsOf[quantity]?.push(index);
  return { quantities, sums, sumsOf, quantitiesOf };
}

function addTo<Key>(
  sums: Map<Key, Map<number, number>>,
  key: Key,
  quantity: number,
  coefficient: number,
): void {
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, new Map([[quantity, coefficient]]));
  else sum.set(quantity, (sum.get(quantity) ?? 0) + coefficient);
}
