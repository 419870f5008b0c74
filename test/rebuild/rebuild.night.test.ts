import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EVENTS, runNightsInParts } from "./nights-in-parts.ts";

/** A day so many days after another, yyyy-mm-dd. */
function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const scenario = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  first: fc.integer({ min: 0, max: 60 }),
  // A day, within the month, and over the end of a month or several.
  gaps: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 20, max: 70 })),
  lateShare: fc.constantFrom(0, 0.02, 0.3),
  events: fc.tuple(fc.constantFrom(...EVENTS), fc.constantFrom(...EVENTS)),
  /** Whether the last night is asked to stand on an earlier day than the one before. */
  looksBack: fc.boolean(),
});

test("a night built upon the one before holds what the same night computed whole holds, row for row, in every table", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ seed, first, gaps, lateShare, events, looksBack }) => {
      const folder = await mkdtemp(join(tmpdir(), "vigie-rebuild-"));
      try {
        const start = daysAfter("2026-03-01", first);
        const second = daysAfter(start, gaps[0]);
        const days = [start, second, daysAfter(second, gaps[1])];
        const asOf = looksBack ? [start, second, daysAfter(start, -2)] : days;
        const nights = await runNightsInParts(folder, {
          landlord: { dwellings: 80, months: 20, seed: seed % 1000 },
          days,
          asOf,
          events,
          seed,
          lateShare,
        });
        expect(nights.map(({ asOf: day, differences }) => ({ asOf: day, differences }))).toEqual(
          asOf.slice(1).map((day) => ({ asOf: day, differences: [] })),
        );
        for (const { compared, ways } of nights) {
          expect(compared).toBeGreaterThan(200);
          expect(ways.keep).toBeGreaterThan(0);
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 1, endOnFailure: true },
  );
});
