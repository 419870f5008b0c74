import { describe, expect, test } from "vitest";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { UserError } from "../../pipelines/user-error.ts";

const LEAST = "landlord: { name: Le petit bailleur }\nfeeds: {}\n";

test("the default procedure: letters on the 10th, the 10th and the 17th, a call with the second", () => {
  const { procedure } = parseStrategy(LEAST, "vigie.yaml");
  expect(procedure.steps).toEqual([
    { terms: 1, month: 0, day: 10, actions: [{ kind: "letter", tolerance_days: 3 }] },
    {
      terms: 2,
      month: 1,
      day: 10,
      actions: [
        { kind: "letter", tolerance_days: 3 },
        { kind: "call", tolerance_days: 7 },
      ],
    },
    { terms: 2, month: 2, day: 17, actions: [{ kind: "letter", tolerance_days: 3 }] },
  ]);
  expect(procedure.reminder_gap).toEqual({ least_days: 7, most_days: 10 });
  expect(procedure.plan).toMatchObject({ longest_months: 6, minimum_debt: 500 });
  expect(procedure.stops).not.toContain("guardianship");
});

test("an offer of help is neither a reminder nor a collection act", () => {
  const { procedure } = parseStrategy(LEAST, "vigie.yaml");
  const chasing = [...procedure.reminders, ...procedure.collection_acts];
  expect(procedure.offers_of_help.filter((kind) => chasing.includes(kind))).toEqual([]);
  expect(chasing).not.toContain("interview");
});

test("the rules of the law are dated: the report to the benefit office changes on 1 January 2027", () => {
  const { rules } = parseStrategy(LEAST, "vigie.yaml");
  expect(rules.caf_report).toEqual([
    { country: "fr", to: "2026-12-31", monthly_calls: 2, report_months: 2 },
    { country: "fr", from: "2027-01-01", euros_above: 450, months_unpaid: 3, report_months: 2 },
  ]);
  expect(rules.winter_truce).toEqual([{ country: "fr", first_day: "11-01", last_day: "03-31" }]);
});

describe("what is wrong is told with its line and place", () => {
  test.each([
    [
      "a step without a letter",
      "procedure: { steps: [{ terms: 1, month: 0, day: 10, actions: [{ kind: call }] }] }",
      "vigie.yaml:3: procedure.steps.0.actions: holds one letter",
    ],
    [
      "a procedure that begins later",
      "procedure: { steps: [{ terms: 1, month: 1, day: 10, actions: [{ kind: letter }] }] }",
      "vigie.yaml:3: procedure.steps: begins in month 0",
    ],
    [
      "a kind of action that is help and reminder at once",
      "procedure: { reminders: [interview] }",
      "interview stands in two of reminders, collection_acts and offers_of_help",
    ],
    [
      "a cadence turned round",
      "procedure: { reminder_gap: { least_days: 12 } }",
      "vigie.yaml:3: procedure.reminder_gap: has least_days above most_days",
    ],
    [
      "a day that the calendar does not have",
      "rules: { winter_truce: [{ country: fr, first_day: 13-01, last_day: 03-31 }] }",
      "vigie.yaml:3: rules.winter_truce.0.first_day: is no day of the year",
    ],
    [
      "a rule for the benefit office without a limit",
      "rules: { caf_report: [{ country: fr, report_months: 2 }] }",
      "vigie.yaml:3: rules.caf_report.0: says neither monthly_calls, euros_above nor months_unpaid",
    ],
  ])("%s", (_, yaml, message) => {
    expect(() => parseStrategy(`${LEAST}${yaml}\n`, "vigie.yaml")).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
    expect(() => parseStrategy(`${LEAST}${yaml}\n`, "vigie.yaml")).toThrow(UserError);
  });
});
