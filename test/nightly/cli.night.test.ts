import { closeSync, existsSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";
import { expect, test } from "vitest";
import { runCli } from "../run-cli.ts";
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
