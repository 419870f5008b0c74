import { closeSync, existsSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";
import { describe, expect, test, vi } from "vitest";
import { runCli } from "../run-cli.ts";
import { tinyNight } from "../shared-landlord.ts";
import { makeTinyLandlord, TINY_INBOX } from "../tiny-landlord.ts";

test("a folder that is no landlord's: exit 2, what to do, no stack trace", async () => {
  const run = await runCli(["nightly", "--workspace", "/nonexistent/landlord"]);
  expect(run.exitCode).toBe(2);
  expect(run.errors).toContain("/nonexistent/landlord/vigie.yaml does not exist");
  expect(run.errors).not.toMatch(/^\s+at /m);
});

test("bad input: exit 2 and the file and line, no stack trace, nothing published", async () => {
  const workspace = await makeTinyLandlord({
    inbox: { "soldes.csv": TINY_INBOX["soldes.csv"].replace("1200,00", "1,00") },
  });
  const run = await runCli(["nightly", "--workspace", workspace]);
  expect(run.exitCode).toBe(2);
  expect(run.errors).toContain("lease L2, 2024-03-31: the landlord says 1.00, the entries give 1200.00");
  expect(run.errors).not.toMatch(/^\s+at /m);
  expect(existsSync(join(workspace, "current"))).toBe(false);
});

test("anything else is a defect: exit 1, with its stack for whoever mends it", async () => {
  const workspace = await makeTinyLandlord();
  await writeFile(join(workspace, "nights"), "a file where a folder should be");
  const run = await runCli(["nightly", "--workspace", workspace]);
  expect(run.exitCode).toBe(1);
  expect(run.errors).toMatch(/^\s+at /m);
});

test("a second night on the same folder is refused with a clear message", async () => {
  const workspace = await makeTinyLandlord();
  const file = openSync(join(workspace, "lock"), "a+");
  expect(tryLock(file)).toBe(true);
  const run = await runCli(["nightly", "--workspace", workspace]);
  closeSync(file);
  expect(run.exitCode).toBe(2);
  expect(run.errors).toContain("another night is running here");
});

test.each([
  [["nightly", "--as-of", "2026-02-30"], "--as-of 2026-02-30: is no date of the form yyyy-mm-dd"],
  [["simulate", "--out", "/tmp/never", "--dwellings", "many"], "--dwellings many: is no whole number"],
  [
    ["nightly", "--dwellings", "12", "--workspace", "x"],
    "--dwellings says how large a demonstration landlord is",
  ],
  [["serve", "--host", "0.0.0.0"], "127.0.0.1"],
  [["nightly", "--workpsace", "x"], "unknown option"],
])("%j: exit 2", async (words, message) => {
  const place =
    words[0] === "nightly" && words[1] === "--as-of" ? ["--workspace", await makeTinyLandlord()] : [];
  const run = await runCli([...words, ...place]);
  expect(run.exitCode).toBe(2);
  expect(run.errors).toContain(message);
});

describe("the last good night, asked from the command line", () => {
  test("query prints its answer and nothing else", async () => {
    const sql = "select kind, count(*) as n from contract.entry group by kind order by n";
    const run = await runCli(["query", sql, "--json", "--workspace", await tinyNight()]);
    expect(run.exitCode, run.errors).toBe(0);
    expect(run.errors).toBe("");
    expect(JSON.parse(run.output)).toEqual([
      { kind: "payment", n: 3 },
      { kind: "rent", n: 6 },
    ]);
  });

  test("query writes JSON or CSV, not both", async () => {
    const run = await runCli(["query", "select 1", "--json", "--csv", "--workspace", await tinyNight()]);
    expect(run.exitCode).toBe(2);
    expect(run.errors).toContain("'--json' cannot be used with option '--csv'");
  });

  test("build shows a model's first rows, and LOG_SQL its statements on the other stream", async () => {
    vi.stubEnv("LOG_SQL", "1");
    const run = await runCli(["build", "ledger.lease", "--with-deps", "--workspace", await tinyNight()]);
    vi.unstubAllEnvs();
    expect(run.exitCode, run.errors).toBe(0);
    expect(run.output).toContain("(3 rows)");
    expect(run.output).not.toContain("create or replace table");
    expect(run.errors).toMatch(/^-- \d+\.\d{3} s\ncreate or replace table "ledger"\."lease" as /m);
  });
});

test("nightly --keep tells where the warehouse of the failed night stands", async () => {
  const workspace = await makeTinyLandlord({
    inbox: { "soldes.csv": TINY_INBOX["soldes.csv"].replace("1200,00", "1,00") },
  });
  const run = await runCli(["nightly", "--keep", "--workspace", workspace]);
  expect(run.exitCode).toBe(2);
  expect(run.output).toContain(join(workspace, "nights", "000001.failed", "warehouse.duckdb"));
});
