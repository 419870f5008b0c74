import { independentParts } from "./independent-parts.ts";
import { type Equation, fixedUnknowns, linearSystem, type SystemPart } from "./linear-system.ts";
import {
  type Figure,
  type IdentityTerm,
  listAt,
  PARTS,
  publishedSums,
  type SlicePart,
} from "./published-sums.ts";

/** Why a figure is withheld: too few households stand behind it, or another withheld one could be worked out from it. */
export type Reason = "few_households" | "complement";

/**
 * The figures to withhold, part by part: what is withheld in one part of `independentParts` follows from its own figures alone.
 *
 * @returns the reason by the figure's place in `figures`, which rises.
 */
export function findWithheld(
  figures: readonly Figure[],
  slices: readonly SlicePart[],
  identities: readonly IdentityTerm[],
  minimum: number,
): Map<number, Reason> {
  const reasons: [number, Reason][] = [];
  for (const part of independentParts(figures, identities)) {
    const own = [...part].flatMap((place) => figures[place] ?? []);
    for (const [place, reason] of withheldIn(own, slices, identities, minimum))
      reasons.push([part[place] ?? 0, reason]);
  }
  return new Map(reasons.sort(([one], [other]) => one - other));
}

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
function withheldIn(
  figures: readonly Figure[],
  slices: readonly SlicePart[],
  identities: readonly IdentityTerm[],
  minimum: number,
): Map<number, Reason> {
  const { partOf, figuresOf, quantitiesOf, quantitiesIn, sumsOf } = publishedSums(
    figures,
    slices,
    identities,
  );
  const sums = quantitiesIn.starts.length - 1;
  const isFew = (households: number | null) =>
    households !== null && households >= 1 && households <= minimum;
  const reasons = new Map<number, Reason>();
  for (const [index, { cases, baseCases }] of figures.entries())
    if (isFew(cases) || isFew(baseCases)) reasons.set(index, "few_households");

  const system = linearSystem(sums, (quantity) => ({
    equations: listAt(sumsOf, quantity),
    coefficients: sumsOf.coefficients.subarray(sumsOf.starts[quantity], sumsOf.starts[quantity + 1]),
  }));
  const published = figuresOf.starts
    .subarray(1)
    .map((end, quantity) => end - (figuresOf.starts[quantity] ?? 0));
  /** How many unknowns stand in each sum. */
  const unknownsIn = new Int32Array(sums);
  /** The round in which a sum got its last unknown. */
  const grownIn = new Int32Array(sums);
  let round = 0;
  const note = (figure: number) => {
    for (const quantity of listAt(quantitiesOf, figure)) {
      const left = (published[quantity] ?? 0) - 1;
      published[quantity] = left;
      if (left !== 0) continue;
      system.open(quantity);
      for (const sum of listAt(sumsOf, quantity)) {
        grownIn[sum] = round;
        unknownsIn[sum] = (unknownsIn[sum] ?? 0) + 1;
      }
    }
  };
  for (const figure of reasons.keys()) note(figure);
  const isUnknown = (quantity: number) => published[quantity] === 0;
  const isSecret = (quantity: number) => {
    const isNumerator = PARTS[partOf[quantity] ?? 0] === "numerator";
    return listAt(figuresOf, quantity).some((index) => {
      const figure = figures[index];
      return isNumerator ? figure?.cases != null : isFew(figure?.baseCases ?? null);
    });
  };

  const withhold = (quantity: number): number[] =>
    [...listAt(figuresOf, quantity)].flatMap((figure) => {
      if (reasons.has(figure)) return [];
      reasons.set(figure, "complement");
      note(figure);
      return [...listAt(quantitiesOf, figure)];
    });

  let changed = new Set([...reasons.keys()].flatMap((figure) => [...listAt(quantitiesOf, figure)]));
  while (changed.size > 0) {
    const open = subtractNothing(changed);
    changed = new Set();
    round += 1;
    for (const part of partsOf(open)) {
      const { fixed, isFixed } = whatIsFixedIn(part);
      let secret = Number.POSITIVE_INFINITY;
      for (const unknown of fixed) if (unknown < secret && isSecret(unknown)) secret = unknown;
      const quantity = secret === Number.POSITIVE_INFINITY ? undefined : cheapestAround(secret, isFixed);
      if (quantity !== undefined) for (const other of withhold(quantity)) changed.add(other);
    }
  }
  return reasons;

  /** Withholds until no sum has one unknown alone that is secret, and tells all quantities touched on the way. */
  function subtractNothing(from: ReadonlySet<number>): Set<number> {
    const touched = new Set(from);
    const queue = [...Int32Array.from(from).sort()];
    // The queue grows while it is read.
    for (const next of queue) {
      for (const sum of listAt(sumsOf, next)) {
        if (unknownsIn[sum] !== 1) continue;
        const held = [...listAt(quantitiesIn, sum)];
        const only = held.find(isUnknown);
        if (only === undefined || !isSecret(only)) continue;
        const cheapest = cheapestOf(held.filter((quantity) => !isUnknown(quantity)));
        if (cheapest === undefined) continue;
        for (const quantity of withhold(cheapest)) {
          touched.add(quantity);
          queue.push(quantity);
        }
      }
    }
    return touched;
  }

  /** The parts of the system in which something has changed, as they stand before any is treated: sums by their place. */
  function partsOf(from: ReadonlySet<number>): (readonly number[])[] {
    const found = new Map<SystemPart, readonly number[]>();
    for (const quantity of from) {
      const [sum] = isUnknown(quantity) ? listAt(sumsOf, quantity) : [];
      if (sum === undefined) continue;
      const part = system.partOf(sum);
      if (!found.has(part)) found.set(part, [...part.equations]);
    }
    return [...found.values()];
  }

  /**
   * What the sums of a part fix. Where something was withheld in this round that stands in them too, they are solved by
   * themselves: what hangs together with them since has its turn in the next round.
   */
  function whatIsFixedIn(part: readonly number[]): {
    fixed: number[];
    isFixed: (quantity: number) => boolean;
  } {
    const [first] = part;
    if (first === undefined || part.some((sum) => grownIn[sum] === round)) {
      const fixed = fixedUnknowns(part.map(unknownPart));
      return { fixed: [...fixed], isFixed: (quantity) => fixed.has(quantity) };
    }
    return { fixed: system.fixedIn(system.partOf(first)), isFixed: system.isFixed };
  }

  function unknownPart(sum: number): Equation {
    const unknown = new Map<number, number>();
    const end = quantitiesIn.starts[sum + 1] ?? 0;
    for (let place = quantitiesIn.starts[sum] ?? 0; place < end; place++) {
      const quantity = quantitiesIn.items[place] ?? 0;
      if (isUnknown(quantity)) unknown.set(quantity, quantitiesIn.coefficients[place] ?? 0);
    }
    return unknown;
  }

  /** The quantities of the sums with a quantity in which nothing else is left open. */
  function inTightSums(quantity: number, isFixed: (quantity: number) => boolean): number[] {
    const found: number[] = [];
    for (const sum of listAt(sumsOf, quantity)) {
      const held = listAt(quantitiesIn, sum);
      if (held.every((other) => !isUnknown(other) || isFixed(other))) found.push(...held);
    }
    return found;
  }

  /** The cheapest published quantity in the sums that give a secret away, those nearest to it first. */
  function cheapestAround(secret: number, isFixed: (quantity: number) => boolean): number | undefined {
    const seen = new Set([secret]);
    for (let ring = [secret]; ring.length > 0; ) {
      const around = new Set(ring.flatMap((quantity) => inTightSums(quantity, isFixed)));
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
    const isNumerator = PARTS[partOf[quantity] ?? 0] === "numerator";
    const shown = [...listAt(figuresOf, quantity)].flatMap((index) => figures[index] ?? []);
    const households = Math.max(
      ...shown.map((figure) => (isNumerator ? figure.cases : figure.baseCases) ?? 0),
    );
    return [
      Math.max(...shown.map(({ level }) => LEVELS.indexOf(level))),
      shown.some(({ headline }) => headline) ? 1 : 0,
      listAt(sumsOf, quantity).filter((sum) => unknownsIn[sum] === 0).length,
      isNumerator ? 0 : 1,
      households === 0 ? 1 : 0,
      households,
    ];
  }
}

/** From the first to be withheld to the last. */
const LEVELS = ["agency", "sector", "company"];
