import type { AgencyPanel } from "../../models/merger-effect/group-time.ts";
import { fitExpectation, mixDesign } from "../../models/standardisation/expectation.ts";
import type { Home, HomeMonth } from "./compared-homes.ts";

/** Each agency's monthly share of an outcome less what its mix lets expect, over the last `closings` closings of the homes. */
export function excessPanel(
  homes: readonly Home[],
  agencyOf: readonly number[],
  outcomeOf: (month: HomeMonth) => boolean,
  closings: number,
): AgencyPanel {
  const agencies = Math.max(...agencyOf) + 1;
  const lastMonth = Math.max(...homes.map(({ months }) => months.at(-1)?.month ?? 0));
  const patterns = new Map<
    string,
    { readonly bands: readonly number[]; counted: number; observed: number }
  >();
  for (const { months } of homes) {
    for (const month of months) {
      const pattern = patterns.get(month.bands.join()) ?? { bands: month.bands, counted: 0, observed: 0 };
      pattern.counted += 1;
      pattern.observed += Number(outcomeOf(month));
      patterns.set(month.bands.join(), pattern);
    }
  }
  const all = [...patterns.values()];
  const { probability } = fitExpectation(
    mixDesign(all.map(({ bands }) => bands)),
    Float64Array.from(all, ({ counted }) => counted),
    Float64Array.from(all, ({ observed }) => observed),
  );
  const expected = new Map([...patterns.keys()].map((key, place) => [key, probability[place] ?? 0]));
  const excess = Array.from({ length: agencies }, () => new Float64Array(closings));
  const held = Array.from({ length: agencies }, () => new Float64Array(closings));
  for (const [home, { months }] of homes.entries()) {
    const [more, counts] = [excess[agencyOf[home] ?? 0], held[agencyOf[home] ?? 0]];
    if (more === undefined || counts === undefined) continue;
    for (const month of months) {
      const place = month.month - lastMonth + closings - 1;
      more[place] = (more[place] ?? 0) + Number(outcomeOf(month)) - (expected.get(month.bands.join()) ?? 0);
      counts[place] = (counts[place] ?? 0) + 1;
    }
  }
  return {
    values: excess.map((row, agency) =>
      row.map((value, place) => value / (held[agency]?.[place] ?? Number.NaN)),
    ),
    weights: held.map((row) => row.reduce((sum, count) => sum + count, 0) / closings),
  };
}
