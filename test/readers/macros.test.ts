import { describe, expect, test } from "vitest";
import { MAPPING_MACROS } from "../../pipelines/readers/macros.ts";
import { openDatabase, quoteText } from "../../pipelines/warehouse/connection.ts";

const { connection } = await openDatabase(":memory:");
await connection.run(MAPPING_MACROS);

async function call(macro: string, ...inputs: (string | null)[]): Promise<unknown> {
  const values = inputs.map((input) => (input === null ? "null::varchar" : quoteText(input)));
  const names = inputs.map((_, i) => `v${i}`);
  // Values come from a table, as in a mapping, so that DuckDB does not compute them beforehand.
  const sql = `select ${macro}(${names.join(", ")}) as out from (values (${values.join(", ")})) as t(${names.join(", ")})`;
  const result = await connection.runAndReadAll(sql);
  expect(String(result.columnType(0))).toBe("VARCHAR");
  return result.getRows()[0]?.[0];
}

describe("decimal_comma", () => {
  test.each([
    ["1 234,56", "1234.56"],
    ["1\u00a0234,56", "1234.56"],
    ["1\u202f234\u202f567,89", "1234567.89"],
    ["-1 234,5", "-1234.5"],
    ["1234,5", "1234.5"],
    ["-12,00", "-12.00"],
    ["+12,00", "12.00"],
    ["+1 000", "1000"],
    ["0,00", "0.00"],
    ["12", "12"],
    ["1 234", "1234"],
    ["12,345678", "12.345678"],
    ["0012,5", "0012.5"],
    [null, null],
  ])("%j → %j", async (amount, out) => expect(await call("decimal_comma", amount)).toBe(out));

  test.each([
    "1.234,56",
    "1234.56",
    "1,234,56",
    "12 34,5",
    "1  234,5",
    "1234 567,00",
    "(12,00)",
    "12,00-",
    "- 12,00",
    "--1,0",
    "+-1,0",
    " 12,00",
    "12,00 ",
    "12,00 €",
    "12,",
    ",5",
    "1 234,5 6",
    "12,5\n",
    "1e3,0",
    "١٢,٥",
    "abc",
    "",
  ])("%j passes through", async (amount) => expect(await call("decimal_comma", amount)).toBe(amount));
});

describe("date_dmy", () => {
  test.each([
    ["31/01/2024", "2024-01-31"],
    ["29/02/2024", "2024-02-29"],
    ["01/12/1900", "1900-12-01"],
    [null, null],
  ])("%j → %j", async (day, out) => expect(await call("date_dmy", day)).toBe(out));

  test.each([
    "31/02/2024",
    "29/02/2023",
    "00/01/2024",
    "01/13/2024",
    "1/1/2024",
    "01/01/24",
    "01-01-2024",
    "01.01.2024",
    "2024-01-31",
    " 1/01/2024",
    "01/01/2024 ",
    "01/01/2024 00:00",
    "01/01/202 ",
    "",
  ])("%j passes through", async (day) => expect(await call("date_dmy", day)).toBe(day));
});

describe("date_compact", () => {
  test.each([
    ["20240131", "2024-01-31"],
    ["20240229", "2024-02-29"],
    ["19000101", "1900-01-01"],
    ["99991231", "9999-12-31"],
    [null, null],
  ])("%j → %j", async (day, out) => expect(await call("date_compact", day)).toBe(out));

  test.each([
    "20240231",
    "20230229",
    "20240001",
    "20241301",
    "00000000",
    "2024131",
    "202401310",
    "2024-01-31",
    "31/01/2024",
    " 20240131",
    "20240131 ",
    "20240131\n",
    "",
  ])("%j passes through", async (day) => expect(await call("date_compact", day)).toBe(day));
});

describe("month_my", () => {
  test.each([
    ["01/2024", "2024-01"],
    ["12/1999", "1999-12"],
    [null, null],
  ])("%j → %j", async (month, out) => expect(await call("month_my", month)).toBe(out));

  test.each(["13/2024", "00/2024", "1/2024", "01/24", "01-2024", "2024-01", "01/01/2024", "01/2024\n", ""])(
    "%j passes through",
    async (month) => expect(await call("month_my", month)).toBe(month),
  );
});

describe("debit_less_credit", () => {
  test.each([
    ["12.5", null, "12.50"],
    ["12.50", "0", "12.50"],
    [null, "3", "-3.00"],
    ["0.00", "3.07", "-3.07"],
    ["12.50", "2.25", "10.25"],
    ["2", "12.1", "-10.10"],
    ["-5", null, "-5.00"],
    [null, "-5.5", "5.50"],
    ["0", "0", "0.00"],
    ["-0", null, "0.00"],
    ["0.10", "0.30", "-0.20"],
    ["9999999999.99", "-9999999999.99", "19999999999.98"],
    [null, null, null],
  ])("%j, %j → %j", async (debit, credit, out) =>
    expect(await call("debit_less_credit", debit, credit)).toBe(out),
  );

  test.each([
    ["1.234,56", null, "1.234,56"],
    ["12.50", "abc", "abc"],
    [null, "1.005", "1.005"],
    ["1e3", "x", "1e3"],
    [" 12", "1", " 12"],
    ["012", "1", "012"],
    ["12345678901", null, "12345678901"],
  ])("%j, %j: %j passes through", async (debit, credit, out) => {
    expect(await call("debit_less_credit", debit, credit)).toBe(out);
  });
});

test("macros nest as mappings write them", async () => {
  const result = await connection.runAndReadAll(
    "select debit_less_credit(decimal_comma(d), decimal_comma(c)) from (values ('1 234,50', null), (null, '12,00'), ('1.234', '1,00')) t(d, c)",
  );
  expect(result.getRows().flat()).toEqual(["1234.50", "-12.00", "1.234"]);
});
