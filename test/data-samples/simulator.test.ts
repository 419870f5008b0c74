import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { globSync } from "tinyglobby";
import { afterAll, describe, expect, test } from "vitest";
import { firstDay, isoDate, lastDay, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { GROUPS, type Group } from "../../data-samples/simulator/parameters.ts";
import { FORMATS, simulate } from "../../data-samples/simulator/simulate.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { UserError } from "../../pipelines/user-error.ts";

const scratch = mkdtempSync(join(tmpdir(), "vigie-simulator-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("one seed, one landlord", () => {
  test.each(FORMATS)(
    "the same options give the same files, byte for byte; another seed does not (%s)",
    async (format) => {
      const make = async (name: string, seed: number) => {
        const out = join(scratch, `${format}-${name}`);
        await simulate({ dwellings: 60, months: 15, seed, format, out });
        return fingerprints(out);
      };
      const once = await make("once", 7);
      const other = await make("other", 8);
      expect(once.size).toBeGreaterThan(30);
      expect(await make("again", 7)).toEqual(once);
      expect(names(other)).toEqual(names(once));
      expect(other).not.toEqual(once);
    },
  );

  // Every figure shown anywhere of the demonstration stands on these bytes. Text alone: what Excel and Parquet files hold is compared
  // by the round trip, and their bytes are their libraries' own.
  test("the same text as in every version since 0.4", async () => {
    const out = join(scratch, "golden");
    await simulate({ dwellings: 60, months: 15, seed: 7, out });
    const hash = createHash("sha256");
    for (const file of globSync("{inbox,truth}/**/*.{csv,csv.gz,tsv.gz,txt,xml,json}", { cwd: out }).sort()) {
      const bytes = readFileSync(join(out, file));
      hash.update(file).update(file.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    }
    expect(hash.digest("hex")).toBe("14bd6fb7afc5da4bf945e65b4ee5dac3ba70b157769c2c98b2c985052637bd7f");
  });

  test.each([1, 2, 90210])("a dwelling is the same however many there are (seed %i)", (seed) => {
    const window = windowOf(12);
    const few = [...dwellingsOf({ from: 1, to: 20, seed, window })];
    const many = [...dwellingsOf({ from: 1, to: 45, seed, window })];
    expect(many.slice(0, 20)).toEqual(few);
  });
});

describe("a small group", () => {
  const { large, small } = GROUPS;

  test("has its households from the large one: nobody lives or pays differently, an agency gathers several", () => {
    const window = windowOf(48);
    const lived = (group: Group) => [...dwellingsOf({ from: 1, to: 60, seed: 3, window, group })];
    const ofLarge = lived(large);
    const ofSmall = lived(small);
    expect(ofSmall.map(({ leases }) => leases)).toEqual(ofLarge.map(({ leases }) => leases));
    expect(ofSmall.map(({ agency }) => agency.code)).toEqual(ofLarge.map(({ agency }) => agency.code));
  });

  test.each([large, small])("agencies that take over others are its own, and in every sector", (group) => {
    const ids = group.agencies.map(({ id }) => id);
    const today = group.former.map(({ takenOverBy }) => takenOverBy.at(-1)?.agency);
    expect([...new Set(today)].sort()).toEqual(ids);
    for (const { takenOverBy } of group.former)
      for (const { agency } of takenOverBy) expect(ids).toContain(agency);
    expect(new Set(group.agencies.map(({ sector }) => sector))).toEqual(
      new Set(large.agencies.map(({ sector }) => sector)),
    );
  });

  test("former agencies merge in the same months, and two landlords still meet in one agency", () => {
    const months = (group: Group) =>
      group.former.map(({ takenOverBy }) => takenOverBy.map(({ monthsBeforeEnd }) => monthsBeforeEnd));
    expect(months(small)).toEqual(months(large));
    const landlords = small.former
      .filter(({ takenOverBy }) => takenOverBy.at(-1)?.agency === "G05")
      .map(({ landlord }) => landlord);
    expect(new Set(landlords)).toEqual(new Set(["ormois", "vaudrange"]));
  });
});

describe("a landlord in its usual state", () => {
  const window = windowOf(24);
  const closing = firstDay(window.lastMonth) - 1;
  const homes = [...dwellingsOf({ from: 1, to: 4_000, seed: 11, window })].filter(
    (dwelling) => dwelling.use === "residential",
  );
  const leases = homes.flatMap((dwelling) => dwelling.leases);

  test("about a fifth of present households owe more than 10 €", () => {
    const present = leases.filter(
      (lease) => lease.start <= closing && (lease.end === null || lease.end > closing),
    );
    const late = present.filter((lease) => dueOn(lease, closing) > 1_000);
    expect(late.length / present.length).toBeGreaterThan(0.15);
    expect(late.length / present.length).toBeLessThan(0.25);
  });

  test("about 8% of homes are left each year, about a third of them with debt", () => {
    const left = leases.filter(
      (lease) => lease.end !== null && lease.end >= window.start && lease.end <= closing,
    );
    const yearly = (left.length / homes.length) * (12 / 23);
    expect(yearly).toBeGreaterThan(0.065);
    expect(yearly).toBeLessThan(0.095);
    const settled = left.filter((lease) => lease.end !== null && monthOf(lease.end) <= window.lastMonth - 5);
    const indebted = settled.filter(
      (lease) => lease.end !== null && dueOn(lease, lastDay(monthOf(lease.end) + 3)) > 1_000,
    );
    expect(indebted.length / settled.length).toBeGreaterThan(0.25);
    expect(indebted.length / settled.length).toBeLessThan(0.48);
  });
});

describe("what cannot be simulated is refused with a reason", () => {
  const asked = { dwellings: 5, months: 3, seed: 1, out: join(scratch, "refused") };

  test.each([
    [{ ...asked, dwellings: 0 }, "0 dwellings cannot be simulated."],
    [{ ...asked, months: 1.5 }, "1.5 months cannot be simulated."],
    [{ ...asked, lastMonth: "2026-13" }, '"2026-13" is not a month.'],
    [{ ...asked, seed: Number.NaN }, "NaN is no seed."],
  ])("%o", async (options, message) => {
    await expect(simulate(options)).rejects.toMatchObject({ name: "UserError", message });
    expect(existsSync(asked.out)).toBe(false);
  });

  test("a folder in use is left as it is", async () => {
    const out = join(scratch, "in-use");
    mkdirSync(out);
    writeFileSync(join(out, "notes.txt"), "mine");
    await expect(simulate({ ...asked, out })).rejects.toBeInstanceOf(UserError);
    expect(globSync("**/*", { cwd: out })).toEqual(["notes.txt"]);
  });

  test("the last month can be chosen; the delivery is in the middle of it", async () => {
    const made = await simulate({ ...asked, lastMonth: "2024-02", out: join(scratch, "earlier") });
    expect(made.asOf).toBe("2024-02-15");
    expect(isoDate(windowOf(3, "2024-02").start)).toBe("2023-12-01");
  });
});

/** Cents due and not received on a day, as far as the ledger knew that day. */
function dueOn(lease: LeaseRecord, day: number): number {
  let cents = 0;
  for (const entry of lease.entries) {
    const counts = entry.bookedOn <= day && (entry.dueOn ?? entry.valueOn ?? entry.bookedOn) <= day;
    if (counts) cents += entry.cents;
  }
  return cents;
}

/** The files that every landlord has; banks send messages about returned payments only when there are some. */
function names(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((file) => !/camt054|pain002/.test(file));
}

function fingerprints(folder: string): Map<string, string> {
  return new Map(
    globSync("**/*", { cwd: folder })
      .sort()
      .map((file) => [
        file,
        createHash("sha256")
          .update(readFileSync(join(folder, file)))
          .digest("hex"),
      ]),
  );
}
