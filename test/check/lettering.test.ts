import { describe, expect, test } from "vitest";
import { Account } from "../../pipelines/check/account.ts";
import { bookedEvenings, pairsOf, withoutPairs } from "../../pipelines/check/lettering.ts";
import { entries, RULES } from "./one-lease.ts";

const RANKING = ["principal", "fee", "court_cost"] as const;
const own = entries(
  "2024-01-05 rent 500 id=rent",
  "2024-01-10 fee 30 id=fee",
  "2024-01-20 payment -400 id=paid",
);
const account = new Account(own, RULES);
const pairs = (...letterings: readonly (readonly [string, string, number])[]) =>
  pairsOf(
    account,
    own,
    letterings.map(([paymentEntry, debitEntry, euros]) => ({ paymentEntry, debitEntry, cents: euros * 100 })),
  );

describe("what the landlord lettered", () => {
  test.each([
    ["as it is written", [["paid", "rent", 300]], [["principal", 300]]],
    ["no debt beyond its amount", [["paid", "fee", 80]], [["fee", 30]]],
    [
      "no credit beyond its own",
      [
        ["paid", "rent", 390],
        ["paid", "fee", 30],
      ],
      [
        ["principal", 390],
        ["fee", 10],
      ],
    ],
    ["a debit that the account does not have, not at all", [["paid", "elsewhere", 10]], []],
  ] as const)("%s", (_, letterings, expected) => {
    expect(pairs(...letterings).map(({ debt, cents }) => [debt.component, cents / 100])).toEqual(expected);
  });

  test("is taken out of debts and credits alike", () => {
    const left = withoutPairs(account, pairs(["paid", "fee", 30]));
    expect(left.debts.map(({ component, cents }) => [component, cents / 100])).toEqual([["principal", 500]]);
    expect(left.credits.map(({ cents }) => cents / 100)).toEqual([370]);
  });
});

test("a lettered debt waits for its credit, a lettered credit for its debt; the rest goes by the ranking", () => {
  const later = entries(
    "2024-01-05 rent 500 id=rent",
    "2024-01-20 payment -100 id=early",
    "2024-02-05 rent 500 id=next",
    "2024-02-10 payment -500 id=paid",
  );
  const booked = new Account(later, RULES);
  const lettered = pairsOf(booked, later, [
    { paymentEntry: "early", debitEntry: "next", cents: 10000 },
    { paymentEntry: "paid", debitEntry: "rent", cents: 50000 },
  ]);
  const days = ["2024-01-31", "2024-02-05", "2024-02-10"];
  const told = bookedEvenings(booked, lettered, RANKING, days).map(({ unpaid, advance }) => [
    ...unpaid.map((debt) => `${debt.dueOn}: ${debt.unpaid / 100}`),
    `advance: ${advance / 100}`,
  ]);
  expect(told).toEqual([
    ["2024-01-05: 500", "advance: 100"],
    ["2024-01-05: 500", "2024-02-05: 400", "advance: 0"],
    ["2024-02-05: 400", "advance: 0"],
  ]);
});
