import { describe, expect, test } from "vitest";
import { splitsOf } from "../../../models/household-risk/splits.ts";

/** Rows of twenty households a month, every fourth with an onset. */
function months(count: number, everyOther = 4) {
  const rows = 20 * count;
  return {
    outcome: Uint8Array.from({ length: rows }, (_, row) => Number(row % everyOther === 0)),
    period: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 20)),
    household: Int32Array.from({ length: rows }, (_, row) => row % 20),
  };
}

describe("rows to choose and calibrate on", () => {
  test("are the latest months, and the months whose outcomes were not yet known are left out", () => {
    const { outcome, period, household } = months(48);
    const { by, splits } = splitsOf(outcome, period, household, { embargo: 3, seed: 1 });
    expect(by).toBe("latest periods");
    const [split] = splits;
    const monthsOf = (rows: Int32Array = Int32Array.of()) => new Set([...rows].map((row) => period[row]));
    const [window, fit] = [monthsOf(split?.window), monthsOf(split?.fit)];
    const start = Math.min(...[...window].map(Number));
    expect(Math.max(...[...window].map(Number))).toBe(47);
    expect(Math.max(...[...fit].map(Number))).toBe(start - 4);
    expect(Math.min(...[...fit].map(Number))).toBe(0);
  });

  test("with too few onsets before them are groups of households, each held back once", () => {
    const { outcome, period, household } = months(5);
    const { by, splits } = splitsOf(outcome, period, household, { embargo: 3, seed: 1 });
    expect(by).toBe("share of households");
    for (const { fit, window } of splits) {
      const held = new Set([...window].map((row) => household[row]));
      expect([...fit].filter((row) => held.has(household[row]))).toEqual([]);
    }
    const windows = splits.flatMap(({ window }) => [...window]).sort((one, other) => one - other);
    expect(windows).toEqual([...outcome.keys()]);
  });
});
