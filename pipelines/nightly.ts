import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CONTRACT } from "./contract/contract.ts";
import { accountForRows } from "./load/account.ts";
import { chooseAsOf } from "./load/as-of.ts";
import { checkTable } from "./load/check.ts";
import { findInboxFiles } from "./load/inbox.ts";
import { createLoadTables } from "./load/load-tables.ts";
import { readMappings } from "./load/mapping.ts";
import { refuseCircularMergers } from "./load/mergers.ts";
import { RECONCILED, reconcile } from "./load/reconcile.ts";
import { refuseTooManyRejections } from "./load/refuse.ts";
import { closeInbox, openInbox, stageInbox } from "./load/stage.ts";
import { fillBy } from "./programs.ts";
import { PROJECT, SITE_CACHE } from "./project.ts";
import { writeExtract } from "./publish/extract.ts";
import { buildSite } from "./publish/site.ts";
import type { Site } from "./publish/sites.ts";
import { type Output, type StepRecord, startSteps } from "./steps.ts";
import { checkThresholds } from "./strategy/check-thresholds.ts";
import { readStrategy } from "./strategy/read-strategy.ts";
import { loadStrategy } from "./strategy/strategy-tables.ts";
import { buildModel, createSchemas, type FailedCheck, verifyModel } from "./warehouse/build.ts";
import { openDatabase } from "./warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "./warehouse/indicators.ts";
import { readModels } from "./warehouse/model.ts";
import { type OrderedModel, orderModels, splitByNeed } from "./warehouse/order.ts";
import { keepRestrictedTables } from "./warehouse/rights.ts";
import { keepSteps } from "./warehouse/run-steps.ts";
import {
  beginNight,
  lockWorkspace,
  type NightFolder,
  openWorkspace,
  pruneNights,
  switchToNight,
} from "./workspace.ts";

export interface NightOptions {
  /** The landlord's folder. */
  readonly workspace: string;
  /** The date on which the night stands; the newest delivery's by default. */
  readonly asOf: string | undefined;
  readonly output: Output;
  /** The audiences to publish for. */
  readonly sites: readonly Site[];
}

export interface PublishedNight {
  readonly folder: NightFolder;
  readonly asOf: string;
  readonly steps: readonly StepRecord[];
}

/**
 * One night, whole or not at all: reads the inbox, checks every row, finds the lease of every receipt, reconciles the
 * ledger, builds the rest of the warehouse, publishes the extracts and the sites, and only then becomes the current
 * night. Until that last rename the previous night serves.
 *
 * @throws UserError when the landlord's input or strategy is wrong; nothing is published then.
 */
export async function runNight(options: NightOptions): Promise<PublishedNight> {
  const workspace = openWorkspace(options.workspace);
  const strategy = await readStrategy(workspace.strategyFile);
  const unlock = lockWorkspace(workspace);
  const models = await readModels(join(PROJECT, "sql"));
  const steps = startSteps(options.output, CONTRACT.length + models.length + 2 * options.sites.length + 5);
  try {
    const night = await beginNight(workspace);
    try {
      const files = await findInboxFiles(workspace, strategy);
      const staged = await steps.run("read the inbox", () => stageInbox(files, night.staging));
      const readableFolders = [night.staging, night.extracts];
      const database = await openDatabase(night.warehouse, { readableFolders });
      const { connection } = database;
      try {
        await createLoadTables(connection);
        await openInbox(connection, strategy, staged.files);
        const feedNames = Object.keys(strategy.feeds);
        const mappings = await readMappings(connection, workspace, feedNames);
        for (const table of CONTRACT) {
          await steps.run(`check ${table.name}`, () =>
            checkTable(connection, table, mappings.get(table.name)),
          );
        }
        await steps.run("account for every row", async () => {
          const accounts = await accountForRows(connection, CONTRACT, feedNames);
          await refuseTooManyRejections(connection, strategy, accounts);
          return { rows: staged.rows };
        });
        await closeInbox(connection);

        const asOf = await chooseAsOf(connection, options.asOf);
        await refuseCircularMergers(connection, asOf);
        const indicators = collectIndicators(models);
        await checkThresholds(connection, strategy, [...indicators.keys()]);
        await loadStrategy(connection, strategy, asOf);
        await loadIndicators(connection, indicators);
        const ordered = await orderModels(connection, models);
        await keepRestrictedTables(connection, ordered);
        const rowsOf = new Map<string, number>();
        await createSchemas(
          connection,
          ordered.map((model) => model.schema),
        );
        const fill = fillBy({ strategy, asOf });
        const build = async (chosen: readonly OrderedModel[]) => {
          for (const model of chosen) {
            const built = await steps.run(`build ${model.id}`, async () => ({
              rows: await buildModel(connection, model, fill),
            }));
            rowsOf.set(model.id, built.rows);
          }
        };
        const { needed, others } = splitByNeed(ordered, RECONCILED);
        await build(needed);
        await steps.run("reconcile", () => reconcile(connection, strategy));
        await build(others);
        await steps.run("verify", async () => {
          const failures: FailedCheck[] = [];
          for (const model of ordered) failures.push(...(await verifyModel(connection, model)));
          if (failures.length > 0) throw new Error(tellFailures(failures));
          return { rows: [...rowsOf.values()].reduce((sum, rows) => sum + rows, 0) };
        });
        for (const site of options.sites) {
          await steps.run(`extract for ${site}`, () =>
            writeExtract(connection, ordered, site, night.extracts, (model) => rowsOf.get(model.id) ?? 0),
          );
        }
        await connection.run("checkpoint");
        for (const site of options.sites) {
          await steps.run(`site ${site}`, async () => {
            const { pages } = await buildSite({
              site,
              extract: join(night.extracts, site),
              out: join(night.sites, site),
              cache: SITE_CACHE,
              log: options.output.write,
            });
            return { rows: pages };
          });
        }
        const published = await steps.run("publish", async () => {
          await keepSteps(connection, night.number, steps.records);
          database.close();
          const folder = await switchToNight(workspace, night);
          await pruneNights(workspace, strategy.nights.keep);
          return { folder, rows: 1 };
        });
        return { folder: published.folder, asOf, steps: steps.records };
      } finally {
        database.close();
      }
    } catch (error) {
      await rm(night.path, { recursive: true, force: true });
      throw error;
    }
  } finally {
    steps.close();
    unlock();
  }
}

function tellFailures(failures: readonly FailedCheck[]): string {
  const lines = failures.map(
    ({ model, check, rows, sample }) =>
      `${model}: « ${check} » fails on ${rows} rows\n${sample.map((row) => `    ${row}`).join("\n")}`,
  );
  return `the night was not published: ${failures.length} checks failed\n${lines.join("\n")}`;
}
