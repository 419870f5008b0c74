import { CONTRACT } from "../../pipelines/contract/contract.ts";
import { accountForRows } from "../../pipelines/load/account.ts";
import { chooseAsOf } from "../../pipelines/load/as-of.ts";
import { checkTable } from "../../pipelines/load/check.ts";
import { findInboxFiles } from "../../pipelines/load/inbox.ts";
import { createLoadTables } from "../../pipelines/load/load-tables.ts";
import { readMappings } from "../../pipelines/load/mapping.ts";
import { RECONCILED, reconcile } from "../../pipelines/load/reconcile.ts";
import { openInbox, stageInbox } from "../../pipelines/load/stage.ts";
import { PROGRAMS } from "../../pipelines/programs.ts";
import { readStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { loadStrategy } from "../../pipelines/strategy/strategy-tables.ts";
import { buildModels, createSchemas } from "../../pipelines/warehouse/build.ts";
import { type OpenDatabase, openDatabase } from "../../pipelines/warehouse/connection.ts";
import { readModels } from "../../pipelines/warehouse/model.ts";
import { orderModels, splitByNeed } from "../../pipelines/warehouse/order.ts";
import { beginNight, openWorkspace } from "../../pipelines/workspace.ts";

/** The first half of a night: loads a landlord's inbox, and gives the rows of each query asked, as text cells. */
export async function loadInbox<Name extends string>(
  folder: string,
  queries: Readonly<Record<Name, string>>,
): Promise<Record<Name, unknown[][]>> {
  const { connection, close } = await openLoaded(folder);
  try {
    const answers: Partial<Record<Name, unknown[][]>> = {};
    for (const name in queries) answers[name] = (await connection.runAndReadAll(queries[name])).getRowsJson();
    return answers as Record<Name, unknown[][]>;
  } finally {
    close();
  }
}

/** A night up to its reconciliation, in memory: the inbox loaded, every receipt at its lease, the ledger held against balances. */
export async function openReconciled(folder: string): Promise<OpenDatabase> {
  const database = await openLoaded(folder);
  const { connection } = database;
  const strategy = await readStrategy(openWorkspace(folder).strategyFile);
  const asOf = await chooseAsOf(connection, undefined);
  await loadStrategy(connection, strategy, asOf);
  const { needed } = splitByNeed(await orderModels(connection, await readModels("sql")), RECONCILED);
  await createSchemas(
    connection,
    needed.map(({ schema }) => schema),
  );
  await buildModels({ connection, strategy, asOf }, needed, PROGRAMS);
  await reconcile(connection, strategy);
  return database;
}

async function openLoaded(folder: string): Promise<OpenDatabase> {
  const workspace = openWorkspace(folder);
  const strategy = await readStrategy(workspace.strategyFile);
  const night = await beginNight(workspace);
  const files = await findInboxFiles(workspace, strategy);
  const staged = await stageInbox(files, night.staging);
  const database = await openDatabase(":memory:", { readableFolders: [night.staging] });
  const { connection } = database;
  await createLoadTables(connection);
  await openInbox(connection, strategy, staged.files);
  const feedNames = Object.keys(strategy.feeds);
  const mappings = await readMappings(connection, workspace, feedNames);
  for (const table of CONTRACT) await checkTable(connection, table, mappings.get(table.name));
  await accountForRows(connection, CONTRACT, feedNames);
  return database;
}
