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
  /** Figures of one slice and month whose numerators sum to their common denominator have the same group. */
  readonly shareGroup: string | null;
  readonly headline: boolean;
}

/** A slice and the one that it is a part of. */
export interface SlicePart {
  readonly level: string;
  readonly slice: string;
  readonly partOf: { readonly level: string; readonly slice: string } | null;
}

/** One term of a sum that holds in every slice: coefficient × part of an indicator, so many months before. */
export interface IdentityTerm {
  readonly identity: string;
  readonly indicator: string;
  readonly part: "numerator" | "denominator";
  readonly monthsBefore: number;
  readonly coefficient: number;
}

/** A number that a reader may learn, and the figures that tell it: he knows it unless all of them are withheld. */
export interface Quantity {
  readonly part: "numerator" | "denominator";
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
  const told = new Map<string, { part: "numerator" | "denominator"; figures: number[] }>();
  for (const [index, figure] of figures.entries()) {
    for (const part of ["numerator", "denominator"] as const) {
      const key = keyOf(figure, part, figure);
      const quantity = told.get(key);
      if (quantity === undefined) told.set(key, { part, figures: [index] });
      else quantity.figures.push(index);
    }
  }
  const quantities = [...told.values()];
  const numberOf = new Map([...told.keys()].map((key, index) => [key, index]));
  const quantitiesOf = figures.map((): number[] => []);
  for (const [index, quantity] of quantities.entries())
    for (const figure of quantity.figures) quantitiesOf[figure]?.push(index);

  const sums = new Map<string, Map<number, number>>();
  const addTo = (sum: string, key: string, coefficient: number) => {
    const quantity = numberOf.get(key);
    if (quantity === undefined) return;
    const terms = sums.get(sum) ?? new Map<number, number>();
    sums.set(sum, terms);
    terms.set(quantity, (terms.get(quantity) ?? 0) + coefficient);
  };
  const wholeOf = new Map(slices.map((slice) => [`${slice.level}/${slice.slice}`, slice.partOf]));
  const termsOf = new Map<string, IdentityTerm[]>();
  for (const term of identities) termsOf.set(term.indicator, [...(termsOf.get(term.indicator) ?? []), term]);
  const summed = new Set<string>();
  for (const figure of figures) {
    const own = placeOf(figure);
    for (const part of ["numerator", "denominator"] as const) {
      const key = keyOf(figure, part, figure);
      const whole = wholeOf.get(`${figure.level}/${figure.slice}`);
      const once = (sum: string, coefficient: number) => {
        if (summed.has(`${sum} ${key}`)) return;
        summed.add(`${sum} ${key}`);
        addTo(sum, key, coefficient);
      };
      const name = part === "numerator" ? figure.indicator : (figure.shareGroup ?? figure.indicator);
      if (whole != null) once(`up ${part} ${name} ${whole.level}/${whole.slice} ${figure.month}`, 1);
      once(`up ${part} ${name} ${own}`, -1);
    }
    if (figure.shareGroup !== null) {
      const sum = `group ${figure.shareGroup} ${own}`;
      addTo(sum, keyOf(figure, "numerator", figure), 1);
      const total = keyOf(figure, "denominator", figure);
      if (!summed.has(`${sum} total`)) addTo(sum, total, -1);
      summed.add(`${sum} total`);
    }
    for (const term of termsOf.get(figure.indicator) ?? []) {
      const place = placeOf({ ...figure, month: figure.month + term.monthsBefore });
      addTo(`identity ${term.identity} ${place}`, keyOf(figure, term.part, figure), term.coefficient);
    }
  }
  const lengths = new Map<string, number>();
  for (const { identity } of identities) lengths.set(identity, (lengths.get(identity) ?? 0) + 1);
  const complete = [...sums]
    .filter(([name, terms]) => {
      const identity = /^identity (\S+) /.exec(name)?.[1];
      return identity === undefined ? terms.size > 1 : terms.size === lengths.get(identity);
    })
    .map(([, terms]) => terms);
  const sumsOf = quantities.map((): number[] => []);
  for (const [index, terms] of complete.entries())
    for (const quantity of terms.keys()) sumsOf[quantity]?.push(index);
  return { quantities, sums: complete, sumsOf, quantitiesOf };
}

function placeOf(figure: Pick<Figure, "level" | "slice" | "month">): string {
  return `${figure.level}/${figure.slice} ${figure.month}`;
}

function keyOf(
  figure: Pick<Figure, "indicator" | "shareGroup">,
  part: "numerator" | "denominator",
  place: Pick<Figure, "level" | "slice" | "month">,
): string {
  const name = part === "numerator" ? figure.indicator : (figure.shareGroup ?? figure.indicator);
  return `${part} ${name} ${placeOf(place)}`;
}
