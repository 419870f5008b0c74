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
import { recall, tellNight } from "./memory.ts";
import { deliver } from "./notify/deliver.ts";
import { PROGRAMS, programsWith } from "./programs.ts";
import { PROJECT, SITE_CACHE } from "./project.ts";
import { compiledPages } from "./publish/compiled-pages.ts";
import { writeRestrictedExports } from "./publish/export.ts";
import { writeExtract } from "./publish/extract.ts";
import { openNightSites } from "./publish/night-sites.ts";
import { AGGREGATE_SCHEMAS, type Audience, SCOPED_SCHEMAS, type Site, sitesOf } from "./publish/sites.ts";
import { KeptReadings } from "./readers/kept-readings.ts";
import { FIRST_NIGHT, openNightWarehouse } from "./rebuild/night-warehouse.ts";
import type { Told } from "./rebuild/rebuild.ts";
import { answerQuestions } from "./risk/answers.ts";
import { ANSWERED } from "./risk/fill-risk.ts";
import { learnQuestions } from "./risk/lessons.ts";
import { QUESTIONS } from "./risk/model-memory.ts";
import { askQuestions } from "./risk/questions.ts";
import { openNight, publishNight } from "./state/night.ts";
import { type Output, type StepRecord, type Steps, startSteps } from "./steps.ts";
import { checkStrategy } from "./strategy/check-strategy.ts";
import { readStrategy } from "./strategy/read-strategy.ts";
import type { Strategy } from "./strategy/strategy.ts";
import { loadStrategy } from "./strategy/strategy-tables.ts";
import { buildModels, documentModels, verifyModels } from "./warehouse/build.ts";
import { collectIndicators } from "./warehouse/indicators.ts";
import { checkLineage } from "./warehouse/lineage.ts";
import { type Model, readModels } from "./warehouse/model.ts";
import { type OrderedModel, splitByNeed } from "./warehouse/order.ts";
import { prepareModels } from "./warehouse/prepare.ts";
import type { OfferedProgram } from "./warehouse/program.ts";
import { keepSteps } from "./warehouse/run-steps.ts";
import {
  currentNight,
  keepFailedNight,
  type NightFolder,
  openWorkspace,
  pruneNights,
  type Workspace,
  withLock,
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
  /** Whether every figure is computed, whatever stayed as it was last night: false by default. */
  readonly whole?: boolean;
  /** The most memory that DuckDB may hold, as « 2GB »: beyond it, it writes to the disk. Four fifths of the machine's by default. */
  readonly memory?: string | undefined;
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
 * One night, whole or not at all: it becomes the current one by one rename, and until then the previous night serves. A night
 * that fails leaves nothing but, where asked for, its warehouse.
 *
 * @throws UserError when the landlord's input or strategy is wrong; nothing is published then.
 */
export async function runNight(options: NightOptions): Promise<PublishedNight> {
  const workspace = openWorkspace(options.workspace);
  const strategy = await readStrategy(workspace.strategyFile);
  return withLock(workspace, async () => {
    const models = await readModels(join(PROJECT, "sql"));
    const sites = sitesOf(options.sites, strategy.scopes);
    const total = CONTRACT.length + models.length + 2 * sites.length + 2 * QUESTIONS.length + 11;
    const steps = startSteps(options.output, total, PARTS);
    try {
      const night = await openNight(workspace);
      try {
        return await spendNight(options, { workspace, strategy, models, sites, steps, night });
      } catch (error) {
        const kept = options.keep === true ? await keepFailedNight(night) : undefined;
        if (kept !== undefined)
          steps.tell(`the warehouse of the failed night is kept until the next one: ${kept}`);
        await rm(night.path, { recursive: true, force: true });
        throw error;
      }
    } finally {
      steps.close();
    }
  });
}

/** What a night begins with. */
interface Beginning {
  readonly workspace: Workspace;
  readonly strategy: Strategy;
  readonly models: readonly Model[];
  readonly sites: readonly Site[];
  readonly steps: Steps;
  readonly night: NightFolder;
}

/**
 * The order of the night: reads the inbox, loads what every row says, finds the lease of every receipt and reconciles the
 * ledger, builds what there is to learn from, learns, scores, builds what follows from it, verifies, publishes the extracts
 * and the sites, and remembers. The messages leave last.
 */
async function spendNight(options: NightOptions, beginning: Beginning): Promise<PublishedNight> {
  const { workspace, strategy, models, sites, steps, night } = beginning;
  // A page that is wrong, or packages that are missing, are told before any work is done.
  if (options.render !== false && sites.length > 0) await compiledPages(SITE_CACHE, steps.tell);

  const files = await findInboxFiles(workspace, strategy);
  steps.part("files", `reading ${files.length} files`);
  const readings = await KeptReadings.open(workspace.readings, steps.tell);
  const staged = await steps.run("read the inbox", () => stageInbox(files, night.staging, readings));
  const readableFolders = [night.staging, night.extracts];
  const threads = staged.rows < ROWS_FOR_THREADS ? 1 : undefined;
  const last = await currentNight(workspace);
  const isWhole = options.whole === true;
  const database = await openNightWarehouse(night, last, models, {
    readableFolders,
    threads,
    isWhole,
    strategy,
  });
  const { connection } = database;
  try {
    await createLoadTables(connection);
    await openInbox(connection, strategy, staged.files);
    const feedNames = Object.keys(strategy.feeds);
    const mappings = await readMappings(connection, workspace, feedNames);
    steps.part("rows", "checking every row");
    for (const table of CONTRACT) {
      await steps.run(`check ${table.name}`, () => checkTable(connection, table, mappings.get(table.name)));
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
    const inNoScope = await checkStrategy(connection, strategy, indicators);
    if (inNoScope.length > 0)
      steps.tell(`agencies in no scope, whose households are on no site: ${inNoScope.join(", ")}`);
    await loadStrategy(connection, strategy, asOf);
    const context = { connection, strategy, asOf };
    const memory = await recall(context, workspace);

    const ordered = await prepareModels(connection, models, indicators);
    const building = await database.startBuilding(ordered, new Set(ANSWERED));
    await steps.run("compare with last night", () => building.compareLoaded());
    const { needed: matching, others } = splitByNeed(ordered, RECONCILED);
    const toLearnFrom = others.flatMap(({ id, reads }) => (ANSWERED.includes(id) ? reads : []));
    const { needed: learntFrom, others: following } = splitByNeed(others, toLearnFrom);
    const build = (chosen: readonly OrderedModel[], programs: readonly OfferedProgram[]) =>
      buildModels(context, chosen, programs, ({ id }, make) => steps.run(`build ${id}`, make), building);
    steps.part("indicators", "computing indicators", [matching.length + 1 + learntFrom.length, "tables"]);
    let rows = await build(matching, PROGRAMS);
    await steps.run("reconcile", () => reconcile(connection, strategy));
    await steps.run("find the touched leases", () => building.settleTouched());
    rows += await build(learntFrom, PROGRAMS);

    steps.part("learning", "learning who will fall into arrears", [QUESTIONS.length, "questions"]);
    const questions = await askQuestions(context, memory.models, steps.tell);
    const learnt = await learnQuestions(connection, questions, steps);
    steps.part("scores", "scoring households, and what follows from it", [
      QUESTIONS.length + following.length,
      "steps",
    ]);
    const answers = await answerQuestions(learnt, steps);
    rows += await build(
      following,
      programsWith(async () => answers),
    );
    await documentModels(connection, ordered);

    steps.part("verification", "verifying that figures agree");
    await steps.run("verify", async () => {
      await verifyModels(ordered, building);
      await checkLineage(connection, ordered, { aggregate: AGGREGATE_SCHEMAS, scoped: SCOPED_SCHEMAS });
      return { rows };
    });
    const { told } = await steps.run("remember alerts", async () => {
      const told = await tellNight(context, workspace, memory, answers);
      return { told, rows: told.length };
    });

    steps.part("extracts", "writing what each site may read");
    for (const site of sites) {
      await steps.run(`extract for ${site.name}`, () =>
        writeExtract(connection, ordered, site, night.extracts),
      );
    }
    await steps.run("restricted exports", () => writeRestrictedExports(connection, ordered, night.exports));
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
    for (const line of tellBuilding(await building.finish(), database.wholeBecause)) steps.tell(line);
    const { folder } = await steps.run("publish", async () => {
      await keepSteps(connection, night.number, steps.records);
      database.close();
      const folder = await publishNight(workspace, night, told);
      await pruneNights(workspace, strategy.nights);
      await readings.prune();
      return { folder, rows: 1 };
    });
    const published = { folder, asOf, steps: steps.records };

    steps.part("messages", "sending messages");
    if (options.announcement !== undefined) steps.tell(options.announcement(published));
    await steps.run("send messages", async () => {
      const { notifications } = strategy;
      const environment = options.environment ?? process.env;
      const { sent } = await deliver({ workspace, notifications, asOf, environment, warn: steps.tell });
      return { rows: sent };
    });
    return published;
  } finally {
    database.close();
  }
}

/** How the tables came by their rows and, where last night's would have been wrong, which; nothing of a first night. */
function tellBuilding({ kept, touched, whole, stale }: Told, wholeBecause: string | undefined): string[] {
  if (wholeBecause === FIRST_NIGHT) return [];
  if (stale.length > 0)
    return [
      `everything was computed: ${wholeBecause}. ${stale.length} tables of last night, or of one before, had rows that should have been computed anew: ${stale.join(", ")}`,
    ];
  if (wholeBecause !== undefined) return [`everything was computed: ${wholeBecause}`];
  return [
    `${kept} tables stayed as they were last night, ${touched} were computed for the leases touched since, ${whole} for all`,
  ];
}
