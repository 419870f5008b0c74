import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import {
  ARCHETYPES,
  HABIT_FIGURES,
  type Habits,
  LEARNT_SEGMENTS,
  type LearntSegment,
} from "../../../models/payment-behaviour/archetypes.ts";

/** Households of known types, each with its closings one after another. */
export interface KnownHouseholds {
  readonly habits: Habits;
  readonly household: Int32Array;
  readonly isLast: Uint8Array;
  /** Per row: the place of its household's type in LEARNT_SEGMENTS. */
  readonly type: Int8Array;
}

/** What a landlord's own households of a type are like, where that is not the shipped archetype. */
export type OwnWays = Partial<Record<LearntSegment, readonly number[]>>;

/**
 * Draws so many households of each type, over so many closings. Each household has ways of its own around its type's, up to
 * `spread` in each figure, and each closing strays from them by half as much. Means of payment are drawn where the type says
 * nothing of them.
 */
export function knownHouseholds(
  seed: number,
  households: Readonly<Record<LearntSegment, number>>,
  options: { readonly closings?: number; readonly spread?: number; readonly ways?: OwnWays } = {},
): KnownHouseholds {
  const { closings = 4, spread = 0.1, ways = {} } = options;
  const chance = xoroshiro128plus(seed);
  const draw = (): number => uniformFloat64(chance);
  const around = (value: number, by: number): number =>
    Math.min(1, Math.max(0, value + by * (2 * draw() - 1)));
  const values: number[] = [];
  const household: number[] = [];
  const isLast: number[] = [];
  const type: number[] = [];
  let number = 0;
  for (const [place, segment] of LEARNT_SEGMENTS.entries()) {
    const usual = ways[segment] ?? ARCHETYPES[segment];
    for (let one = 0; one < households[segment]; one++) {
      const means = draw() < 0.3 ? 1 : 0;
      const own = usual.map((value) => (Number.isNaN(value) ? means : around(value, spread)));
      for (let closing = 0; closing < closings; closing++) {
        values.push(...own.map((value) => around(value, spread / 2)));
        household.push(number);
        isLast.push(closing === closings - 1 ? 1 : 0);
        type.push(place);
      }
      number++;
    }
  }
  return {
    habits: { rows: values.length / HABIT_FIGURES.length, values: Float64Array.from(values) },
    household: Int32Array.from(household),
    isLast: Uint8Array.from(isLast),
    type: Int8Array.from(type),
  };
}
