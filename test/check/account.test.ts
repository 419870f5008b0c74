import { describe, expect, test } from "vitest";
import { componentOf, countsOn } from "../../pipelines/check/account.ts";
import { type Evening, eveningsOf } from "../../pipelines/check/evenings.ts";
import { accountOf, entries, historyOf, RULES } from "./one-lease.ts";

/** Unpaid euros by component and due day, and what waits. */
function told({ unpaid, advance }: Evening | undefined = { unpaid: [], advance: 0 }) {
  const debts = unpaid.map((debt) => `${debt.component} of ${debt.dueOn}: ${debt.unpaid / 100}`);
  return advance > 0 ? [...debts, `advance: ${advance / 100}`] : debts;
}

describe("a call", () => {
  test.each([
    ["rent and charges are one call", ["2024-01-05 rent 500", "2024-01-05 charges 80"], [580, 0, 580, 580]],
    [
      "benefit within the days of grace reduces it",
      ["2024-01-05 rent 500", "2024-01-15 housing_benefit -200 term=2024-01-01"],
      [500, 200, 300, 300],
    ],
    [
      "later it does not",
      ["2024-01-05 rent 500", "2024-01-16 housing_benefit -200 term=2024-01-01"],
      [500, 0, 500, 500],
    ],
    [
      "where benefit leaves less than a tenth, a term is the gross call",
      ["2024-01-05 rent 500", "2024-01-05 housing_benefit -460 term=2024-01-01"],
      [500, 460, 40, 500],
    ],
    [
      "a correction reduces it",
      ["2024-01-05 rent 500", "2024-01-05 rent -20 term=2024-01-01"],
      [480, 0, 480, 480],
    ],
  ])("%s", (_, lines, [gross, benefit, net, term]) => {
    const [call] = accountOf(...lines).calls;
    expect([call?.gross, call?.benefit, call?.net, call?.term].map((cents = 0) => cents / 100)).toEqual([
      gross,
      benefit,
      net,
      term,
    ]);
  });

  test("what benefit leaves over is a credit of principal", () => {
    const { credits } = accountOf("2024-01-05 rent 500", "2024-01-05 housing_benefit -520 term=2024-01-01");
    expect(credits).toEqual([{ on: "2024-01-05", cents: 2000, only: "principal", entryId: null }]);
  });
});

describe("evenings", () => {
  const lines = ["2024-01-05 rent 500", "2024-01-10 fee 30", "2024-02-05 rent 500"] as const;
  const on = (ranking: readonly ("principal" | "fee" | "court_cost")[], day: string, ...more: string[]) =>
    told(eveningsOf(accountOf(...lines, ...more), ranking, [day])[0]);

  test("the oldest debt is paid first, by the ranking", () => {
    const paid = "2024-02-10 payment -515";
    expect(on(["principal", "fee", "court_cost"], "2024-02-10", paid)).toEqual([
      "principal of 2024-02-05: 485",
      "fee of 2024-01-10: 30",
    ]);
    expect(on(["fee", "principal", "court_cost"], "2024-02-10", paid)).toEqual([
      "principal of 2024-01-05: 15",
      "principal of 2024-02-05: 500",
    ]);
  });

  test("the debtor's choice comes before the ranking", () => {
    expect(
      on(["principal", "fee", "court_cost"], "2024-01-20", "2024-01-20 payment -20 earmark=fee"),
    ).toEqual(["principal of 2024-01-05: 500", "fee of 2024-01-10: 10"]);
  });

  test("what nothing due can take waits for the next debt", () => {
    const paid = "2024-01-20 payment -600";
    expect(on(["principal", "fee", "court_cost"], "2024-01-31", paid)).toEqual(["advance: 70"]);
    expect(on(["principal", "fee", "court_cost"], "2024-02-05", paid)).toEqual([
      "principal of 2024-02-05: 430",
    ]);
  });
});

test("a debit counts from its due date, a credit from its value date", () => {
  const [rent, paid] = entries(
    "2024-01-05 rent 500 booked=2023-12-31",
    "2024-01-08 payment -500 booked=2024-01-09",
  );
  expect([rent, paid].map((entry) => entry && countsOn(entry))).toEqual(["2024-01-05", "2024-01-08"]);
});

test("money received is for what the debtor chose; what is given up is for what it was asked for", () => {
  const told = entries(
    "2024-01-05 payment -1",
    "2024-01-05 payment -1 earmark=fee",
    "2024-01-05 write_off -1 component=court_cost",
    "2024-01-05 write_off -1",
    "2024-01-05 fee 1",
  );
  expect(told.map(componentOf)).toEqual([null, "fee", "court_cost", "principal", "fee"]);
});

describe("a lease at its month ends", () => {
  test("owes terms once their days of grace are over, each part over its own call", () => {
    const { closings } = historyOf(
      ["2024-01-25 rent 500", "2024-02-05 rent 400", "2024-03-02 payment -250"],
      3,
    );
    expect(closings.map(({ termsOwed, balance, spellMonths }) => [termsOwed, balance, spellMonths])).toEqual([
      [0, 50000, 0],
      [2, 90000, 1],
      [1.5, 65000, 2],
    ]);
  });

  test("is departed from the day on which it ends", () => {
    const { closings } = historyOf(["2024-01-05 rent 500"], 3, "2024-02-29");
    expect(closings.map(({ status }) => status)).toEqual(["present", "departed", "departed"]);
  });

  test("follows the days of grace of the strategy", () => {
    expect(RULES.graceDays).toBe(10);
    const { closings } = historyOf(["2024-01-21 rent 500", "2024-02-20 rent 500"], 2);
    expect(closings.map(({ termsOwed }) => termsOwed)).toEqual([1, 1]);
  });
});
