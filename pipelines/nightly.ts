import { rm } from "node:fs/promises";
import { join } from "node:path";
import { tellTonight } from "./alerts/tonight.ts";
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
import { deliver } from "./notify/deliver.ts";
import { waitingMessages } from "./notify/outbox.ts";
import { fillBy, LEARNING_STEPS, learnBy } from "./programs.ts";
import { PROJECT, SITE_CACHE } from "./project.ts";
import { compiledPages } from "./publish/compiled-pages.ts";
import { writeRestrictedExports } from "./publish/export.ts";
import { writeExtract } from "./publish/extract.ts";
import { openNightSites } from "./publish/night-sites.ts";
import { AGGREGATE_SCHEMAS, type Audience, SCOPED_SCHEMAS, sitesOf } from "./publish/sites.ts";
import { KeptReadings } from "./readers/kept-readings.ts";
import { ALERTS, loadAlertMemory } from "./state/alert-memory.ts";
import { loadListMemory, rememberedLists, tellLists } from "./state/list-memory.ts";
import { layDown, type PendingFile, rememberedBefore, settleState } from "./state/state.ts";
import { type Output, type StepRecord, startSteps } from "./steps.ts";
import { checkAlerting } from "./strategy/check-alerting.ts";
import { checkScopes } from "./strategy/check-scopes.ts";
import { checkThresholds } from "./strategy/check-thresholds.ts";
import { readStrategy } from "./strategy/read-strategy.ts";
import { loadStrategy } from "./strategy/strategy-tables.ts";
import {
  buildModel,
  createSchemas,
  documentModels,
  type FailedCheck,
  verifyModel,
} from "./warehouse/build.ts";
import { openDatabase } from "./warehouse/connection.ts";
import { collectIndicators, loadIndicators } from "./warehouse/indicators.ts";
import { checkLineage } from "./warehouse/lineage.ts";
import { readModels } from "./warehouse/model.ts";
import { type OrderedModel, orderModels, splitByNeed } from "./warehouse/order.ts";
import { keepRestrictedTables } from "./warehouse/rights.ts";
import { keepSteps } from "./warehouse/run-steps.ts";
import {
  beginNight,
  keepFailedNight,
  lockWorkspace,
  type NightFolder,
  openWorkspace,
  pruneNights,
  switchToNight,
} from "./workspace.ts";

/** With fewer rows in the inbox a second thread of DuckDB costs more than it saves. */
const ROWS_FOR_THREADS = 1_500_000;

export interface NightOptions {
  /** The landlord's folder. */
  readonly workspace: string;
  /** The date on which the night stands; the newest delivery's by default. */
  readonly asOf: string | undefined;
  readonly output: Output;
  /** The audiences to publish for. */
  readonly sites: readonly Audience[];
  /** Whether the pages of their sites are rendered, or only the extracts written: true by default. */
  readonly render?: boolean;
  /** What is printed as soon as the night is the current one and its pages can be read: before messages leave. */
  readonly announcement?: (night: PublishedNight) => string;
  /** Whether the warehouse of a night that fails is kept until the next night, and its place told: false by default. */
  readonly keep?: boolean;
  /** Where the secrets of mail servers and webhooks stand; the process's own environment by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The parts of a night, as whoever looks on is told of those that are left. */
const PARTS = [
  "files",
  "rows",
  "indicators",
  "learning",
  "scores",
  "verification",
  "extracts",
  "pages",
  "publication",
  "messages",
];

export interface PublishedNight {
  readonly folder: NightFolder;
  readonly asOf: string;
  readonly steps: readonly StepRecord[];
}

/**
 * One night, whole or not at all: reads the inbox, checks every row, finds the lease of every receipt, reconciles the
 * ledger, builds what there is to learn from, learns, builds the rest of the warehouse, publishes the extracts and the
 * sites, and only then becomes the current night. Until that last rename the previous night serves. What is to be
 * remembered joins the state with it; the messages leave after it.
 *
 * @throws UserError when the landlord's input or strategy is wrong; nothing is published then.
 */
export async function runNight(options: NightOptions): Promise<PublishedNight> {
  const workspace = openWorkspace(options.workspace);
  const strategy = await readStrategy(workspace.strategyFile);
  const unlock = lockWorkspace(workspace);
  const models = await readModels(join(PROJECT, "sql"));
  const sites = sitesOf(options.sites, strategy.scopes);
  const steps = startSteps(
    options.output,
    CONTRACT.length + models.length + 2 * sites.length + LEARNING_STEPS.length + 9,
    PARTS,
  );
  try {
    await settleState(workspace);
    const night = await beginNight(workspace);
    try {
      // A page that is wrong, or packages that are missing, are told before any work is done.
      if (options.render !== false && sites.length > 0) await compiledPages(SITE_CACHE, steps.tell);
      const files = await findInboxFiles(workspace, strategy);
      steps.part("files", `reading ${files.length} files`);
      const readings = await KeptReadings.open(workspace.readings, steps.tell);
      const staged = await steps.run("read the inbox", () => stageInbox(files, night.staging, readings));
      const readableFolders = [night.staging, night.extracts];
      const threads = staged.rows < ROWS_FOR_THREADS ? 1 : undefined;
      const database = await openDatabase(night.warehouse, { readableFolders, threads });
      const { connection } = database;
      try {
        await createLoadTables(connection);
        await openInbox(connection, strategy, staged.files);
        const feedNames = Object.keys(strategy.feeds);
        const mappings = await readMappings(connection, workspace, feedNames);
        steps.part("rows", "checking every row");
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
        const leftOut = await checkScopes(connection, strategy.scopes);
        if (leftOut.length > 0)
          steps.tell(`agencies in no scope, whose households are on no site: ${leftOut.join(", ")}`);
        await loadStrategy(connection, strategy, asOf);
        await checkAlerting(connection, strategy, indicators);
        const remembered = await rememberedBefore(workspace, ALERTS, asOf);
        await waitingMessages(workspace, asOf, strategy.notifications.retry_days);
        await loadAlertMemory(connection, remembered.lines);
        const { replayed_origins, horizon_months } = strategy.risk;
        const lists = await rememberedLists(workspace, asOf, replayed_origins + horizon_months);
        await loadListMemory(connection, lists.lines);
        await loadIndicators(connection, indicators);
        const ordered = await orderModels(connection, models);
        await keepRestrictedTables(connection, ordered);
        const rowsOf = new Map<string, number>();
        await createSchemas(
          connection,
          ordered.map((model) => model.schema),
        );
        const learnt: PendingFile[] = [];
        const tonight = {
          strategy,
          asOf,
          workspace,
          warn: steps.tell,
          leave: (file: PendingFile) => learnt.push(file),
        };
        const fill = fillBy(tonight);
        const build = async (chosen: readonly OrderedModel[]) => {
          for (const model of chosen) {
            const built = await steps.run(`build ${model.id}`, async () => {
              return { rows: await buildModel(connection, model, fill) };
            });
            rowsOf.set(model.id, built.rows);
          }
        };
        const { needed, others } = splitByNeed(ordered, RECONCILED);
        const learners = others.filter(({ id }) => LEARNING_STEPS.some(({ before }) => before === id));
        const { needed: learntFrom, others: scored } = splitByNeed(
          others,
          learners.flatMap(({ reads }) => reads),
        );
        steps.part("indicators", "computing indicators", [needed.length + 1 + learntFrom.length, "tables"]);
        await build(needed);
        await steps.run("reconcile", () => reconcile(connection, strategy));
        await build(learntFrom);
        steps.part("learning", "learning who will fall into arrears", [LEARNING_STEPS.length, "questions"]);
        for (const learning of LEARNING_STEPS)
          await steps.run(learning.step, (progress) => learnBy(tonight, connection, learning, progress));
        steps.part("scores", "scoring households, and what follows from it", [scored.length, "tables"]);
        await build(scored);
        await documentModels(connection, ordered);
        steps.part("verification", "verifying that figures agree");
        await steps.run("verify", async () => {
          const failures: FailedCheck[] = [];
          for (const model of ordered) failures.push(...(await verifyModel(connection, model)));
          if (failures.length > 0) throw new Error(tellFailures(failures));
          await checkLineage(connection, ordered, {
            aggregate: AGGREGATE_SCHEMAS,
            scoped: SCOPED_SCHEMAS,
          });
          return { rows: [...rowsOf.values()].reduce((sum, rows) => sum + rows, 0) };
        });
        const { told } = await steps.run("remember alerts", async () => {
          const { follows } = remembered;
          const { notifications } = strategy;
          const told = await tellTonight(connection, { workspace, asOf, follows, notifications });
          return { told, rows: told.length };
        });
        learnt.push(...(await tellLists(connection, workspace, asOf, lists.follows)));
        steps.part("extracts", "writing what each site may read");
        for (const site of sites) {
          await steps.run(`extract for ${site.name}`, () =>
            writeExtract(connection, ordered, site, night.extracts),
          );
        }
        await steps.run("restricted exports", () =>
          writeRestrictedExports(connection, ordered, night.exports),
        );
        await connection.run("checkpoint");
        if (options.render !== false) {
          steps.part("pages", "rendering the pages", [sites.length, "sites"]);
          const pages = await openNightSites(SITE_CACHE, night.sites, steps.tell);
          for (const site of sites)
            await steps.run(`site ${site.base}`, (progress) =>
              pages.render(site, join(night.extracts, site.name), progress),
            );
          await steps.run("files of the sites", () => pages.layFiles());
        }
        steps.part("publication", "publishing");
        const { folder } = await steps.run("publish", async () => {
          await keepSteps(connection, night.number, steps.records);
          database.close();
          await layDown(workspace, night, [...told, ...learnt]);
          const folder = await switchToNight(workspace, night);
          await settleState(workspace);
          await pruneNights(workspace, strategy.nights.keep);
          await readings.prune();
          return { folder, rows: 1 };
        });
        const published = { folder, asOf, steps: steps.records };
        steps.part("messages", "sending messages");
        if (options.announcement !== undefined) steps.tell(options.announcement(published));
        await steps.run("send messages", async () => {
          const { notifications } = strategy;
          const environment = options.environment ?? process.env;
          const warn = steps.tell;
          const { sent } = await deliver({ workspace, notifications, asOf, environment, warn });
          return { rows: sent };
        });
        return published;
      } finally {
        database.close();
      }
    } catch (error) {
      const kept = options.keep === true ? await keepFailedNight(night) : undefined;
      if (kept !== undefined)
        steps.tell(`the warehouse of the failed night is kept until the next one: ${kept}`);
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
