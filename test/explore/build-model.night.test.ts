import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildAlone } from "../../pipelines/explore/build-model.ts";
import { UserError } from "../../pipelines/user-error.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { copyOf, tinyNight } from "../shared-landlord.ts";
import { makeTinyLandlord } from "../tiny-landlord.ts";

interface Told {
  readonly isSound: boolean;
  readonly lines: string[];
}

async function build(
  model: string,
  workspace: string,
  how: { withDeps?: boolean; restricted?: boolean } = {},
): Promise<Told> {
  const lines: string[] = [];
  const output = { isTerminal: false, write: (text: string) => lines.push(...text.split("\n")) };
  return { isSound: await buildAlone(model, { workspace, output, ...how }), lines };
}

/** A copy of the tiny landlord's night whose warehouse was changed since. */
async function tampered(sql: string): Promise<string> {
  const workspace = await copyOf(await tinyNight());
  const database = await openDatabase(join(workspace, "current", "warehouse.duckdb"));
  await database.connection.run(sql);
  database.close();
  return workspace;
}

const digest = async (file: string) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");

// In the tiny landlord's ledger A2's one lease owes 1 050,50 € from February on, paid on 12 March.
const february = (lines: readonly string[]) =>
  lines.find((line) => /^cei +agency +A2 +2024-02-01/.test(line))?.split(/ +/);

describe("one model on the last good night", () => {
  let workspace = "";
  let before = "";
  beforeAll(async () => {
    workspace = await tampered(
      "update arrears.agency_receivable set billed = billed + 100, opening = opening - 100",
    );
    before = await digest(join(workspace, "current", "warehouse.duckdb"));
  });
  afterAll(async () => {
    expect(await digest(join(workspace, "current", "warehouse.duckdb")), "the night is as it was").toBe(
      before,
    );
    expect(await readdir(join(workspace, "nights")), "no copy is left").toEqual(["000001"]);
    await rm(join(workspace, ".."), { recursive: true });
  });

  test("alone: from the tables that the night built", async () => {
    const { isSound, lines } = await build("kpi.cei", workspace);
    expect(isSound).toBe(true);
    expect(lines[0]).toMatch(/^\[1\/1\] kpi\.cei +10 rows +\d+\.\d\d s$/);
    expect(lines.at(-1)).toBe("(10 rows)");
    expect(february(lines)?.slice(10, 12)).toEqual(["950.5", "1150.5"]);
  });

  test("with what it is made of: each of those is built anew first, with its seconds", async () => {
    const { isSound, lines } = await build("kpi.cei", workspace, { withDeps: true });
    expect(isSound).toBe(true);
    const built = lines.flatMap((line) => /^\[[ \d]+\/\d+\] (\S+)/.exec(line)?.[1] ?? []);
    expect(built).toEqual(expect.arrayContaining(["ledger.entry", "arrears.agency_receivable"]));
    expect(built.at(-1)).toBe("kpi.cei");
    expect(new Set(built).size).toBe(built.length);
    expect(built).not.toContain("risk.calibration");
    expect(february(lines)?.slice(10, 12)).toEqual(["1050.5", "1050.5"]);
  });

  test("the strategy is read anew", async () => {
    const strategy = await readFile(join(workspace, "vigie.yaml"), "utf8");
    const chosen = async () => {
      const { lines } = await build("allocation.policy", workspace);
      return lines.filter((line) => line.endsWith("true")).map((line) => line.split(" ")[0]);
    };
    expect(await chosen()).toEqual(["legal_default"]);
    await writeFile(join(workspace, "vigie.yaml"), `${strategy}allocation: { policy: principal_first }\n`);
    expect(await chosen()).toEqual(["principal_first"]);
    await writeFile(join(workspace, "vigie.yaml"), strategy);
  });

  test("rows that only some schemas may read are shown to who asks for them", async () => {
    const hidden = await build("social_teams.household", workspace);
    expect(hidden.lines.at(-1)).toContain("--restricted");
    expect(hidden.lines.join("\n")).not.toMatch(/H1/);
    const shown = await build("social_teams.household", workspace, { restricted: true });
    expect(shown.lines.at(-1)).toBe("(2 rows)");
  });

  test("a model that does not exist is refused, with the nearest", async () => {
    const refusal: unknown = await build("kpi.cie", workspace).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect(refusal).toMatchObject({
      message: "sql/ has no model kpi.cie",
      remedy: expect.stringContaining("kpi.cei"),
    });
  });
});

test("a check that does not hold is told, and the model shown all the same", async () => {
  const workspace = await tampered("update allocation.position set principal_due = principal_due + 1");
  const { isSound, lines } = await build("arrears.lease_month", workspace);
  await rm(join(workspace, ".."), { recursive: true });
  expect(isSound).toBe(false);
  expect(lines.find((line) => line.startsWith("arrears.lease_month: «"))).toMatch(/fails on \d+ rows$/);
});

test("without a night there is nothing to build from", async () => {
  const workspace = await makeTinyLandlord();
  await expect(build("kpi.cei", workspace)).rejects.toThrow("There is no night to explore");
  expect(existsSync(join(workspace, "nights"))).toBe(false);
});
