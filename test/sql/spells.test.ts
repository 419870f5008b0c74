import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type OpenDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import {
  Account,
  addDays,
  type Call,
  countsOn,
  groupBy,
  type LedgerEntry,
  sum,
} from "./account-reference.ts";
import { closingsOf, type ReferenceMonth, referenceMonths } from "./arrears-reference.ts";
import { buildWarehouse } from "./build-warehouse.ts";
import { entriesOf, rowsOf, SEED, story } from "./random-ledger.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AS_OF = "2024-08-15";
const RULES = { ranking: ["principal", "fee", "court_cost"], graceDays: 10, netCallFloorShare: 0.1 } as const;
const TOLD = ["roll_rate", "onset_rate", "cure_rate", "relapse_6m", "debt_age_days"].map(
  (name) => `kpi.${name}`,
);
const row = z.record(z.string(), z.string().nullable());

/** A spell of one lease, walked month end by month end. */
interface WalkedSpell {
  readonly leaseId: string;
  readonly residential: boolean;
  readonly onset: number;
  readonly onlyAdjustment: boolean;
  months: number;
  endedAt: number | null;
  endedBy: string | null;
  byAid: boolean;
}

describe("four hundred random accounts, walked month end by month end", () => {
  const stories = fc.sample(story, { numRuns: 400, seed: SEED + 10 });
  const entries = entriesOf(stories);
  const booked = entries.filter((entry) => entry.bookedOn <= AS_OF);
  const byLease = groupBy(booked, (entry) => entry.leaseId);
  const closings = closingsOf(booked, AS_OF);
  const isPresent = (month: ReferenceMonth | undefined): month is ReferenceMonth =>
    month?.status === "present";
  const owesTerm = (month: ReferenceMonth | undefined) => (month?.termsOwed ?? 0) >= 1;
  let database: OpenDatabase;
  let leases: ReadonlyMap<string, readonly ReferenceMonth[]>;
  let spells: readonly WalkedSpell[];
  const read = (sql: string) => queryRows(database.connection, sql, row);

  beforeAll(async () => {
    database = await buildWarehouse(rowsOf(stories, entries), AS_OF, "", TOLD);
    leases = groupBy(referenceMonths(stories, booked, RULES, AS_OF), (month) => month.leaseId);
    spells = [...leases].flatMap(([leaseId, months]) => walk(leaseId, months));
  });
  afterAll(() => database.close());

  function walk(leaseId: string, months: readonly ReferenceMonth[]): WalkedSpell[] {
    const own = byLease.get(leaseId) ?? [];
    const calls = new Account(own, RULES).calls;
    const walked: WalkedSpell[] = [];
    let open: WalkedSpell | undefined;
    for (const [i, month] of months.entries()) {
      const at = closings.indexOf(month.closingOn);
      const before = closings[at - 1] ?? "";
      if (open !== undefined && !(isPresent(month) && owesTerm(month))) {
        const began = closings[open.onset - 1] ?? "";
        const lost = euroTerms(month, calls, own.filter(isWriteOff), before);
        const aid = euroTerms(
          month,
          calls,
          own.filter((entry) => isLateBenefit(entry, calls)),
          began,
        );
        open.endedAt = at;
        open.endedBy =
          month.status === "departed"
            ? "departed"
            : lost > 0 && month.termsOwed + lost >= 1
              ? "written_off"
              : "settled";
        open.byAid = open.endedBy === "settled" && month.termsOwed + aid >= 1;
        open = undefined;
      }
      if (!isPresent(month) || !owesTerm(month)) continue;
      if (open === undefined && !owesTerm(months[i - 1])) {
        const adjustments = own.filter(isAdjustment).map((entry) => ({
          ...entry,
          dueOn: addDays(countsOn(entry), RULES.graceDays),
        }));
        open = {
          leaseId,
          residential: month.story.use === "residential",
          onset: at,
          onlyAdjustment: at > 0 && month.termsOwed - euroTerms(month, calls, adjustments, before) < 1,
          months: 0,
          endedAt: null,
          endedBy: null,
          byAid: false,
        };
        walked.push(open);
      }
      if (open !== undefined) open.months++;
    }
    return walked;
  }

  /** Entries that count after one day and by the month's end, in terms of the last call by then. */
  function euroTerms(
    month: ReferenceMonth,
    calls: readonly Call[],
    those: readonly LedgerEntry[],
    after: string,
  ): number {
    const first = closings[0]?.slice(0, 7) ?? "";
    const term = calls
      .filter((call) => call.termMonth <= month.month && call.termMonth.slice(0, 7) >= first)
      .at(-1)?.term;
    const cents = sum(
      those
        .filter((entry) => countsOn(entry) > after && countsOn(entry) <= month.closingOn)
        .map(({ cents }) => cents),
    );
    return term === undefined ? 0 : Math.abs(cents) / term;
  }

  test("each spell begins, lasts and ends as walked", async () => {
    const found = await read(`
      select lease_id, onset_month::varchar as onset, only_adjustment::varchar as only_adjustment, months::varchar as months,
        ended_month::varchar as ended, ended_by, by_aid::varchar as by_aid
      from arrears.spell order by lease_id, onset_month`);
    const expected = spells
      .map((spell) => ({
        lease_id: spell.leaseId,
        onset: monthAt(spell.onset),
        only_adjustment: String(spell.onlyAdjustment),
        months: String(spell.months),
        ended: spell.endedAt === null ? null : monthAt(spell.endedAt),
        ended_by: spell.endedBy,
        by_aid: String(spell.byAid),
      }))
      .sort((a, b) => (`${a.lease_id} ${a.onset}` < `${b.lease_id} ${b.onset}` ? -1 : 1));
    expect(found).toEqual(expected);
    for (const ending of ["settled", "departed", "written_off"])
      expect(new Set(expected.map((spell) => spell.ended_by)), ending).toContain(ending);
    expect(expected.some((spell) => spell.only_adjustment === "true")).toBe(true);
  });

  /** Numerator and denominator of the company's figure, by month. */
  async function company(indicator: string, table: string): Promise<Map<string, string>> {
    const rows = await read(`
      select month::varchar as month, numerator::double || ' / ' || denominator::double as figure
      from kpi.${table} where indicator_id = '${indicator}' and level = 'company'`);
    return new Map(rows.map(({ month, figure }) => [month ?? "", figure ?? ""]));
  }

  /** The same from counts by closing; closings where nothing stands below the line are not told. */
  function counted(from: number, tell: (at: number) => readonly [number, number]): Map<string, string> {
    return new Map(
      closings.flatMap((_, at): [string, string][] => {
        const [above, below] = at < from ? [0, 0] : tell(at);
        return below === 0 ? [] : [[monthAt(at), `${above.toFixed(1)} / ${below.toFixed(1)}`]];
      }),
    );
  }

  const at = (months: readonly ReferenceMonth[], n: number) =>
    months.find((month) => month.closingOn === closings[n]);
  const homes = () => [...leases.values()].filter((months) => months[0]?.story.use === "residential");

  test.each([0, 1, 2, 3])(
    "from %i whole terms to more: leases present at both ends of the month",
    async (k) => {
      const expected = counted(1, (n) => {
        const from = homes().filter((months) => {
          const before = at(months, n - 1);
          return isPresent(before) && Math.floor(before.termsOwed) === k;
        });
        const rolled = from.filter((months) => {
          const now = at(months, n);
          return isPresent(now) && Math.floor(now.termsOwed) > k;
        });
        return [rolled.length, from.length];
      });
      expect(await company(`roll_rate.${k}_${k + 1}`, "roll_rate")).toEqual(expected);
    },
  );

  test("onsets over those who owed no whole term when the month began", async () => {
    const expected = counted(1, (n) => {
      const free = homes().filter((months) => {
        const before = at(months, n - 1);
        return before === undefined ? isPresent(at(months, n)) : isPresent(before) && !owesTerm(before);
      });
      const onsets = spells.filter((spell) => spell.residential && spell.onset === n);
      return [onsets.length, free.length];
    });
    expect(await company("onset_rate", "onset_rate")).toEqual(expected);
  });

  test.each([1, 3, 6])("cured within %i months: paid, never written off, never left", async (months) => {
    const expected = counted(months, (n) => {
      const owing = spells.filter(
        (spell) => spell.residential && spell.onset <= n - months && spell.onset + spell.months > n - months,
      );
      const cured = owing.filter((spell) => spell.endedBy === "settled" && (spell.endedAt ?? 99) <= n);
      return [cured.length, owing.length];
    });
    expect(await company(`cure_rate_${months}m`, "cure_rate")).toEqual(expected);
  });

  test("relapsed: owing a whole term again within six month ends of a cure", async () => {
    const expected = counted(6, (n) => {
      const cured = spells.filter(
        (spell) => spell.residential && spell.endedBy === "settled" && spell.endedAt === n - 6,
      );
      const again = cured.filter((spell) =>
        spells.some((next) => next.leaseId === spell.leaseId && next.onset > n - 6 && next.onset <= n),
      );
      return [again.length, cured.length];
    });
    expect(await company("relapse_6m", "relapse_6m")).toEqual(expected);
  });

  test.each([
    ["debt_age_days", "present"],
    ["debt_age_days.departed", "departed"],
  ])("%s: each unpaid euro of the queue has its own age", async (indicator, status) => {
    const expected = counted(0, (n) => {
      const debts = homes()
        .map((months) => at(months, n))
        .filter((month) => month?.status === status && month.balance > 0)
        .flatMap((month) => month?.unpaid ?? []);
      const age = (dueOn: string) => (Date.parse(closings[n] ?? "") - Date.parse(dueOn)) / 86_400_000;
      return [
        sum(debts.map((debt) => debt.unpaid * age(debt.dueOn))) / 100,
        sum(debts.map((debt) => debt.unpaid)) / 100,
      ];
    });
    const found = await company(indicator, "debt_age_days");
    expect([...found.keys()].sort()).toEqual([...expected.keys()]);
    for (const [month, figure] of expected) {
      const [above, below] = figure.split(" / ").map(Number);
      const [foundAbove, foundBelow] = (found.get(month) ?? "").split(" / ").map(Number);
      expect(foundAbove, month).toBeCloseTo(above ?? 0, 0);
      expect(foundBelow, month).toBeCloseTo(below ?? 0, 0);
    }
  });

  function monthAt(n: number): string {
    return `${closings[n]?.slice(0, 7)}-01`;
  }
});

function isWriteOff(entry: LedgerEntry): boolean {
  return entry.kind === "write_off" && (entry.component ?? "principal") === "principal";
}

function isAdjustment(entry: LedgerEntry): boolean {
  return entry.cents > 0 && ["housing_benefit", "charges_adjustment"].includes(entry.kind);
}

/** Housing benefit credited after the grace days of its own call, or for a month never called. */
function isLateBenefit(entry: LedgerEntry, calls: readonly Call[]): boolean {
  if (entry.kind !== "housing_benefit" || entry.cents > 0) return false;
  const month = entry.termMonth ?? `${countsOn(entry).slice(0, 7)}-01`;
  const call = calls.find(({ termMonth }) => termMonth === month);
  return call === undefined || countsOn(entry) > addDays(call.dueOn, RULES.graceDays);
}
