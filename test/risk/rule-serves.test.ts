import { expect, test } from "vitest";
import { syntheticNight } from "./synthetic-landlord.ts";

test("too few households fell to learn from: the simple rule serves, gives reasons that add up, and says so", async () => {
  const night = await syntheticNight({ households: 60, risk: "{ least_onsets: 1000 }" });
  const [model] = await night.rows("select * from risk.model where question = 'onset'");
  expect(model).toMatchObject({ served: "rule", verdict: "too_few_onsets", in_shadow: false });
  expect(model?.statement_fr).toMatch(
    /^La règle simple sert, d’après .*trop peu de ménages sont entrés en impayé, et il en faut 1\s000\.$/,
  );
  const [gap] = await night.rows(
    `select max(abs(ln(probability / (1 - probability)) - base_logit - contribution))::double as gap, count(*)::integer as reasons
     from risk.estimate inner join risk.contribution using (lease_id)`,
  );
  expect(gap?.gap).toBeLessThan(1e-9);
  expect(gap?.reasons).toBeGreaterThan(50);
  const [past] = await night.rows(
    "select count(distinct as_of)::integer as dates, bool_and(model_version like 'rule:%') as by_rule from risk.past_score",
  );
  expect(past).toEqual({ dates: 12, by_rule: true });
  expect(await night.rows("select distinct model from risk.evaluation order by 1")).toHaveLength(5);
  const [card] = await night.rows(
    "select string_agg(text_fr, ' ') as text from risk.card where question = 'onset' and section = 'data'",
  );
  expect(card?.text).toContain("La règle classe les ménages d’après");
  night.close();
});

test("a landlord without any past: every household gets an answer, by the rule", async () => {
  const night = await syntheticNight({
    households: 30,
    sql: [
      "delete from risk.label",
      "delete from risk.drawn where as_of <> date '2026-11-15'",
      "delete from risk.cohort where as_of <> date '2026-11-15'",
    ],
  });
  expect(
    await night.rows(
      "select count(*)::integer as households, count(probability)::integer as told from risk.estimate",
    ),
  ).toEqual([{ households: 30, told: 30 }]);
  const [model] = await night.rows("select statement_fr from risk.model where question = 'onset'");
  expect(model?.statement_fr).toContain("aucun ménage n’est entré en impayé");
  night.close();
});

test("a landlord without households: no row, no error", async () => {
  const night = await syntheticNight({ households: 0 });
  expect(await night.rows("select * from risk.estimate")).toEqual([]);
  expect(await night.rows("select question, served from risk.model order by 1")).toEqual([
    { question: "onset", served: "rule" },
    { question: "worsening", served: "rule" },
  ]);
  night.close();
});
