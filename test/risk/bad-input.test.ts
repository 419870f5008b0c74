import { afterAll, beforeAll, expect, test } from "vitest";
import { type SyntheticNight, syntheticNight } from "./synthetic-landlord.ts";

let night: SyntheticNight;

// All that can be wrong at once, in one night: training is what takes time.
beforeAll(async () => {
  night = await syntheticNight({
    sql: [
      // A feature all missing.
      "update risk.feature set terms_owed = null",
      // A word that was never seen before tonight.
      "update risk.feature set payment_channel = 'crypto' where as_of = date '2026-11-15' and lease_id = 'L3'",
      // An agency without history, and without any capacity told for it.
      "update risk.cohort set agency_id = 'A9' where as_of = date '2026-11-15' and lease_id in ('L7', 'L8')",
      // Two months missing.
      "delete from risk.label where as_of in (select as_of from risk.origin where place in (5, 6))",
      "delete from risk.drawn where as_of in (select as_of from risk.origin where place in (5, 6))",
      // No numbers, and endless ones: in the past and tonight.
      "update risk.feature set days_late_last = 'nan'::double where lease_id in ('L11', 'L12')",
      "update risk.feature set days_late_mean_12 = 'infinity'::double where lease_id in ('L13', 'L14')",
      "update risk.feature set rent_burden = '-infinity'::double where lease_id = 'L15'",
    ],
  });
});
afterAll(() => night.close());

test("with all of it at once a model still learns, and serves", async () => {
  expect(await night.rows("select served, verdict from risk.model where question = 'onset'")).toEqual([
    { served: "model", verdict: "promoted" },
  ]);
});

test("every household gets a probability between 0 and 1, and reasons in words", async () => {
  expect(
    await night.rows(
      `select count(*)::integer as households, bool_and(probability > 0 and probability < 1) as told
       from risk.estimate`,
    ),
  ).toEqual([{ households: 400, told: true }]);
  expect(
    await night.rows(
      "select count(*)::integer as n from risk.contribution where text_fr is null or text_fr ~ 'NaN|Infin|∞'",
    ),
  ).toEqual([{ n: 0 }]);
});

test("a feature all missing adds nothing to anybody's score", async () => {
  expect(
    await night.rows(
      "select count(*)::integer as n from risk.contribution where term = 'terms_owed' and abs(contribution) > 1e-6",
    ),
  ).toEqual([{ n: 0 }]);
});

test("a word never seen before, an agency without history and endless values are scored like any other", async () => {
  expect(
    await night.rows(
      `select lease_id, probability between 0.0001 and 0.9 as told, freshness_days
       from risk.estimate where lease_id in ('L3', 'L7', 'L13', 'L15') order by 1`,
    ),
  ).toEqual(["L13", "L15", "L3", "L7"].map((lease_id) => ({ lease_id, told: true, freshness_days: 3 })));
});

test("months that are missing are missing from the past scores, and nothing else is", async () => {
  const [past] = await night.rows(
    "select count(distinct as_of)::integer as dates, count(*)::integer as households from risk.past_score where question = 'onset'",
  );
  expect(past).toEqual({ dates: 12, households: 12 * 400 });
});
