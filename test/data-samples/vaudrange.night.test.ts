import { readFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { globSync } from "tinyglobby";
import { beforeAll, describe, expect, test } from "vitest";
import { isoDate, isoMonth } from "../../data-samples/simulator/calendar.ts";
import { letterEntries } from "../../data-samples/simulator/exports/lettering.ts";
import type { EntryRecord, LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { SIMULATED, simulatedNight } from "../shared-landlord.ts";
import { queryNight } from "../tiny-landlord.ts";

let folder = "";
const { dwellings, months, seed } = SIMULATED;
const stock = { from: 1, to: dwellings, seed, window: windowOf(months) };
const leases: LeaseRecord[] = [...dwellingsOf(stock)]
  .filter(({ landlord }) => landlord === "vaudrange")
  .flatMap((dwelling) => dwelling.leases);

beforeAll(async () => {
  folder = await simulatedNight();
});

describe("the ledger that Vaudrange drops is a FEC", () => {
  let years: Fec[];
  beforeAll(() => {
    years = globSync("inbox/vaudrange/*FEC*.txt", { cwd: folder }).sort().map(readFec);
  });

  test("a file a fiscal year; the current year comes again entire, and so does the year before it", () => {
    expect(years.map(({ name, separator, encoding }) => [name, separator, encoding])).toEqual([
      ["480517263FEC20241231_20261015.txt", "\t", "iso-8859-15"],
      ["480517263FEC20251231_20261015.txt", "|", "utf-8"],
      ["480517263FEC20251231_20261115.txt", "|", "utf-8"],
      ["480517263FEC20261231_20261015.txt", "|", "utf-8"],
      ["480517263FEC20261231_20261115.txt", "|", "utf-8"],
    ]);
  });

  test("its company number is nobody's: the check digit is wrong", () => {
    const figures = [..."480517263"].map(Number);
    const doubled = figures.map((figure, place) => (place % 2 === 1 ? figure * 2 : figure));
    const sum = doubled.reduce((total, figure) => total + Math.floor(figure / 10) + (figure % 10), 0);
    expect(sum % 10).not.toBe(0);
  });

  test("eighteen fields; entries numbered without a gap in the order of their dates, each balanced", () => {
    for (const { rows } of years) {
      expect(rows.filter((row) => row.length !== 18)).toEqual([]);
      const entries = new Map<string, { date: string; cents: number }>();
      for (const [, , number = "", date = "", , , , , , , , debit = "", credit = ""] of rows) {
        const entry = entries.get(number) ?? { date, cents: 0 };
        expect(date).toBe(entry.date);
        entries.set(number, { date, cents: entry.cents + cents(debit) - cents(credit) });
      }
      expect([...entries.values()].filter((entry) => entry.cents !== 0)).toEqual([]);
      expect([...entries.keys()].map(Number)).toEqual([...entries.keys()].map((_, index) => index + 1));
      const dates = [...entries.values()].map(({ date }) => date);
      expect(dates).toEqual([...dates].sort());
    }
  });

  test("the year exported again has mended what the first export got wrong: a cheque missing, one mistyped", () => {
    const [, first, again] = years.map(({ rows }) => amountsByPiece(rows));
    const missing = [...(again ?? [])].filter(([piece]) => first?.get(piece) === undefined);
    const mistyped = [...(again ?? [])].filter(([piece, amount]) => (first?.get(piece) ?? amount) !== amount);
    expect(missing.length).toBeGreaterThan(0);
    expect(mistyped.length).toBeGreaterThan(0);
    expect([...(first?.keys() ?? [])].filter((piece) => !again?.has(piece))).toEqual([]);
  });
});

describe("a night reads it back", () => {
  test("every entry of every lease, with all that the simulator knows of it", async () => {
    const rows = await queryNight(
      folder,
      `select id, lease_id, kind, component, fee_kind, (amount * 100)::integer, booked_on, due_on, value_on,
              strftime(term_month, '%Y-%m'), payer, channel, reversal_of, account
       from contract.entry where lease_id like 'V-%' order by id`,
    );
    const known = leases.flatMap((lease) => lease.entries.map((entry) => asLoaded(lease, entry)));
    expect(known.length).toBeGreaterThan(4_000);
    expect(rows).toEqual(known.sort((a, b) => (`${a[0]}` < `${b[0]}` ? -1 : 1)));
  });

  test("the bank's reasons", async () => {
    const rows = await queryNight(
      folder,
      "select entry_id, reason from contract.rejection where entry_id like 'V-%' order by entry_id",
    );
    const known = leases.flatMap((lease) =>
      lease.entries.flatMap((entry) =>
        entry.rejection === null ? [] : [[entryId(lease, entry.rank), entry.rejection]],
      ),
    );
    expect(known.length).toBeGreaterThan(0);
    expect(rows).toEqual(known.sort());
  });

  test("what the accountants lettered is allocated, never above a payment or a debit, only within a letter", async () => {
    const allocations = await queryNight(
      folder,
      `select payment_entry, debit_entry, (amount * 100)::integer, allocated_on from contract.allocation`,
    );
    const letters = new Map<string, string>();
    const open = new Map<string, number>();
    for (const lease of leases) {
      const lettered = letterEntries(lease.entries, ({ bookedOn }) => bookedOn);
      for (const { rank, cents: amount } of lease.entries) {
        const letter = lettered.get(rank);
        if (letter === undefined) continue;
        letters.set(entryId(lease, rank), `${lease.id} ${letter.code}`);
        open.set(entryId(lease, rank), amount);
      }
    }
    expect(allocations.length).toBeGreaterThan(1_000);
    const lettersUsed = new Set<string | undefined>();
    for (const [payment, debit, amount] of allocations) {
      if (typeof payment !== "string" || typeof debit !== "string")
        throw new Error("an allocation of nothing");
      expect(Number(amount)).toBeGreaterThan(0);
      open.set(payment, (open.get(payment) ?? 0) + Number(amount));
      open.set(debit, (open.get(debit) ?? 0) - Number(amount));
      lettersUsed.add(letters.get(payment));
      expect(letters.get(debit)).toBe(letters.get(payment));
    }
    const kept = [...open].filter(([id]) => lettersUsed.has(letters.get(id)));
    const credits = leases.flatMap((lease) =>
      lease.entries.filter((entry) => entry.cents < 0).map((entry) => entryId(lease, entry.rank)),
    );
    const areCredits = new Set(credits);
    expect(kept.filter(([id, left]) => (areCredits.has(id) ? left > 0 : left < 0))).toEqual([]);
    expect(kept.filter(([, left]) => left === 0).length / kept.length).toBeGreaterThan(0.99);
  });

  test("counterparts, transfers and carried balances are set aside, each with a reason in French", async () => {
    const rows = await queryNight(
      folder,
      `select regexp_extract(reason, '^[^ ]+'), count(*) > 0 from contract.set_aside
       join load.file on set_aside.file_id = file.file_id and feed = 'vaudrange_ledger'
       group by all order by all`,
    );
    expect(rows).toEqual([
      ["contrepartie", true],
      ["virement", true],
      ["à-nouveau", true],
    ]);
  });

  test("the first exports of the two years that came again are superseded, all their rows; no row is refused", async () => {
    const rows = await queryNight(
      folder,
      `select regexp_extract(file, 'FEC.*'), rows_superseded = rows_read, rows_superseded = 0, rows_rejected::integer
       from load.file where feed = 'vaudrange_ledger' order by file`,
    );
    expect(rows).toEqual([
      ["FEC20241231_20261015.txt", false, true, 0],
      ["FEC20251231_20261015.txt", true, false, 0],
      ["FEC20251231_20261115.txt", false, true, 0],
      ["FEC20261231_20261015.txt", true, false, 0],
      ["FEC20261231_20261115.txt", false, true, 0],
    ]);
  });

  test("its own balances and account totals agree, to the cent", async () => {
    const rows = await queryNight(
      folder,
      `select kind, status, count(*) > 20 from load.reconciliation where subject like 'V-%' group by all order by all`,
    );
    expect(rows).toEqual([
      ["account_credit", "verified", true],
      ["account_debit", "verified", true],
      ["lease_balance", "verified", true],
    ]);
  });
});

interface Fec {
  readonly name: string;
  readonly separator: "\t" | "|";
  readonly encoding: "iso-8859-15" | "utf-8";
  readonly rows: readonly (readonly string[])[];
}

function readFec(file: string): Fec {
  const bytes = readFileSync(join(folder, file));
  const encoding = bytes.equals(Buffer.from(bytes.toString("utf8"))) ? "utf-8" : "iso-8859-15";
  const [header = "", ...lines] = iconv.decode(bytes, encoding).replace(/\r\n$/, "").split("\r\n");
  const separator = header.includes("\t") ? "\t" : "|";
  return {
    name: file.slice(file.lastIndexOf("/") + 1),
    separator,
    encoding,
    rows: lines.map((line) => line.split(separator)),
  };
}

/** What each piece moved on the tenants' accounts, carried balances left out. */
function amountsByPiece(rows: Fec["rows"]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const [journal, , , , account = "", , , , piece = "", , , debit = "", credit = ""] of rows) {
    if (journal !== "AN" && account.startsWith("41")) amounts.set(piece, cents(debit) - cents(credit));
  }
  return amounts;
}

function cents(amount: string): number {
  return Number(amount.replace(",", ""));
}

function entryId(lease: LeaseRecord, rank: number): string {
  return `V-${String(lease.id).padStart(8, "0")}-${rank}`;
}

function asLoaded(lease: LeaseRecord, entry: EntryRecord): (string | number | null)[] {
  const isDebit = entry.cents > 0;
  const component = entry.kind === "fee" || entry.kind === "court_cost" ? entry.kind : "principal";
  const departed = lease.end !== null && entry.bookedOn > lease.end;
  return [
    entryId(lease, entry.rank),
    `V-${String(lease.id).padStart(8, "0")}`,
    entry.kind,
    isDebit ? component : null,
    entry.feeKind,
    entry.cents,
    isoDate(entry.bookedOn),
    entry.dueOn === null ? null : isoDate(entry.dueOn),
    entry.valueOn === null ? null : isoDate(entry.valueOn),
    entry.termMonth === null ? null : isoMonth(entry.termMonth),
    entry.payer,
    entry.channel,
    entry.reversalOf === null ? null : entryId(lease, entry.reversalOf),
    departed ? "V-416000" : "V-411000",
  ];
}
