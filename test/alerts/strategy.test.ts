import { describe, expect, test } from "vitest";
import { checkAlerting } from "../../pipelines/strategy/check-alerting.ts";
import { DEFAULT_PLANS, DEFAULT_ROLES } from "../../pipelines/strategy/default-playbook.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { collectIndicators } from "../../pipelines/warehouse/indicators.ts";
import { readModels } from "../../pipelines/warehouse/model.ts";
import { openEmptyLandlord } from "../sql/empty-landlord.ts";

const parse = (yaml: string) =>
  parseStrategy(`landlord: { name: Bailleur }\nfeeds: {}\n${yaml}`, "vigie.yaml");

describe("the playbook that comes with vigie", () => {
  test("answers every indicator: its own plan, its group's or its family's", async () => {
    const indicators = collectIndicators(await readModels("sql"));
    const without = [...indicators].filter(([id, { family }]) => {
      const keys = [id, id.split(".")[0] ?? "", family];
      return !keys.some((key) => (DEFAULT_PLANS[key] ?? []).length > 0);
    });
    expect(without.map(([id]) => id)).toEqual([]);
  });

  test("names roles that it knows, expects a change for the better where it expects one, and never asks for fees", async () => {
    const indicators = collectIndicators(await readModels("sql"));
    for (const [key, actions] of Object.entries(DEFAULT_PLANS)) {
      for (const { owner, expected, action } of actions) {
        expect(Object.keys(DEFAULT_ROLES), key).toContain(owner);
        expect(action, key).not.toMatch(
          /(?:facturer|appliquer|ajouter) (?:des|les|de) frais|mise en demeure|expuls/i,
        );
        if (expected === null) continue;
        expect(indicators.get(key)?.good_direction, key).toBe(expected < 0 ? "down" : "up");
      }
    }
  });
});

describe("a strategy that names what does not exist is refused by its key", () => {
  test("a role, with its line", () => {
    expect(() =>
      parse("playbook:\n  plans:\n    arrears:\n      - { action: Appeler, owner: nobody, days: 3 }\n"),
    ).toThrow(
      "vigie.yaml:6: playbook.plans.arrears.0.owner: no role is called nobody; they are accounting, ",
    );
  });

  test.each([
    [
      "playbook: { plans: { share_4_terms: [] } }",
      "playbook.plans.share_4_terms: no indicator and no family",
    ],
    [
      "playbook: { owners: { coach: { name: X, agencies: { A9: Y } } } }",
      "playbook.owners.coach.agencies: no agency has the id A9",
    ],
    [
      "notifications: { smtp: { host: h, from: a@b.example }, recipients: [{ email: a@b.example, agencies: [A9] }] }",
      "notifications.recipients (a@b.example).agencies: no agency has the id A9",
    ],
    [
      "notifications: { webhooks: [{ name: x, format: teams, url_variable: HOOK, agencies: [A9] }] }",
      "notifications.webhooks (x).agencies: no agency has the id A9",
    ],
  ])("%s", async (yaml, message) => {
    const indicators = collectIndicators(await readModels("sql"));
    const database = await openEmptyLandlord("", "2024-12-31");
    try {
      await expect(checkAlerting(database.connection, parse(yaml), indicators)).rejects.toThrow(message);
    } finally {
      database.close();
    }
  });
});
