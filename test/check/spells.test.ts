import { describe, expect, test } from "vitest";
import { casesOf } from "../../pipelines/check/cases.ts";
import { spellsOf } from "../../pipelines/check/spells.ts";
import { closings2024, historyOf, RULES } from "./one-lease.ts";

const calls = (...months: readonly string[]) => months.map((month) => `2024-${month}-05 rent 500`);
const paid = (...months: readonly string[]) => months.map((month) => `2024-${month}-08 payment -500`);

function spells(
  lines: readonly string[],
  months: number,
  endOn: string | null = null,
  erased: string[] = [],
) {
  const history = historyOf(lines, months, endOn);
  return spellsOf(history, closings2024(months), erased, RULES.graceDays).map(
    ({ onset, last, endedBy, onsetSeen }) => [onset, last, endedBy, onsetSeen],
  );
}

describe("spells: place of the first and last closing, how it ended, whether its onset was seen", () => {
  test.each([
    ["none where all is paid", [...calls("01", "02"), ...paid("01", "02")], []],
    ["one that lasts", [...calls("01", "02", "03"), ...paid("01")], [[1, 3, null, true]]],
    ["one that began before the history", calls("01", "02", "03"), [[0, 3, null, false]]],
    [
      "one that is settled",
      [...calls("01", "02", "03"), ...paid("01"), "2024-03-20 payment -1000"],
      [[1, 1, "settled", true]],
    ],
    [
      "one that is written off",
      [...calls("01", "02", "03"), ...paid("01", "03"), "2024-03-20 write_off -500 component=principal"],
      [[1, 1, "written_off", true]],
    ],
    [
      "two, with a month between them",
      [...calls("01", "02", "03", "04"), ...paid("01"), "2024-03-08 payment -1000"],
      [
        [1, 1, "settled", true],
        [3, 3, null, true],
      ],
    ],
  ])("%s", (_, lines, expected) => {
    expect(spells(lines, 4)).toEqual(expected);
  });

  test("departure ends a spell, and so does the erasure of the debt", () => {
    const lines = [...calls("01", "02"), ...paid("01")];
    expect(spells(lines, 4, "2024-03-15")).toEqual([[1, 1, "departed", true]]);
    const erased = [...lines, "2024-03-20 adjustment -500"];
    expect(spells(erased, 4, null, ["2024-03-20"])).toEqual([[1, 1, "erased", true]]);
  });
});

describe("cases: the first unpaid due date, and the day on which the case ended", () => {
  const cases = (lines: readonly string[], endOn: string | null = null) =>
    casesOf(historyOf(lines, 4, endOn), closings2024(4), RULES.graceDays).map(
      ({ firstUnpaidOn, endedOn }) => [firstUnpaidOn, endedOn],
    );
  const unpaid = [...calls("01", "02"), ...paid("01")];

  test.each([
    ["open while nothing is paid", unpaid, null, ["2024-02-05", null]],
    [
      "ended by the receipt that leaves less than a term",
      [...unpaid, "2024-03-20 payment -1"],
      null,
      ["2024-02-05", "2024-03-20"],
    ],
    ["ended by departure", unpaid, "2024-03-15", ["2024-02-05", "2024-03-15"]],
  ] as const)("%s", (_, lines, endOn, expected) => {
    expect(cases(lines, endOn)).toEqual([expected]);
  });
});
