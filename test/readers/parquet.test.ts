import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { readBack } from "./read-back.ts";

/** The bytes of a Parquet file with the rows of a SELECT. */
async function parquet(select: string, options = ""): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "vigie-parquet-"));
  const database = await openDatabase(":memory:", { readableFolders: [folder] });
  try {
    const path = join(folder, "made.parquet");
    await database.connection.run(`copy (${select}) to '${path}' (format parquet${options})`);
    return readFileSync(path);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

const read = (bytes: Uint8Array) => readBack({ "ledger.parquet": bytes }, { format: "parquet" });

describe("every type becomes its canonical text", () => {
  test.each([
    ["12.5::decimal(12, 2)", "12.50"],
    ["-0.07::decimal(4, 2)", "-0.07"],
    ["1234567::bigint", "1234567"],
    ["1234.56::double", "1234.56"],
    ["'2024-01-31'::date", "2024-01-31"],
    ["'2024-01-31 12:34:56'::timestamp", "2024-01-31 12:34:56"],
    ["'2024-01-31 12:34:56+02'::timestamptz", "2024-01-31 10:34:56+00"],
    ["true", "true"],
    ["false", "false"],
    ["' été ; \"x\"\n'", ' été ; "x"\n'],
    ["''", null],
    ["null::integer", null],
  ])("%s → %j", async (value, text) => {
    expect((await read(await parquet(`select ${value} as "l'année ""x"""`))).rows).toEqual([[1, 2, text]]);
  });
});

test("rows are numbered as lines would be, over row groups", async () => {
  const bytes = await parquet(
    "select i as a, i % 2 = 0 as b from range(250000) r(i)",
    ", row_group_size 20480",
  );
  const { columns, rows, staged } = await read(bytes);
  expect(columns).toEqual(["a", "b"]);
  expect(rows.every(([, line, a]) => Number(a) === line - 2)).toBe(true);
  expect(staged[0]).toMatchObject({
    rowsRead: 250_000,
    malformedRows: 0,
    encoding: null,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
});

test("several files of a feed, one without rows", async () => {
  const { rows } = await readBack(
    {
      "1.parquet": await parquet("select 1 as a, 'x' as b"),
      "2.parquet": await parquet("select 1 as a, 'x' as b where false"),
      "3.parquet": await parquet("select 'y' as b, 3.5::decimal(3, 1) as A"),
    },
    { format: "parquet" },
  );
  expect(rows).toEqual([
    [1, 2, "1", "x"],
    [3, 2, "3.5", "y"],
  ]);
});

describe("what cannot be read is refused by its name", () => {
  const whole = parquet("select i as a, hash(i)::varchar as b from range(50000) r(i)");

  test.each([
    ["empty", () => Buffer.alloc(0), /^inbox\/ledger\.parquet is empty$/],
    ["no Parquet", () => Buffer.from("a;b\n1;2\n"), /^inbox\/ledger\.parquet: cannot be read as Parquet: /],
    [
      "cut at the end",
      (bytes: Buffer) => bytes.subarray(0, -100),
      /^inbox\/ledger\.parquet: cannot be read as Parquet: /,
    ],
    [
      "damaged in the middle",
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, 5000), Buffer.alloc(20_000, 0xff), bytes.subarray(25_000)]),
      /^inbox\/ledger\.parquet: cannot be read as Parquet: /,
    ],
  ])("%s", async (_case, spoil, message) => {
    const error = await read(spoil(await whole)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(message);
    expect((error as UserError).message).not.toMatch(/staging/);
  });

  test("a column name of vigie's own", async () => {
    await expect(parquet("select 1 as line").then(read)).rejects.toThrow(
      'inbox/ledger.parquet: the schema names a column "line", which is a name of vigie\'s own',
    );
  });
});
