import { readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyOf, tinyNight } from "./shared-landlord.ts";
import { queryNight } from "./tiny-landlord.ts";

test("whoever asks for a shared landlord gets the same folder, with one published night", async () => {
  const [first, second] = await Promise.all([tinyNight(), tinyNight()]);
  expect(second).toBe(first);
  expect(await readlink(join(first, "current"))).toBe("nights/000001");
});

test("a copy of it is its owner's: what is changed there is changed nowhere else", async () => {
  const shared = await tinyNight();
  const copy = await copyOf(shared);
  onTestFinished(() => rm(join(copy, ".."), { recursive: true }));
  await writeFile(join(copy, "vigie.yaml"), "landlord: { name: Un autre }\n");
  await rm(join(copy, "nights"), { recursive: true });
  await expect(queryNight(copy, "select 1")).rejects.toThrow();
  expect(await queryNight(shared, "select landlord from strategy.night")).toEqual([["Le petit bailleur"]]);
});
