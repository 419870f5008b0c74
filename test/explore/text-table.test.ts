import { expect, test } from "vitest";
import { textTable } from "../../pipelines/explore/text-table.ts";

test("numbers stand to the right, everything else to the left, a date without its hours", () => {
  const rows = [
    { agency: "nord", month: new Date("2024-01-31"), rate: 0.084, leases: 1200n, list: [1, 2] },
    { agency: null, month: new Date("2024-02-29T07:30:00Z"), rate: null, leases: 7n, list: [] },
  ];
  expect(textTable(["agency", "month", "rate", "leases", "list"], rows)).toBe(
    [
      "agency  month                      rate  leases  list",
      "──────  ────────────────────────  ─────  ──────  ────────",
      "nord    2024-01-31                0.084    1200  [ 1, 2 ]",
      "null    2024-02-29T07:30:00.000Z   null       7  []",
      "(2 rows)",
    ].join("\n"),
  );
});

test("the first 40 rows are shown, and how many there are", () => {
  const rows = Array.from({ length: 1000 }, (_, row) => ({ row }));
  const lines = textTable(["row"], rows).split("\n");
  expect(lines).toHaveLength(43);
  expect(lines.slice(-2)).toEqual([" 39", "(1000 rows, the first 40 shown)"]);
});

test("a long text is cut and keeps to its line", () => {
  const [, , line] = textTable(["text"], [{ text: `first\nsecond ${"x".repeat(100)}` }]).split("\n");
  expect(line).toBe(`first second ${"x".repeat(46)}…`);
});

test.each([
  [["a"], [], "a\n─\n(0 rows)"],
  [[], [], "(0 rows)"],
  [["a"], [{ a: true }], "a\n────\ntrue\n(1 row)"],
])("%j %j", (columns, rows, text) => {
  expect(textTable(columns, rows)).toBe(text);
});
