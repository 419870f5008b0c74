import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  daysBetween,
  lastDayOf,
  monthOf,
  monthsBetween,
} from "../../pipelines/check/dates.ts";

describe("months later", () => {
  test.each([
    ["2024-01-15", 1, "2024-02-15"],
    ["2024-01-31", 1, "2024-02-29"],
    ["2023-01-31", 1, "2023-02-28"],
    ["2024-03-31", -1, "2024-02-29"],
    ["2024-11-30", 2, "2025-01-30"],
    ["2024-02-29", 12, "2025-02-28"],
    ["2024-01-01", -1, "2023-12-01"],
  ])("%s, %i months later: %s", (from, months, later) => {
    expect(addMonths(from, months)).toBe(later);
  });
});

describe("whole months that have passed", () => {
  test.each([
    ["2024-01-15", "2024-02-14", 0],
    ["2024-01-15", "2024-02-15", 1],
    ["2024-01-31", "2024-02-29", 1],
    ["2023-12-05", "2024-12-05", 12],
    ["2024-02-29", "2025-02-28", 12],
  ])("from %s to %s: %i", (from, to, months) => {
    expect(monthsBetween(from, to)).toBe(months);
  });
});

describe("days", () => {
  test.each([
    ["2024-02-28", 2, "2024-03-01"],
    ["2024-03-31", 1, "2024-04-01"],
    ["2024-01-01", -1, "2023-12-31"],
  ])("%s, %i days later: %s", (from, days, later) => {
    expect(addDays(from, days)).toBe(later);
    expect(daysBetween(from, later)).toBe(days);
  });

  test("a month begins on its first day and ends on its last", () => {
    expect([monthOf("2024-02-17"), lastDayOf("2024-02-17")]).toEqual(["2024-02-01", "2024-02-29"]);
  });
});
