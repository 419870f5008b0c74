import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDemonstration, USUAL_DWELLINGS } from "../pipelines/demonstration.ts";
import { UserError } from "../pipelines/user-error.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-demonstration-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Opens a demonstration landlord in a folder of the test's own, and tells what was said. */
async function open(name: string, asked: number | undefined) {
  const lines: string[] = [];
  const output = { isTerminal: false, write: (line: string) => lines.push(line) };
  const folder = await openDemonstration(asked, output, join(scratch, name));
  return { folder, said: lines.join("\n") };
}

/** A folder in which an earlier version made a landlord of so many dwellings. */
function madeBefore(name: string, dwellings: number): string {
  const truth = join(scratch, name, "truth");
  mkdirSync(truth, { recursive: true });
  writeFileSync(join(truth, "effects.json"), JSON.stringify({ dwellings, seed: 1, effects: [] }));
  return join(scratch, name);
}

test("each size has a folder of its own, made once and then left as it is", async () => {
  const { folder, said } = await open("demo", 12);
  expect(folder).toBe(join(scratch, "demo-12"));
  expect(said).toContain("12 dwellings, 48 months");
  expect(readFileSync(join(folder, "vigie.yaml"), "utf8")).toContain("Groupe Aubrelle Habitat");
  rmSync(join(folder, "inbox"), { recursive: true });
  expect(await open("demo", 12)).toEqual({ folder, said: "" });
  expect(existsSync(join(folder, "inbox"))).toBe(false);
  expect(existsSync(join(scratch, "demo"))).toBe(false);
});

test("a landlord of another size is used as it is where nobody asked for a size, and that is said", async () => {
  const folder = madeBefore("old", 17_000);
  const { said } = await open("old", undefined);
  expect(said).toContain(
    `${folder.split("/").at(-1)} holds a demonstration landlord of 17,000 dwellings; it is used as it is.`,
  );
});

test("a landlord of another size than was asked for is refused, never made again", async () => {
  madeBefore("older", 17_000);
  await expect(open("older", USUAL_DWELLINGS)).rejects.toMatchObject({
    name: "UserError",
    message: expect.stringContaining("holds a demonstration landlord of 17,000 dwellings, not of"),
  });
  await expect(open("older", USUAL_DWELLINGS)).rejects.toBeInstanceOf(UserError);
});
