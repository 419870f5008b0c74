import { expect, test } from "vitest";
import { numberFr } from "../pipelines/french-number.ts";

// Thousands are parted by a narrow space that does not break.
test.each([
  [0, 0, "0"],
  [17_000, 0, "17\u202f000"],
  [17_000, 2, "17\u202f000,00"],
  [-3, 1, "-3,0"],
  [0.914, 2, "0,91"],
  [17_000, 0, "17\u202f000"],
])("%d with %d decimals", (value, decimals, expected) => {
  expect(numberFr(value, decimals)).toBe(expected);
});
