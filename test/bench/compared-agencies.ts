import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { mixDesign } from "../../models/standardisation/expectation.ts";
import type { Standardised } from "../../models/standardisation/standardise.ts";
import { type LeaseMonth, standardise } from "../models/standardisation/standardise.ts";
import { BANDS, type Home, type HomeMonth } from "./compared-homes.ts";

/** Chances from 0 to 1, the same for a seed. */
export function chancesOf(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/**
 * Gives each home to an agency by its mix alone: every agency draws each band with a taste of its own, from −`taste` to `taste` in
 * logarithm, and nothing else of the home is looked at. So agencies differ in who lives there, and behave alike.
 *
 * @param sizes of the agencies, as shares of the homes before tastes.
 * @returns the agency of each home.
 */
export function assignByMix(
  homes: readonly Home[],
  sizes: readonly number[],
  taste: number,
  chance: () => number,
): number[] {
  const tastes = sizes.map(() => BANDS.map((bands) => bands.map(() => taste * (2 * chance() - 1))));
  return homes.map(({ months }) => {
    const bands = months[Math.floor(months.length / 2)]?.bands ?? [];
    const draws = sizes.map((size, agency) => {
      const drawn = bands.map((band, dimension) => tastes[agency]?.[dimension]?.[band] ?? 0);
      return size * Math.exp(drawn.reduce((sum, value) => sum + value, 0));
    });
    let left = chance() * draws.reduce((sum, draw) => sum + draw, 0);
    const agency = draws.findIndex((draw) => {
      left -= draw;
      return left < 0;
    });
    return agency === -1 ? sizes.length - 1 : agency;
  });
}

/** Agencies compared on an outcome; with `byMix` false, on their raw rates by the same method: all homes are one band. */
export function compare(
  homes: readonly Home[],
  agencyOf: readonly number[],
  outcomeOf: (month: HomeMonth) => boolean | null,
  byMix = true,
): Standardised {
  const patterns: (readonly number[])[] = [];
  const places = new Map<string, number>();
  const households = new Map<number, number>();
  const rows: LeaseMonth[] = [];
  for (const [home, { household, months }] of homes.entries()) {
    const cluster = placeIn(households, household);
    for (const month of months) {
      const outcome = outcomeOf(month);
      if (outcome === null) continue;
      const bands = byMix ? month.bands : [0];
      const pattern = placeIn(places, bands.join());
      patterns[pattern] ??= bands;
      rows.push([cluster, agencyOf[home] ?? 0, pattern, Number(outcome)]);
    }
  }
  const agencies = Math.max(...agencyOf) + 1;
  return standardise(mixDesign(patterns), rows, agencies, { households: 0, expected: 0 });
}

function placeIn<T>(places: Map<T, number>, key: T): number {
  const known = places.get(key);
  if (known !== undefined) return known;
  places.set(key, places.size);
  return places.size - 1;
}
