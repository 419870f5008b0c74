import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { accountForRows } from "../../pipelines/load/account.ts";
import { checkTable } from "../../pipelines/load/check.ts";
import { findInboxFiles } from "../../pipelines/load/inbox.ts";
import { createLoadTables } from "../../pipelines/load/load-tables.ts";
import { readMappings } from "../../pipelines/load/mapping.ts";
import { openInbox, stageInbox } from "../../pipelines/load/stage.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { openDatabase } from "../../pipelines/warehouse/connection.ts";
import { beginNight, openWorkspace } from "../../pipelines/workspace.ts";

/** The first half of a night: loads a landlord's inbox, and gives the rows of each query asked, as text cells. */
export async function loadInbox<Name extends string>(
  folder: string,
  queries: Readonly<Record<Name, string>>,
): Promise<Record<Name, unknown[][]>> {
  const workspace = openWorkspace(folder);
  const strategy = await readStrategy(workspace.strategyFile);
  const night = await beginNight(workspace);
  const files = await findInboxFiles(workspace, strategy);
  const staged = await stageInbox(files, night.staging);
  const { connection, close } = await openDatabase(":memory:", { readableFolders: [night.staging] });
  try {
    await createLoadTables(connection);
    await openInbox(connection, strategy, staged.files);
    const feedNames = Object.keys(strategy.feeds);
    const mappings = await readMappings(connection, workspace, feedNames);
    for (const table of CONTRACT) await checkTable(connection, table, mappings.get(table.name));
    await accountForRows(connection, CONTRACT, feedNames);
    const answers: Partial<Record<Name, unknown[][]>> = {};
    for (const name in queries) answers[name] = (await connection.runAndReadAll(queries[name])).getRowsJson();
    return answers as Record<Name, unknown[][]>;
  } finally {
    close();
  }
}
