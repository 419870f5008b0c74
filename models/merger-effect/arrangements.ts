import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const SEED = 20_261_115;

/**
 * All distinct arrangements of the dates where there are at most `most`; else the true one and draws, `most` in all. Either way
 * the true one counts as one of them, so that a p-value is never 0 and never too small (Phipson and Smyth, Permutation P-values
 * should never be zero, 2010). Draws are the same every night.
 */
export function arrangements<T>(dates: readonly T[], most: number): (readonly T[])[] {
  if (countDistinct(dates) <= most) {
    const all = [...distinctOrders(dates)];
    const others = all.filter((way) => way.some((date, i) => date !== dates[i]));
    return [dates, ...others];
  }
  const generator = xoroshiro128plus(SEED);
  const ways: (readonly T[])[] = [dates];
  while (ways.length < most) {
    const way = [...dates];
    for (let last = way.length - 1; last > 0; last--) {
      const place = uniformInt(generator, 0, last);
      const [one, other] = [way[place], way[last]];
      if (one !== undefined && other !== undefined) [way[place], way[last]] = [other, one];
    }
    ways.push(way);
  }
  return ways;
}

function countDistinct(dates: readonly unknown[]): number {
  let ways = 1;
  const seen = new Map<unknown, number>();
  for (const [i, date] of dates.entries()) {
    const times = (seen.get(date) ?? 0) + 1;
    seen.set(date, times);
    ways = (ways * (i + 1)) / times;
  }
  return Math.round(ways);
}

function* distinctOrders<T>(dates: readonly T[]): Generator<T[]> {
  if (dates.length === 0) yield [];
  for (const first of new Set(dates)) {
    const rest = [...dates];
    rest.splice(rest.indexOf(first), 1);
    for (const order of distinctOrders(rest)) yield [first, ...order];
  }
}
