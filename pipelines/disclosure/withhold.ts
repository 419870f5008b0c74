import { fixedUnknowns } from "./linear-system.ts";
import { type Figure, type IdentityTerm, publishedSums, type SlicePart, type Sum } from "./published-sums.ts";

/** Why a figure is withheld: too few households stand behind it, or another withheld one could be worked out from it. */
export type Reason = "few_households" | "complement";

/**
 * The figures to withhold: those that stand on 1 to `minimum` households, and as many others as it takes that no reader
 * can work out a withheld number from all that is published and all sums that he knows to hold.
 *
 * Complementary suppression by audit: what the published sums fix is found exactly (linear algebra), and for each number
 * found the cheapest published one of a sum that gives it away is withheld too, until nothing is found. Cheapest: of the
 * lowest level, no headline, some household behind it, the fewest. (The approach of Hundepool et al., Statistical
 * Disclosure Control, 2012, ch. 4, with a greedy choice in place of an optimal one.)
 *
 * @returns the reason by the figure's place in `figures`.
 */
export function findWithheld(
  figures: readonly Figure[],
  slices: readonly SlicePart[],
  identities: readonly IdentityTerm[],
  minimum: number,
): Map<number, Reason> {
  const { quantities, sums, sumsOf, quantitiesOf } = publishedSums(figures, slices, identities);
  const isFew = (households: number | null) =>
    households !== null && households >= 1 && households <= minimum;
  const reasons = new Map<number, Reason>();
  for (const [index, { cases, baseCases }] of figures.entries())
    if (isFew(cases) || isFew(baseCases)) reasons.set(index, "few_households");

  const published = quantities.map(({ figures: told }) => told.length);
  const note = (figure: number) => {
    for (const quantity of quantitiesOf[figure] ?? []) published[quantity] = (published[quantity] ?? 0) - 1;
  };
  for (const figure of reasons.keys()) note(figure);
  const isUnknown = (quantity: number) => published[quantity] === 0;
  const isSecret = (quantity: number) => {
    const { part, figures: told } = quantities[quantity] ?? { part: "numerator", figures: [] };
    return told.some((index) => {
      const figure = figures[index];
      return part === "numerator" ? figure?.cases != null : isFew(figure?.baseCases ?? null);
    });
  };

  const withhold = (quantity: number): number[] =>
    (quantities[quantity]?.figures ?? []).flatMap((figure) => {
      if (reasons.has(figure)) return [];
      reasons.set(figure, "complement");
      note(figure);
      return quantitiesOf[figure] ?? [];
    });

  let changed = new Set([...reasons.keys()].flatMap((figure) => quantitiesOf[figure] ?? []));
  while (changed.size > 0) {
    const open = subtractNothing(changed);
    changed = new Set();
    for (const component of components(open)) {
      const fixed = fixedUnknowns(component.map(unknownPart));
      const [secret] = [...fixed].filter(isSecret).sort((one, other) => one - other);
      const quantity = secret === undefined ? undefined : cheapestAround(secret, fixed);
      if (quantity !== undefined) for (const other of withhold(quantity)) changed.add(other);
    }
  }
  return reasons;

  /** Withholds until no sum has one unknown alone that is secret, and tells all quantities touched on the way. */
  function subtractNothing(from: ReadonlySet<number>): Set<number> {
    const touched = new Set(from);
    const queue = [...from].sort((one, other) => one - other);
    // The queue grows while it is read.
    for (const next of queue) {
      for (const index of sumsOf[next] ?? []) {
        const sum = sums[index];
        if (sum === undefined) continue;
        const unknown = [...sum.keys()].filter(isUnknown);
        const [only] = unknown;
        if (unknown.length !== 1 || only === undefined || !isSecret(only)) continue;
        const cheapest = cheapestOf([...sum.keys()].filter((quantity) => !isUnknown(quantity)));
        if (cheapest === undefined) continue;
        for (const quantity of withhold(cheapest)) {
          touched.add(quantity);
          queue.push(quantity);
        }
      }
    }
    return touched;
  }

  function unknownPart(sum: Sum): [quantity: number, coefficient: number][] {
    const part: [number, number][] = [];
    for (const term of sum) if (isUnknown(term[0])) part.push(term);
    return part;
  }

  /** The sums that hang together through unknown quantities, from those that have changed. */
  function components(from: ReadonlySet<number>): Sum[][] {
    const seen = new Set<number>();
    const seenSums = new Set<number>();
    const found: Sum[][] = [];
    for (const start of from) {
      if (seen.has(start) || !isUnknown(start)) continue;
      seen.add(start);
      const queue = [start];
      const component: Sum[] = [];
      for (let quantity = queue.pop(); quantity !== undefined; quantity = queue.pop()) {
        for (const index of sumsOf[quantity] ?? []) {
          const sum = sums[index];
          if (sum === undefined || seenSums.has(index)) continue;
          seenSums.add(index);
          component.push(sum);
          for (const other of sum.keys()) {
            if (seen.has(other) || !isUnknown(other)) continue;
            seen.add(other);
            queue.push(other);
          }
        }
      }
      found.push(component);
    }
    return found;
  }

  /** The sums of a quantity in which nothing else is left open. */
  function tightSums(quantity: number, fixed: ReadonlySet<number>): Sum[] {
    return (sumsOf[quantity] ?? []).flatMap((index) => {
      const sum = sums[index];
      return sum !== undefined && [...sum.keys()].every((other) => fixed.has(other) || !isUnknown(other))
        ? [sum]
        : [];
    });
  }

  /** The cheapest published quantity in the sums that give a secret away, those nearest to it first. */
  function cheapestAround(secret: number, fixed: ReadonlySet<number>): number | undefined {
    const seen = new Set([secret]);
    for (let ring = [secret]; ring.length > 0; ) {
      const around = new Set(
        ring.flatMap((quantity) => tightSums(quantity, fixed)).flatMap((sum) => [...sum.keys()]),
      );
      const shown = [...around].filter((quantity) => !isUnknown(quantity));
      if (shown.length > 0) return cheapestOf(shown);
      ring = [...around].filter((quantity) => !seen.has(quantity));
      for (const quantity of ring) seen.add(quantity);
    }
    return undefined;
  }

  function cheapestOf(candidates: readonly number[]): number | undefined {
    const priced = candidates.map((quantity) => [...costOf(quantity), quantity]);
    return priced
      .sort((one, other) => {
        const at = one.findIndex((cost, i) => cost !== other[i]);
        return (one[at] ?? 0) - (other[at] ?? 0);
      })[0]
      ?.at(-1);
  }

  function costOf(quantity: number): number[] {
    const { part, figures: told } = quantities[quantity] ?? { part: "numerator", figures: [] };
    const shown = told.flatMap((index) => figures[index] ?? []);
    const households = Math.max(
      ...shown.map((figure) => (part === "numerator" ? figure.cases : figure.baseCases) ?? 0),
    );
    return [
      Math.max(...shown.map(({ level }) => LEVELS.indexOf(level))),
      shown.some(({ headline }) => headline) ? 1 : 0,
      (sumsOf[quantity] ?? []).filter((sum) => ![...(sums[sum]?.keys() ?? [])].some(isUnknown)).length,
      part === "numerator" ? 0 : 1,
      households === 0 ? 1 : 0,
      households,
    ];
  }
}

/** From the first to be withheld to the last. */
const LEVELS = ["agency", "sector", "company"];
