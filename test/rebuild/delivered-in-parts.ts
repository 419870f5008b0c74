import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { openDatabase, queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";

/** How a landlord's files come in parts: one delivery a night. */
export interface Parts {
  /** The day of each delivery, yyyy-mm-dd, the earliest first; it holds what is dated by then, but for what is late. */
  readonly days: readonly string[];
  /** Chooses which rows are late. */
  readonly seed: number;
  /** The share of dated rows that come one delivery later than they should. */
  readonly lateShare: number;
}

/** Tables whose rows come as they happen: the expression that dates a row, and the column that chooses the late ones. */
const DATED: Readonly<Record<string, readonly [on: string, key: string]>> = {
  entry: ["booked_on", "id"],
  rejection: ["(select min(booked_on) from entry where entry.id = rejection.entry_id)", "entry_id"],
  action: ["coalesce(recorded_on, action_on)", "id"],
  disposition: ["decided_on", "id"],
  plan: ["coalesce(known_on, signed_on)", "id"],
  plan_instalment: [
    "(select min(coalesce(known_on, signed_on)) from plan where plan.id = plan_instalment.plan_id)",
    "plan_id",
  ],
  lease_terms: ["known_on", "lease_id"],
  lease_hold: ["coalesce(known_on, from_on)", "lease_id"],
  household_situation: ["known_on", "household_id"],
};

/**
 * Cuts the inbox of a simulated landlord in the contract's shape (format parquet) into deliveries, `folder/0`, `folder/1` …:
 * what happens comes in new files beside those before; the list of leases is replaced by a new one, in which a lease that
 * has not ended yet has no end. Balances to reconcile with are left out: they are those of the last day.
 */
export async function cutIntoParts(inbox: string, folder: string, parts: Parts): Promise<void> {
  await mkdir(folder, { recursive: true });
  const database = await openDatabase(":memory:", { readableFolders: [inbox, folder] });
  const { connection } = database;
  try {
    const tables = (await readdir(inbox)).filter((table) => table !== "control_balance");
    for (const table of tables)
      await connection.run(
        `create table "${table}" as select * from read_parquet(${quoteText(join(inbox, table, "*.parquet"))})`,
      );
    for (const [night, day] of parts.days.entries()) {
      for (const table of tables) {
        const rows = rowsOf(table, night, parts);
        if (rows === undefined) continue;
        const out = join(folder, String(night), table);
        await mkdir(out, { recursive: true });
        const file = join(out, `${table}_${day.replaceAll("-", "")}_001.parquet`);
        await connection.run(`copy (${rows}) to ${quoteText(file)} (format parquet)`);
      }
    }
  } finally {
    database.close();
  }
}

/** The query of what one delivery holds of a table; undefined where it holds nothing of it. */
function rowsOf(table: string, night: number, { days, seed, lateShare }: Parts): string | undefined {
  const dated = DATED[table];
  if (dated !== undefined) {
    const [on, key] = dated;
    const isLate = `(hash(${key}, ${seed}) % 1000 < ${Math.round(1000 * lateShare)})`;
    const due = days.map((day, i) => `when ${on} <= date '${day}' then ${i}`).join(" ");
    return `select * from "${table}" where case ${due} end + ${isLate}::integer = ${night}`;
  }
  if (table === "lease")
    return `select * replace (case when end_on <= date '${days[night]}' then end_on end as end_on) from lease order by hash(id, ${night})`;
  return night === 0 ? `select * from "${table}"` : undefined;
}

/** The two last days on which a simulated landlord in the contract's shape booked entries: the day before, and the last. */
export async function lastDays(landlord: string): Promise<[before: string, last: string]> {
  const entries = join(landlord, "inbox", "entry");
  const database = await openDatabase(":memory:", { readableFolders: [entries] });
  try {
    const [row] = await queryRows(
      database.connection,
      `select (max(booked_on::date) - 1)::varchar as before, max(booked_on::date)::varchar as last
       from read_parquet(${quoteText(join(entries, "*.parquet"))})`,
      z.object({ before: z.string(), last: z.string() }),
    );
    if (row === undefined) throw new Error(`${landlord} has no entry`);
    return [row.before, row.last];
  } finally {
    database.close();
  }
}

/**
 * Lays out the folder of a landlord like a simulated one in the contract's shape, with an empty inbox: without the balances to
 * reconcile with, which are those of the last day.
 */
export async function layLandlord(source: string, workspace: string): Promise<void> {
  await mkdir(join(workspace, "inbox"), { recursive: true });
  await cp(join(source, "sources"), join(workspace, "sources"), { recursive: true });
  await rm(join(workspace, "sources", "control_balance.sql"));
  const strategy = parseDocument(await readFile(join(source, "vigie.yaml"), "utf8"));
  strategy.deleteIn(["feeds", "control_balance"]);
  await writeFile(join(workspace, "vigie.yaml"), strategy.toString());
}

/** Lays a delivery into a landlord's inbox; a new list of leases replaces the one before. */
export async function lay(folder: string, night: number, inbox: string): Promise<void> {
  const from = join(folder, String(night));
  await rm(join(inbox, "lease"), { recursive: true, force: true });
  for (const table of await readdir(from))
    await cp(join(from, table), join(inbox, table), { recursive: true });
}
