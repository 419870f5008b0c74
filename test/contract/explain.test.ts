import { describe, expect, it } from "vitest";
import { dwelling } from "../../pipelines/contract/dwelling.ts";
import { entry } from "../../pipelines/contract/entry.ts";
import { explain } from "../../pipelines/contract/explain.ts";
import { household } from "../../pipelines/contract/household.ts";
import { lease } from "../../pipelines/contract/lease.ts";

describe("the sentence that tells why a row was refused", () => {
  it.each([
    [
      entry,
      "booked_on",
      "31/02/2024",
      "not_a_date",
      'booked_on is not a day that exists, written yyyy-mm-dd: "31/02/2024"',
    ],
    [entry, "id", null, "missing", "id is empty and entry needs it"],
    [entry, "due_on", null, "required_when", "due_on is empty and amount is above 0"],
    [lease, "end_on", "2020-01-01", "before_start", 'end_on is before start_on: "2020-01-01"'],
    [household, "size", "21", "out_of_range", 'size is out of range (a whole number from 1 to 20): "21"'],
    [dwelling, "building", "tower", "not_in_list", 'building is none of collective, individual: "tower"'],
    [
      dwelling,
      "agency_id",
      "SUD",
      "unknown_reference",
      'agency_id is no accepted agency.id or agency_mapping.legacy_agency_id: "SUD"',
    ],
  ] as const)("names what was expected of %o.%s", (table, column, value, reason, sentence) => {
    expect(explain(table, { column, value, reason })).toBe(sentence);
  });

  it("names the place of the row that holds the key", () => {
    expect(
      explain(entry, {
        column: "id",
        value: "E1",
        reason: "key_conflict",
        first: "nord/entries.csv line 12",
      }),
    ).toBe('id "E1" already stands, with other content, at nord/entries.csv line 12');
  });

  it("shortens a long value and shows its invisible characters", () => {
    expect(
      explain(entry, { column: "account", value: `4\t${"1".repeat(200)}`, reason: "not_text" }),
    ).toContain(`: "4\\t${"1".repeat(78)}…"`);
  });
});
