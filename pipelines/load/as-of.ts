import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { UserError } from "../user-error.ts";
import { queryRows } from "../warehouse/connection.ts";

/**
 * The one date on which the night stands (yyyy-mm-dd): the one asked for, else the newest delivery's, else, where no file
 * name tells a delivery date, the newest day on which an entry was booked. Nothing reads the clock.
 *
 * @throws UserError when the date asked for is none, or there is no entry to take one from.
 */
export async function chooseAsOf(connection: DuckDBConnection, asked: string | undefined): Promise<string> {
  if (asked !== undefined) return requireDate(asked);
  const [row] = await queryRows(
    connection,
    `select coalesce(
       (select max(delivered_on) from load.file where copy_of is null),
       (select max(booked_on) from (select booked_on from contract.entry union all select booked_on from contract.bank_receipt))
     )::varchar as as_of`,
    z.object({ as_of: z.string().nullable() }),
  );
  if (row?.as_of == null) {
    throw new UserError(
      "the inbox holds no entry and no delivery date: the night has no date to stand on",
      "Name one with --as-of.",
    );
  }
  return row.as_of;
}

function requireDate(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(date.getTime()) ||
    date.toISOString().slice(0, 10) !== text
  ) {
    throw new UserError(`--as-of ${text}: is no date of the form yyyy-mm-dd`);
  }
  return text;
}
