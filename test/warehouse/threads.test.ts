import { afterEach, expect, test, vi } from "vitest";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

async function threadsOf(asked: string | undefined, threads?: number): Promise<unknown> {
  vi.stubEnv("VIGIE_THREADS", asked);
  const { connection, close } = await openDatabase(":memory:", threads === undefined ? {} : { threads });
  const answer = await connection.runAndReadAll("select current_setting('threads')::integer");
  close();
  return answer.getRowsJS()[0]?.[0];
}

test("a database uses as many threads as VIGIE_THREADS says, else as its opener does, else its own number", async () => {
  expect(await threadsOf("3", 2)).toBe(3);
  expect(await threadsOf("3")).toBe(3);
  expect(await threadsOf(undefined, 2)).toBe(2);
  const own = await threadsOf(undefined);
  expect(own).toBeGreaterThanOrEqual(1);
  expect(await threadsOf("")).toBe(own);
});

test.each(["0", "-1", "two", "1.5", "2; drop table x"])("VIGIE_THREADS=%s is refused", async (asked) => {
  const refusal: unknown = await threadsOf(asked).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UserError);
  expect(refusal).toMatchObject({ message: expect.stringContaining(`VIGIE_THREADS=${asked}`) });
});
