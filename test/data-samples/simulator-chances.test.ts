import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Chances } from "../../data-samples/simulator/random.ts";
import { livedDwellings } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";

describe("a number depends on seed, subject, purpose and moment alone", () => {
  test("what was drawn before changes nothing", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(), fc.nat(30_000), (seed, subject, moment) => {
        const fresh = new Chances(seed, subject).fraction("jobLoss", moment);
        const used = new Chances(seed, subject);
        used.integer([1, 6], "delay", moment);
        used.bell("margin");
        expect(used.fraction("jobLoss", moment)).toBe(fresh);
      }),
    );
  });

  test.each(["seed", "subject", "purpose", "moment"])("another %s, another number", (changed) => {
    const other = new Chances(changed === "seed" ? 8 : 7, changed === "subject" ? 102 : 101);
    const number = other.fraction(
      changed === "purpose" ? "illness" : "jobLoss",
      changed === "moment" ? 2 : 1,
    );
    expect(number).not.toBe(new Chances(7, 101).fraction("jobLoss", 1));
  });

  test("numbers are spread evenly, over subjects and over moments, whatever the neighbours drew", () => {
    const tenths = new Array<number>(10).fill(0);
    let together = 0;
    const draws = 40_000;
    for (let index = 0; index < draws; index++) {
      const chances = new Chances(1, 100 + (index % 200));
      const number = chances.fraction("delay", Math.floor(index / 200));
      const neighbour = chances.fraction("drift", Math.floor(index / 200));
      tenths[Math.floor(number * 10)] = (tenths[Math.floor(number * 10)] ?? 0) + 1;
      together += (number - 0.5) * (neighbour - 0.5) * 12;
    }
    for (const tenth of tenths) expect(Math.abs(tenth / draws - 0.1)).toBeLessThan(0.006);
    expect(Math.abs(together / draws)).toBeLessThan(0.02);
  });

  test("a bell has mean 0, deviation 1 and no tail beyond 3.5", () => {
    const chances = new Chances(3, 1);
    const bells = Array.from({ length: 20_000 }, (_, index) => chances.bell("margin", index));
    const mean = bells.reduce((sum, bell) => sum + bell, 0) / bells.length;
    const variance = bells.reduce((sum, bell) => sum + (bell - mean) ** 2, 0) / bells.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(Math.max(...bells.map(Math.abs))).toBeLessThan(3.5);
  });
});

describe("dwelling k is dwelling k", () => {
  const window = windowOf(12);
  const many = [...livedDwellings({ from: 1, to: 90, seed: 6, window })].map(({ record }) => record);

  test("among ten or among ninety", () => {
    const few = [...livedDwellings({ from: 1, to: 10, seed: 6, window })].map(({ record }) => record);
    expect(many.slice(0, 10)).toEqual(few);
  });

  test("without living the dwellings before it, annexes of a home included", () => {
    expect(many.filter(({ use }) => use === "parking" || use === "garage").length).toBeGreaterThan(3);
    for (const dwelling of many) {
      const [alone] = livedDwellings({ from: dwelling.number, to: dwelling.number, seed: 6, window });
      expect(alone?.record).toEqual(dwelling);
    }
  });
});
