import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { columnsOf } from "../../pipelines/contract/table.ts";
import { queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";

/** Fills the empty contract tables with those that a simulated landlord's `inbox/` holds as Parquet, unchecked. */
export async function loadParquet(connection: DuckDBConnection, landlord: string): Promise<void> {
  for (const table of CONTRACT) {
    const files = quoteText(join(landlord, "inbox", table.name, "*.parquet"));
    const [found] = await queryRows(
      connection,
      `select count(*)::integer as files from glob(${files})`,
      z.object({ files: z.number() }),
    );
    if (found?.files === 0) continue;
    const months = columnsOf(table).flatMap(([name, { kind }]) => (kind === "month" ? [name] : []));
    const asDays = months.map((name) => `${name} || '-01' as ${name}`).join(", ");
    await connection.run(
      `insert into contract.${table.name} by name
      select * ${months.length === 0 ? "" : `replace (${asDays})`} from ${files}`,
    );
  }
}
