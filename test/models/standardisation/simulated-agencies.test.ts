import { describe, expect, test } from "vitest";
import { assignByMix, chancesOf, compare } from "../../bench/compared-agencies.ts";
import { type HomeMonth, homesOf } from "../../bench/compared-homes.ts";

// A short form of test/bench/comparison.ts: few seeds, so bounds with room for chance; what they would catch is an interval
// that takes each month for a household of its own (which covers about half), or one blind to the mix.
describe("simulated agencies that behave alike and differ in who lives there", () => {
  const owesThree = ({ terms }: HomeMonth) => terms >= 3;
  const sizes = [200, 350, 700];
  const told = [1, 2, 3, 4].flatMap((seed) => {
    const homes = homesOf({ from: 1, to: 1_500, seed, closings: 12 });
    return Array.from({ length: 8 }, (_, draw) => {
      const agencyOf = assignByMix(homes, sizes, 1.5, chancesOf(100 * seed + draw));
      return { byMix: compare(homes, agencyOf, owesThree), raw: compare(homes, agencyOf, owesThree, false) };
    });
  });
  const missed = (which: "byMix" | "raw") =>
    told.flatMap((one) => one[which].agencies).filter(({ interval }) => interval.low > 1 || interval.high < 1)
      .length /
    (told.length * sizes.length);

  test("their intervals hold 1 nearly always", () => {
    expect(missed("byMix")).toBeLessThan(0.12);
  });

  test("their raw rates call some of them better or worse that are not", () => {
    expect(missed("raw")).toBeGreaterThan(missed("byMix") + 0.08);
  });
});
