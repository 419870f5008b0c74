import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { firstDay } from "../calendar.ts";
import { Delivery } from "../delivery.ts";
import { GROUPS } from "../parameters.ts";
import { capacityOf } from "./capacity.ts";
import { LANDLORD_LETTERS } from "./codes.ts";
import { filesOf, type WholeStock, type WrittenShare, writeShare } from "./parquet-dwellings.ts";
import { ParquetFiles } from "./parquet-files.ts";
import { GROUP_TABLES } from "./parquet-tables.ts";
import type { News, ShareOfFolder } from "./parquet-worker.ts";

const MOST_WORKERS = 2;

/**
 * Writes the whole group as Parquet files that already have the contract's shape, for landlords too large for exports:
 * one folder a table in `inbox/` of the landlord's folder. More than one file's worth of dwellings is shared between threads. Memory does not
 * grow with the number of dwellings.
 */
export async function writeParquet(
  folder: string,
  stock: WholeStock,
  onProgress: (done: number) => void,
): Promise<{ readonly entries: number; readonly leases: number }> {
  let done = 0;
  const tell = (more: number): void => {
    done += more;
    onProgress(done);
  };
  const shares = Math.min(filesOf(stock), MOST_WORKERS, availableParallelism());
  const inbox = join(folder, "inbox");
  const delivery = new Delivery(inbox);
  const written =
    shares === 1
      ? [await writeShare(delivery, { stock, share: 0, shares }, tell)]
      : await inThreads(inbox, stock, shares, tell);
  const dwellingsOfAgency = new Map<string, number>();
  for (const [agency, dwellings] of written.flatMap((share) => [...share.dwellingsOfAgency])) {
    dwellingsOfAgency.set(agency, (dwellingsOfAgency.get(agency) ?? 0) + dwellings);
  }
  await writeGroup(delivery, stock, dwellingsOfAgency);
  return {
    entries: written.reduce((sum, { entries }) => sum + entries, 0),
    leases: written.reduce((sum, { leases }) => sum + leases, 0),
  };
}

/** Writes each share in a thread of its own; when one fails, the others are stopped before its error is thrown. */
async function inThreads(
  inbox: string,
  stock: WholeStock,
  shares: number,
  onProgress: (more: number) => void,
): Promise<WrittenShare[]> {
  const program = new URL("./parquet-thread.mjs", import.meta.url);
  const threads = Array.from({ length: shares }, (_, share) => {
    const workerData: ShareOfFolder = { inbox, share: { stock, share, shares } };
    return new Worker(program, { workerData, execArgv: [] });
  });
  try {
    return await Promise.all(threads.map((thread) => ended(thread, onProgress)));
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function ended(thread: Worker, onProgress: (more: number) => void): Promise<WrittenShare> {
  return new Promise((resolve, reject) => {
    thread.on("message", (news: News) => {
      if ("written" in news) resolve(news.written);
      else onProgress(news.more);
    });
    thread.on("error", reject);
    thread.on("exit", (code) => reject(new Error(`a thread of the simulator ended early (${code})`)));
  });
}

async function writeGroup(
  delivery: Delivery,
  { window, group = GROUPS.large }: WholeStock,
  dwellingsOfAgency: ReadonlyMap<string, number>,
): Promise<void> {
  const files = await ParquetFiles.open(delivery, window, GROUP_TABLES);
  try {
    const { tables } = files;
    for (const { id, name, sector } of group.agencies) tables.agency.add({ id, name, sector });
    for (const { landlord, code, takenOverBy } of group.former) {
      for (const { agency, monthsBeforeEnd } of takenOverBy) {
        tables.agency_mapping.add({
          legacy_agency_id: `${LANDLORD_LETTERS[landlord]}-${code}`,
          agency_id: agency,
          valid_from: firstDay(window.lastMonth - monthsBeforeEnd),
        });
      }
    }
    for (const { team, agency, contactsPerWeek, fullTime } of capacityOf(group.agencies, dwellingsOfAgency)) {
      tables.team_capacity.add({
        team,
        agency_id: agency,
        valid_from: window.start,
        contacts_per_week: contactsPerWeek,
        full_time_equivalents: fullTime,
      });
    }
    await files.write(1);
  } finally {
    files.close();
  }
}
