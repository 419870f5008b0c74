import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Household, openLists } from "./small-lists.ts";

const FACTOR = 1.5;
const lists = await openLists("2024-12-31");

afterAll(() => lists.close());

const AGENCIES = ["A", "B", "C"] as const;

/** Few distinct probabilities, so that many are equal. */
const cohort = fc
  .uniqueArray(
    fc.record({
      lease: fc.integer({ min: 1, max: 60 }).map((number) => `L${number}`),
      agency: fc.constantFrom("A", "A", "A", "B", "C"),
      probability: fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8),
      excluded: fc.boolean(),
    }),
    { selector: ({ lease }) => lease, maxLength: 45, size: "max" },
  )
  .map((households): readonly Household[] => households);

const places = fc.record({
  A: fc.integer({ min: 0, max: 12 }),
  B: fc.integer({ min: 0, max: 12 }),
  C: fc.constant(3),
});

const listedBefore = fc.uniqueArray(
  fc.integer({ min: 1, max: 60 }).map((number) => `L${number}`),
  { maxLength: 60, size: "max" },
);

/** The rule said once more: who was listed and ranks within the factor first, then the likeliest, ties by the lease's hash. */
function chosen(households: readonly Household[], k: number, before: ReadonlySet<string>): string[] {
  const hash = ({ lease }: Household) => createHash("md5").update(lease).digest("hex");
  const ranked = households
    .filter(({ excluded }) => !excluded)
    .sort((one, other) => other.probability - one.probability || (hash(one) < hash(other) ? -1 : 1))
    .map(({ lease }) => lease);
  const incumbents = ranked.filter((lease, place) => before.has(lease) && place + 1 <= FACTOR * k);
  const others = ranked.filter((lease) => !incumbents.includes(lease));
  const places = new Set([...incumbents, ...others].slice(0, k));
  return ranked.filter((lease) => places.has(lease));
}

test("a list holds exactly its places: those who keep theirs, then the likeliest, in the order of their probability", async () => {
  await fc.assert(
    fc.asyncProperty(cohort, places, listedBefore, async (households, sizes, before) => {
      const found = await lists.tonight(households, sizes, {
        asOf: "2024-12-30",
        leases: before,
      });
      for (const agency of AGENCIES) {
        const own = households.filter((household) => household.agency === agency);
        const list = found.filter(({ agency_id }) => agency_id === agency);
        const eligible = own.filter(({ excluded }) => !excluded).length;
        expect(list).toHaveLength(Math.min(sizes[agency], eligible));
        expect(list.map(({ lease_id }) => lease_id)).toEqual(chosen(own, sizes[agency], new Set(before)));
        expect(list.map(({ place }) => place)).toEqual(list.map((_, i) => i + 1));
        for (const { lease_id, kept } of list) expect(kept).toBe(before.includes(lease_id));
      }
    }),
    { numRuns: 40 },
  );
});

test("the order of the rows changes nothing, and a night on the same scores keeps the list as it is", async () => {
  await fc.assert(
    fc.asyncProperty(cohort, places, async (households, sizes) => {
      const leasesOf = (list: Awaited<ReturnType<typeof lists.tonight>>) =>
        list.map(({ lease_id }) => lease_id);
      const first = leasesOf(await lists.tonight(households, sizes, { asOf: "2024-12-29", leases: [] }));
      const turned = await lists.tonight([...households].reverse(), sizes, {
        asOf: "2024-12-30",
        leases: first,
      });
      expect(leasesOf(turned)).toEqual(first);
      expect(turned.every(({ kept }) => kept)).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test("replayed lists are those that the nights would have given, one after the other", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cohort, { minLength: 1, maxLength: 5 }), places, async (cohorts, sizes) => {
      const months = cohorts.map((households, i) => ({ asOf: `2024-0${i + 1}-28`, households }));
      const replayed = await lists.replay(months, sizes);
      let before: ReadonlySet<string> = new Set();
      // A month end with no household at all has no score, hence no list, and keeps nobody's place.
      for (const [i, { households }] of months.entries()) {
        if (households.length === 0) continue;
        const expected = AGENCIES.flatMap((agency) =>
          chosen(
            households.filter((household) => household.agency === agency),
            sizes[agency],
            before,
          ),
        );
        expect(replayed[i]).toEqual(expected.sort());
        before = new Set(expected);
      }
    }),
    { numRuns: 25 },
  );
});

test("scores that waver move fewer households in and out where those listed keep their place", async () => {
  const wavering = await openLists("2024-12-31", "risk: { incumbents_factor: 1 }");
  try {
    const noise = (lease: number, month: number) => ((lease * 7919 + month * 104_729) % 97) / 97 - 0.5;
    const months = Array.from({ length: 9 }, (_, month) => ({
      asOf: `2024-0${month + 1}-28`,
      households: Array.from({ length: 200 }, (_, lease) => ({
        lease: `L${lease}`,
        agency: "A",
        probability: 0.25 + lease / 400 + noise(lease, month) / 10,
        excluded: false,
      })),
    }));
    const entered = (replayed: readonly (readonly string[])[]) =>
      replayed
        .slice(1)
        .reduce(
          (sum, list, i) => sum + list.filter((lease) => !(replayed[i] ?? []).includes(lease)).length,
          0,
        );
    const steady = entered(await lists.replay(months, { A: 40 }));
    const restless = entered(await wavering.replay(months, { A: 40 }));
    expect(restless).toBeGreaterThan(0);
    expect(steady).toBeLessThan(restless / 2);
  } finally {
    wavering.close();
  }
});
