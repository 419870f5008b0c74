import { afterEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What a database tells on the standard error of two statements, the second of which fails. */
async function told(logSql: string | undefined): Promise<string> {
  vi.stubEnv("LOG_SQL", logSql);
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const { connection, close } = await openDatabase(":memory:");
  written.length = 0;
  const answer = await connection.runAndReadAll("select 1 as one");
  await expect(connection.run("select nothing")).rejects.toThrow("nothing");
  close();
  vi.restoreAllMocks();
  expect(answer.getRowsJS()).toEqual([[1]]);
  return written.join("");
}

test("LOG_SQL=1 tells each statement once, with its seconds", async () => {
  expect(await told("1")).toMatch(
    /^-- \d+\.\d{3} s\nselect 1 as one;\n-- \d+\.\d{3} s failed\nselect nothing;\n$/,
  );
});

test.each([undefined, "0", ""])("LOG_SQL=%s tells nothing", async (logSql) => {
  expect(await told(logSql)).toBe("");
});
