import { describe, expect, test } from "vitest";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";

const APPROVED = 'approved_by: "C. Martin", approved_on: "2024-01-10"';

function withHoldBack(keys: string) {
  return parseStrategy(
    `landlord: { name: Bailleur }\nfeeds: {}\neffects: { hold_back: { ${keys} } }`,
    "vigie.yaml",
  ).effects.hold_back;
}

describe("a hold-back", () => {
  test("is off unless the strategy asks for it", () => {
    expect(withHoldBack("").enabled).toBe(false);
  });

  test("needs a name, a day and the actions that it holds back", () => {
    expect(() => withHoldBack("enabled: true")).toThrow(/name of the person who approved it/);
    expect(() => withHoldBack("enabled: true")).toThrow(/day on which it was approved/);
    expect(() => withHoldBack("enabled: true")).toThrow(/names the kinds of action/);
    expect(withHoldBack(`enabled: true, actions: [call], ${APPROVED}`)).toMatchObject({
      enabled: true,
      share: 0.1,
      actions: ["call"],
    });
  });

  test.each([
    "plan",
    "fsl_request",
    "fsl_grant",
    "caf_report",
    "ccapex_referral",
    "move_in_diagnosis",
    "summons",
  ])("never keeps %s from anyone: help asked for, or legally due", (kind) => {
    expect(() => withHoldBack(`enabled: true, actions: [call, ${kind}], ${APPROVED}`)).toThrow(
      `"${kind}" may never be held back from anyone`,
    );
  });

  test("refuses a kind that is none, and more than half of the households", () => {
    expect(() => withHoldBack(`enabled: true, actions: [dinner], ${APPROVED}`)).toThrow(
      /choose among letter, sms/,
    );
    expect(() => withHoldBack(`enabled: true, share: 0.6, actions: [call], ${APPROVED}`)).toThrow(/share/);
  });
});
