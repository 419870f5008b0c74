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

/** Lists of numbers, numbered from 0, one after the other in one array. */
export interface Lists {
  /** Where each list starts; one more than there are lists. */
  readonly starts: Int32Array;
  readonly items: Int32Array;
}

/** Lists in which each number has a coefficient, at its place in `items`. */
export interface Terms extends Lists {
  readonly coefficients: Int32Array;
}

/**
 * A quantity is a number that a reader may learn: he knows it unless all figures that tell it are withheld. A sum of quantities that
 * is zero is known to every reader. Both are numbered from 0.
 */
export interface PublishedSums {
  /** By quantity: which of `PARTS` it is. */
  readonly partOf: Uint8Array;
  /** By quantity: the figures that tell it. */
  readonly figuresOf: Lists;
  /** By figure: the quantities that it tells, one for each of `PARTS`. */
  readonly quantitiesOf: Lists;
  /** By sum: its quantities. */
  readonly quantitiesIn: Terms;
  /** By quantity: the sums that it stands in. */
  readonly sumsOf: Terms;
}

/** One of the lists. */
export function listAt({ starts, items }: Lists, list: number): Int32Array {
  return items.subarray(starts[list], starts[list + 1]);
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
  const slicesOf = Int32Array.from(figures, ({ level, slice }) => sliceOf.get(`${level}/${slice}`) ?? 0);
  /** A number for each name, slice and month. */
  const keyOf = (name: number, slice: number, month: number) =>
    (name * slices.length + slice) * months + month - firstMonth;

  const names = PARTS.map(() => numbering());
  const namesOf = figures.map(({ indicator, shareGroup }) =>
    PARTS.map(
      (part, place) => names[place]?.of(part === "numerator" ? indicator : (shareGroup ?? indicator)) ?? 0,
    ),
  );
  const keys = Math.max(...names.map(({ count }) => count())) * PARTS.length * slices.length * months;
  const quantityOfKey = denseNumbering(keys);
  const quantitiesOf = new Int32Array(figures.length * PARTS.length);
  const partOf = new Uint8Array(quantitiesOf.length);
  const keyOfQuantity = new Int32Array(quantitiesOf.length);
  for (const [index, { month }] of figures.entries()) {
    for (let part = 0; part < PARTS.length; part++) {
      const name = namesOf[index]?.[part] ?? 0;
      const key = keyOf(name * PARTS.length + part, slicesOf[index] ?? 0, month);
      const quantity = quantityOfKey.of(key);
      quantitiesOf[index * PARTS.length + part] = quantity;
      partOf[quantity] = part;
      keyOfQuantity[quantity] = key;
    }
  }
  const quantities = quantityOfKey.count();

  const identityOf = numbering();
  const lengths: number[] = [];
  const termsOf = new Map<string, DeclaredTerm[]>();
  for (const { identity, indicator, part, monthsAfter, coefficient } of identities) {
    const number = identityOf.of(identity);
    lengths[number] = (lengths[number] ?? 0) + 1;
    const told = { number, place: PARTS.indexOf(part), monthsAfter, coefficient };
    const ofIndicator = termsOf.get(indicator);
    if (ofIndicator === undefined) termsOf.set(indicator, [told]);
    else ofIndicator.push(told);
  }
  const most = figures.reduce(
    (sum, { indicator }) => sum + 2 + (termsOf.get(indicator)?.length ?? 0),
    2 * quantities,
  );
  const sumOf = new Int32Array(most);
  const quantityOf = new Int32Array(most);
  const coefficientOf = new Int32Array(most);
  /** How many quantities make each sum, and how many of them must be there for it to hold. */
  const counts = new Int32Array(most);
  const needed = new Int32Array(most);
  let terms = 0;
  const add = (sum: number, quantity: number, coefficient: number, least: number) => {
    sumOf[terms] = sum;
    quantityOf[terms] = quantity;
    coefficientOf[terms++] = coefficient;
    counts[sum] = (counts[sum] ?? 0) + 1;
    needed[sum] = least;
  };

  const upwards = denseNumbering(keys);
  for (let quantity = 0; quantity < quantities; quantity++) {
    const key = keyOfQuantity[quantity] ?? 0;
    add(upwards.of(key), quantity, -1, 2);
    const slice = Math.floor(key / months) % slices.length;
    const whole = wholes[slice];
    if (whole !== undefined) add(upwards.of(key + (whole - slice) * months), quantity, 1, 2);
  }
  const groups = denseNumbering(quantities, upwards.count());
  for (const [index, { shareGroup }] of figures.entries()) {
    if (shareGroup === null) continue;
    const numerator = quantitiesOf[index * PARTS.length] ?? 0;
    const denominator = quantitiesOf[index * PARTS.length + 1] ?? 0;
    const before = groups.count();
    const sum = groups.of(denominator);
    if (groups.count() > before) add(sum, denominator, -1, 2);
    add(sum, numerator, 1, 2);
  }
  const declaredFrom = upwards.count() + groups.count();
  // A sum stands at the month that its terms are counted from, which may lie before the first one.
  const longest = identities.reduce((far, { monthsAfter }) => Math.max(far, Math.abs(monthsAfter)), 0);
  const stretch = months + 2 * longest;
  const declared = denseNumbering(lengths.length * slices.length * stretch, declaredFrom);
  /** By sum the last of its declared terms, and by term the one before it in the same sum: two may be of one quantity. */
  const lastOf = new Int32Array(most).fill(-1);
  const earlierThan = new Int32Array(most).fill(-1);
  for (const [index, { indicator, month }] of figures.entries()) {
    for (const { number, place, monthsAfter, coefficient } of termsOf.get(indicator) ?? []) {
      const slice = number * slices.length + (slicesOf[index] ?? 0);
      const sum = declared.of(slice * stretch + month - monthsAfter - firstMonth + longest);
      const quantity = quantitiesOf[index * PARTS.length + place] ?? 0;
      const last = lastOf[sum] ?? -1;
      let same = last;
      while (same !== -1 && quantityOf[same] !== quantity) same = earlierThan[same] ?? -1;
      if (same === -1) {
        lastOf[sum] = terms;
        earlierThan[terms] = last;
        add(sum, quantity, coefficient, lengths[number] ?? 0);
      } else coefficientOf[same] = (coefficientOf[same] ?? 0) + coefficient;
    }
  }

  // Declared sums hold only whole, the others from two quantities on: those that do not are left out.
  const allSums = declaredFrom + declared.count();
  const kept = new Int32Array(allSums).fill(-1);
  let sums = 0;
  for (let sum = 0; sum < allSums; sum++) {
    const [count, least] = [counts[sum] ?? 0, needed[sum] ?? 0];
    if (sum < declaredFrom ? count >= least : count === least) kept[sum] = sums++;
  }
  let left = 0;
  for (let term = 0; term < terms; term++) {
    const sum = kept[sumOf[term] ?? 0] ?? -1;
    if (sum === -1) continue;
    sumOf[left] = sum;
    quantityOf[left] = quantityOf[term] ?? 0;
    coefficientOf[left++] = coefficientOf[term] ?? 0;
  }
  const [numbered, standing] = [sumOf.subarray(0, left), quantityOf.subarray(0, left)];
  const coefficients = coefficientOf.subarray(0, left);
  const told = new Int32Array(quantitiesOf.length);
  for (let place = 0; place < told.length; place++) told[place] = Math.floor(place / PARTS.length);
  return {
    partOf: partOf.slice(0, quantities),
    figuresOf: listed(quantities, quantitiesOf, told),
    quantitiesOf: {
      starts: Int32Array.from({ length: figures.length + 1 }, (_, figure) => figure * PARTS.length),
      items: quantitiesOf,
    },
    quantitiesIn: listed(sums, numbered, standing, coefficients),
    sumsOf: listed(quantities, standing, numbered, coefficients),
  };
}

/** A term of a declared sum: the sum's number, which part of the indicator it is, and the rest of `IdentityTerm`. */
interface DeclaredTerm extends Pick<IdentityTerm, "monthsAfter" | "coefficient"> {
  readonly number: number;
  readonly place: number;
}

/** Numbers for words, in the order in which they are first asked for. */
function numbering(): { of(word: string): number; count(): number } {
  const numbers = new Map<string, number>();
  return {
    of(word) {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, numbers.size);
      return numbers.size - 1;
    },
    count: () => numbers.size,
  };
}

/** The same for keys from 0 to before `keys`, most of which are asked for: numbers from `first` on. `count` tells how many. */
function denseNumbering(keys: number, first = 0): { of(key: number): number; count(): number } {
  const numbers = new Int32Array(keys).fill(-1);
  let count = 0;
  return {
    of(key) {
      const known = numbers[key] ?? -1;
      if (known !== -1) return known;
      const number = first + count++;
      numbers[key] = number;
      return number;
    },
    count: () => count,
  };
}

/** So many lists: each item, with its coefficient where there is one, in the list that stands at its place; in their order. */
function listed(lists: number, listOf: Int32Array, items: Int32Array, coefficients?: Int32Array): Terms {
  const starts = new Int32Array(lists + 1);
  for (let place = 0; place < listOf.length; place++) {
    const after = (listOf[place] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let list = 0; list < lists; list++) starts[list + 1] = (starts[list + 1] ?? 0) + (starts[list] ?? 0);
  const next = starts.slice();
  const sorted = { starts, items: new Int32Array(items.length), coefficients: new Int32Array(items.length) };
  for (let place = 0; place < listOf.length; place++) {
    const list = listOf[place] ?? 0;
    const at = next[list] ?? 0;
    next[list] = at + 1;
    sorted.items[at] = items[place] ?? 0;
    sorted.coefficients[at] = coefficients?.[place] ?? 0;
  }
  return sorted;
}
